locals {
  schema = file("identity.schema.json")
  people = { for row in csvdecode(file("people.csv")) : row.email => { email = row.email } }

  identifiers = flatten([for traits in local.people : provider::ory::identifiers(local.schema, traits)])
}

# Two rows with the same address in other letters would only be found out by the server, when one of them has been created.
resource "ory_identity" "people" {
  for_each  = local.people
  schema_id = "preset://email"
  traits    = each.value

  lifecycle {
    precondition {
      condition     = length(local.identifiers) == length(distinct(local.identifiers))
      error_message = "Two people in people.csv have the same login identifier."
    }
  }
}
