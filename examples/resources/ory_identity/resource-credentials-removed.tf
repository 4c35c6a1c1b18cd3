# Annie has lost her phone. The app is removed once; when it happens again, another value removes the new one.
resource "ory_identity" "annie" {
  schema_id = "preset://email"
  traits    = { email = "annie@example.org" }

  credentials_removed = { totp = "ticket-4711" }
}
