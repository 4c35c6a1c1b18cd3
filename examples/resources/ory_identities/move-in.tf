# Terraform removes the old resources from the state, and ory_identities takes the identities over.
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
