# Many people from a file. Decode it once, in a local: an expression inside for_each is evaluated again for every instance.
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
