# Who can sign in with an account at GitHub or Google. The subject is what the provider calls the account (its claim "sub").
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
