resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
}

# Ada has lost her phone: terraform apply -invoke=action.ory_delete_credential.ada_totp
action "ory_delete_credential" "ada_totp" {
  config {
    identity_id = ory_identity.ada.id
    type        = "totp"
  }
}

# An account that she linked herself: terraform apply -invoke=action.ory_delete_credential.ada_github
action "ory_delete_credential" "ada_github" {
  config {
    identity_id = ory_identity.ada.id
    type        = "oidc"
    identifier  = "github:1815"
  }
}
