resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
}

# Ada has lost her password: terraform apply -invoke=action.ory_send_recovery.ada
action "ory_send_recovery" "ada" {
  config {
    identity_id = ory_identity.ada.id
  }
}

# The invitation goes out when she is created, and again whenever its number changes.
resource "terraform_data" "ada_invitation" {
  input = { person = ory_identity.ada.id, number = 1 }

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.ory_send_recovery.ada]
    }
  }
}
