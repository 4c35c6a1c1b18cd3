# People who were managed one by one: Terraform forgets the old resources, and ory_identities takes the people over.
removed {
  from = ory_identity.people
  lifecycle {
    destroy = false
  }
}

resource "ory_identities" "people" {
  schema_id   = "preset://email"
  identities  = file("${path.module}/people.json")
  on_conflict = "adopt"
}
