# Who leaves is taken from the list. The account stays, for the records, but nobody can sign in with it any more. Who comes back
# is found again by the address, and activated.
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
