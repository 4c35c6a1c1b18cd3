// Package jsonpatch changes plain JSON, as [jsonvalue.Plain] decodes it: a three-way merge of what Terraform wants into
// what the server has, and the JSON Patch (RFC 6902) that turns one value into another.
package jsonpatch
