// Package credential implements the types of credential, the check which ways to sign in remain after a deletion, and
// the action ory_delete_credential.
package credential
