resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
}

# Send a verification message: terraform apply -invoke=action.ory_send_verification.ada
action "ory_send_verification" "ada" {
  config {
    identity_id = ory_identity.ada.id
    address     = "ada@example.org" # required if the identity has several
  }
}

# Sends the message after the identity is created, and when the address changes.
resource "terraform_data" "ada_address" {
  input = ory_identity.ada.traits.email

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.ory_send_verification.ada]
    }
  }
}
