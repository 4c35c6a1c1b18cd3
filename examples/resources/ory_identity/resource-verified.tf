# The e-mail address is verified from the start: the person can sign in if the server requires this, and no mail is sent.
resource "ory_identity" "hedy" {
  schema_id = "preset://email"
  traits    = { email = "hedy@example.org" }

  verified_addresses = ["hedy@example.org"]
}
