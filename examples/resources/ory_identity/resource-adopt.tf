# Takes over the identity that has this address, or creates an identity.
resource "ory_identity" "katherine" {
  schema_id   = "preset://email"
  traits      = { email = "katherine@example.org", name = { first = "Katherine" } }
  on_conflict = "adopt"
}
