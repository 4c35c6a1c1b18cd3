terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

provider "ory" {}

locals {
  people = { for row in csvdecode(file("people.csv")) : row.email => row }
}

resource "ory_identity" "people" {
  for_each  = local.people
  schema_id = "preset://email"
  traits    = { email = each.key, name = { first = each.value.first, last = each.value.last } }
}

resource "ory_recovery_code" "invitation" {
  for_each    = local.people
  identity_id = ory_identity.people[each.key].id
  expires_in  = "72h"
  flow_type   = "api" # the default, browser, is for people who open the page that link names
  keepers     = { invitation = each.value.invitation }
}

output "invitations" {
  value     = { for email, code in ory_recovery_code.invitation : email => { page = code.link, code = code.code } }
  sensitive = true
}
