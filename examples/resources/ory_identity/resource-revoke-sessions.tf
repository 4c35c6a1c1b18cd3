variable "initial_password" {
  type      = string
  ephemeral = true
}

# Whoever is signed in must sign in again when the password is replaced, and stays out when the identity is activated again.
resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
  credentials = {
    password = { value_wo = var.initial_password, wo_version = 1 }
  }
  revoke_sessions_on = ["password", "deactivation"]
}
