variable "initial_password" {
  type      = string
  ephemeral = true
}

# The password is not in the plan or the state. Change wo_version to send a new password.
resource "ory_identity" "grace" {
  schema_id = "preset://email"
  traits    = { email = "grace@example.org" }

  credentials = {
    password = { value_wo = var.initial_password, wo_version = 1 }
  }
}
