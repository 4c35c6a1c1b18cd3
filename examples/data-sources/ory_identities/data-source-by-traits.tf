# People with the last name Hopper and a login identifier that begins with g.
data "ory_identities" "hoppers" {
  credentials_identifier_prefix = "g"
  traits                        = { name = { last = "Hopper" } }
}

output "hoppers" {
  value = [for person in data.ory_identities.hoppers.identities : jsondecode(person.traits_json).email]
}
