// Package credential knows the ways to sign in: the types of credential, which of them would remain after a deletion,
// and the action ory_delete_credential.
package credential
