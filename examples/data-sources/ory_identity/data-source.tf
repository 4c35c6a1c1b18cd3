# A person who signed up herself.
data "ory_identity" "grace" {
  credentials_identifier = "grace@example.org"
}

output "grace" {
  value = {
    id         = data.ory_identity.grace.id
    first_name = data.ory_identity.grace.traits.name.first
    verified   = data.ory_identity.grace.verifiable_addresses[*].verified
  }
}
