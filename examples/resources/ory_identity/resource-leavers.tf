# To deactivate a person, remove the person from the list: the identity stays, and nobody can sign in with it. If the person
# returns to the list, Terraform finds the identity by the address and activates it.
locals {
  staff = toset(["joan@example.org", "margaret@example.org"])
}

resource "ory_identity" "staff" {
  for_each = local.staff

  schema_id       = "preset://email"
  traits          = { email = each.key }
  deletion_policy = "deactivate"
  on_conflict     = "adopt"
}
