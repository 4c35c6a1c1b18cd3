variable "initial_password" {
  type      = string
  ephemeral = true
}

resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
  state     = "active"
  credentials = {
    password = { value_wo = var.initial_password, wo_version = 1 }
  }
}

action "ory_revoke_sessions" "ada" {
  config {
    identity_id = ory_identity.ada.id
  }
}

# A trigger on ory_identity fires at every update. This trigger fires when the password or the state changes.
resource "terraform_data" "ada_must_sign_in_again" {
  input = [ory_identity.ada.credentials.password.wo_version, ory_identity.ada.state]

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.ory_revoke_sessions.ada]
    }
  }
}
