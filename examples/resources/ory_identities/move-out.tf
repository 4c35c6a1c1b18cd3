# The row of Ada is gone from people.json, and a resource of her own takes her over.
resource "ory_identities" "people" {
  schema_id       = "preset://email"
  identities      = file("${path.module}/people.json")
  deletion_policy = "retain" # until this is applied
}

import {
  to = ory_identity.ada
  id = "9f425a8d-7efc-4768-8f23-7647a74fdf13"
}

resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada.many@example.org" }
}
