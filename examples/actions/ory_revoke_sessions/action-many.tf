# Everybody who was deactivated, wherever that was done: terraform apply -invoke=action.ory_revoke_sessions.leavers
data "ory_identities" "leavers" {
  state = "inactive"
}

action "ory_revoke_sessions" "leavers" {
  config {
    identity_ids = data.ory_identities.leavers.identities[*].id
  }
}
