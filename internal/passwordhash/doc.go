// Package passwordhash knows the formats of password hashes that the server imports, and makes such hashes: the
// function password_hash.
package passwordhash
