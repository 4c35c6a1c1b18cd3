resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
}

# Send a recovery message: terraform apply -invoke=action.ory_send_recovery.ada
action "ory_send_recovery" "ada" {
  config {
    identity_id = ory_identity.ada.id
  }
}

# Sends the message after the identity is created, and again when number changes.
resource "terraform_data" "ada_invitation" {
  input = { person = ory_identity.ada.id, number = 1 }

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.ory_send_recovery.ada]
    }
  }
}
