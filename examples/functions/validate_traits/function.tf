# Validates a list of people against a new version of their schema. The plan fails if traits are invalid. No server is needed.
locals {
  schema = file("identity.schema.json")
  people = { for row in csvdecode(file("people.csv")) : row.email => { email = row.email, name = { first = row.first } } }

  violations = flatten([
    for email, traits in local.people : [
      for violation in provider::ory::validate_traits(local.schema, traits) : "${email} ${violation.path}: ${violation.message}"
    ]
  ])
}

output "people" {
  value = keys(local.people)

  precondition {
    condition     = length(local.violations) == 0
    error_message = "The traits of some people are invalid:\n${join("\n", local.violations)}"
  }
}
