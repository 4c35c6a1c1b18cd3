resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
}

# terraform apply -invoke=action.ory_send_verification.ada
action "ory_send_verification" "ada" {
  config {
    identity_id = ory_identity.ada.id
    address     = "ada@example.org" # needed only where she has several
  }
}

# An address that changes is asked to be verified again.
resource "terraform_data" "ada_address" {
  input = ory_identity.ada.traits.email

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.ory_send_verification.ada]
    }
  }
}
