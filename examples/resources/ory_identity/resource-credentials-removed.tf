# Removes the authenticator app of a lost phone once. To remove a later app, write another value.
resource "ory_identity" "annie" {
  schema_id = "preset://email"
  traits    = { email = "annie@example.org" }

  credentials_removed = { totp = "ticket-4711" }
}
