// Package jsonvalue converts between JSON and Terraform's dynamic values without losing a digit, compares the two by
// meaning, and gives a server's answer the shape of the value that Terraform already holds.
//
// The meaning of a value is that of plain JSON: numbers compare by value, and strings by their NFC form. A null member
// is an absent member. A map is an object. Lists, tuples and sets are arrays, and the order of a set doesn't count.
package jsonvalue
