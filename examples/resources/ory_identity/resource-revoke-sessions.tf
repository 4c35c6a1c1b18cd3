variable "initial_password" {
  type      = string
  ephemeral = true
}

# People must sign in again after a new password, and after a deactivation.
resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
  credentials = {
    password = { value_wo = var.initial_password, wo_version = 1 }
  }
  revoke_sessions_on = ["password", "deactivation"]
}
