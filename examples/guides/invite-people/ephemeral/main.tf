terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

provider "ory" {}

variable "invite" {
  description = "Addresses of the people to whom this run sends an invitation."
  type        = set(string)
  default     = []
}

locals {
  people = { for row in csvdecode(file("people.csv")) : row.email => row }
}

resource "ory_identity" "people" {
  for_each  = local.people
  schema_id = "preset://email"
  traits    = { email = each.key, name = { first = each.value.first, last = each.value.last } }
}

ephemeral "ory_recovery_link" "invitation" {
  for_each    = var.invite
  identity_id = ory_identity.people[each.key].id
  expires_in  = "72h"
}

# Keeps the invitation of each person, and runs the script when the invitation changes.
resource "terraform_data" "invitation" {
  for_each         = { for email, row in local.people : email => row.invitation if row.invitation != "" }
  triggers_replace = each.value

  provisioner "local-exec" {
    command     = "sh send-invitation.sh"
    environment = { EMAIL = each.key, LINK = ephemeral.ory_recovery_link.invitation[each.key].link }
  }
}
