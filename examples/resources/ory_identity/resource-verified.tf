# Her e-mail address counts as verified from the start: she can sign in where the server demands that, and no mail is sent.
resource "ory_identity" "hedy" {
  schema_id = "preset://email"
  traits    = { email = "hedy@example.org" }

  verified_addresses = ["hedy@example.org"]
}
