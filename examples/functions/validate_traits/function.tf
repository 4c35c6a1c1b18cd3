# Checks a list of people against the next version of their schema: terraform plan says who doesn't fit, and asks no server.
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
    error_message = "Some people don't fit the schema:\n${join("\n", local.violations)}"
  }
}
