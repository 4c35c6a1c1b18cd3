# People of a test environment, one row for each person.
locals {
  people = { for row in csvdecode(file("${path.module}/people.csv")) : row.number => row }
}

resource "ory_identities" "people" {
  schema_id = "preset://email"

  identities = jsonencode({
    for number, row in local.people : number => {
      traits             = { email = row.email, name = { first = row.first, last = row.last } }
      metadata_public    = { team = row.team }
      verified_addresses = [row.email]
    }
  })
}

output "first" {
  value = jsondecode(ory_identities.people.ids)["1001"]
}
