# People from a CSV file. Terraform evaluates a local once, and an expression in for_each once for each instance.
locals {
  people = { for row in csvdecode(file("${path.module}/people.csv")) : row.email => row }
}

resource "ory_identity" "people" {
  for_each = local.people

  schema_id = "preset://email"
  traits = {
    email = each.value.email
    name  = { first = each.value.first, last = each.value.last }
  }
  state = each.value.state
}
