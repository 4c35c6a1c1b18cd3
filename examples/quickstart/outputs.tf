output "people" {
  description = "Everyone, with the id that the server gave them."
  value = {
    for identity in concat([ory_identity.ada], values(ory_identity.team)) : identity.traits.email => {
      id    = identity.id
      email = identity.traits.email
      state = identity.state
    }
  }
}

output "sign_in" {
  description = "What Ada signs in with."
  sensitive   = true
  value       = { identifier = ory_identity.ada.traits.email, password = var.initial_password }
}
