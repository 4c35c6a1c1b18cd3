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

action "ory_send_recovery" "invitation" {
  for_each = local.people

  config {
    identity_id       = ory_identity.people[each.key].id
    transient_payload = { first = each.value.first } # for the template of the mail
  }
}

# Keeps the invitation of each person, and sends a message when the invitation changes.
resource "terraform_data" "invitation" {
  for_each = local.people
  input    = { person = ory_identity.people[each.key].id, invitation = each.value.invitation }

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.ory_send_recovery.invitation[each.key]]
    }
  }
}
