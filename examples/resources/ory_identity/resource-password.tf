variable "initial_password" {
  type      = string
  ephemeral = true
}

# With a password that never reaches plan or state. Raise the version to have a new one sent.
resource "ory_identity" "grace" {
  schema_id = "preset://email"
  traits    = { email = "grace@example.org" }

  credentials = {
    password = { value_wo = var.initial_password, wo_version = 1 }
  }
}
