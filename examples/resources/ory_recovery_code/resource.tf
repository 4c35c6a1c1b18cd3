resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
}

resource "ory_recovery_code" "ada" {
  identity_id = ory_identity.ada.id
  expires_in  = "24h"
  keepers     = { invitation = "2026-11" } # another value makes another code
}

output "invitation" {
  value     = { code = ory_recovery_code.ada.code, page = ory_recovery_code.ada.link }
  sensitive = true # terraform output -json invitation
}
