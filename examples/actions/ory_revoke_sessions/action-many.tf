# End the sessions of all inactive identities: terraform apply -invoke=action.ory_revoke_sessions.leavers
data "ory_identities" "leavers" {
  state = "inactive"
}

action "ory_revoke_sessions" "leavers" {
  config {
    identity_ids = data.ory_identities.leavers.identities[*].id
  }
}
