# People sign in with accounts at GitHub or Google. The subject is the id of the account at the provider (the claim "sub").
resource "ory_identity" "mary" {
  schema_id = "preset://email"
  traits    = { email = "mary@example.org" }

  credentials = {
    oidc = [
      { provider = "github", subject = "1815185" },
      { provider = "google", subject = "108204268033311374519" },
    ]
  }
}
