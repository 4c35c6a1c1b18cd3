data "ory_identity" "grace" {
  credentials_identifier = "grace@example.org"
}

data "ory_identity_sessions" "grace" {
  identity_id = data.ory_identity.grace.id
  active      = true
}

output "signed_in_from" {
  value = flatten(data.ory_identity_sessions.grace.sessions[*].devices[*].ip_address)
}
