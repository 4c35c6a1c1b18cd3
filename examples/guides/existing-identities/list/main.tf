terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

provider "ory" {}

locals {
  people = { for person in csvdecode(file("people.csv")) : person.email => person }
}

# The existing identities, by login identifier.
data "ory_identities" "all" {}

locals {
  there = merge([for identity in data.ory_identities.all.identities : {
    for identifier in try(identity.identifiers["password"], []) : identifier => identity.id
  }]...)
}

import {
  for_each = { for email, person in local.people : email => local.there[lower(email)] if contains(keys(local.there), lower(email)) }
  to       = ory_identity.people[each.key]
  id       = each.value
}

resource "ory_identity" "people" {
  for_each  = local.people
  schema_id = "preset://email"
  traits = {
    email = each.key
    name  = { first = each.value.first, last = each.value.last }
  }
}
