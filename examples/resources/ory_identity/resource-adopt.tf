# Whoever has this address already is taken over; if nobody has, the identity is created.
resource "ory_identity" "katherine" {
  schema_id   = "preset://email"
  traits      = { email = "katherine@example.org", name = { first = "Katherine" } }
  on_conflict = "adopt"
}
