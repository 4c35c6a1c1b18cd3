# All inactive identities.
data "ory_identities" "leavers" {
  state = "inactive"
}

output "leavers" {
  value = { for person in data.ory_identities.leavers.identities : person.id => jsondecode(person.traits_json).email }
}
