resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
}

# Delete the authenticator app of a lost phone: terraform apply -invoke=action.ory_delete_credential.ada_totp
action "ory_delete_credential" "ada_totp" {
  config {
    identity_id = ory_identity.ada.id
    type        = "totp"
  }
}

# Delete a GitHub account that Ada has linked: terraform apply -invoke=action.ory_delete_credential.ada_github
action "ory_delete_credential" "ada_github" {
  config {
    identity_id = ory_identity.ada.id
    type        = "oidc"
    identifier  = "github:1815"
  }
}
