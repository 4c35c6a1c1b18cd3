# people.json no longer has the row of Ada. Another resource manages her identity.
resource "ory_identities" "people" {
  schema_id       = "preset://email"
  identities      = file("${path.module}/people.json")
  deletion_policy = "retain" # remove this line after the apply
}

import {
  to = ory_identity.ada
  id = "9f425a8d-7efc-4768-8f23-7647a74fdf13"
}

resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada.many@example.org" }
}
