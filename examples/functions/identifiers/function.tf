# Checks a list of people. The plan fails if two rows have the same login identifier. No server is needed.
locals {
  schema = file("identity.schema.json")
  people = [for row in csvdecode(file("people.csv")) : { email = row.email }]

  identifiers = flatten([for traits in local.people : provider::ory::identifiers(local.schema, traits)])
}

output "identifiers" {
  value = local.identifiers

  precondition {
    condition     = length(local.identifiers) == length(distinct(local.identifiers))
    error_message = "Two people in people.csv have the same login identifier."
  }
}
