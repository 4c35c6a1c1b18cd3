resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
}

resource "ory_recovery_link" "ada" {
  identity_id  = ory_identity.ada.id
  expires_in   = "168h"
  renew_before = "24h" # an apply on its last day makes another one
}

output "invitation" {
  value     = ory_recovery_link.ada.link
  sensitive = true # terraform output -raw invitation
}
