// Package jsonvalue converts between JSON and Terraform's dynamic values
// without losing a digit, compares the two by meaning, and gives a server's
// answer the shape that Terraform already holds.
//
// Meaning is that of plain JSON: numbers count by value, strings by their NFC
// form, a null member is an absent member, an object is a map, and a list, a
// tuple and a set are all arrays, of which a set ignores order.
package jsonvalue
