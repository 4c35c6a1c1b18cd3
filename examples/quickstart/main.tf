terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

# The environment names the server: ORY_ADMIN_URL for a self-hosted Kratos, ORY_PROJECT_SLUG and ORY_API_KEY for Ory
# Network.
provider "ory" {}

variable "initial_password" {
  type      = string
  sensitive = true
}

# One person for each row of the file.
locals {
  people = { for row in csvdecode(file("people.csv")) : row.email => row }
}

resource "ory_identity" "people" {
  for_each = local.people

  schema_id = "preset://email" # an identity schema of the server; "default" in Ory's own quickstart
  traits = {
    email = each.value.email
    name  = { first = each.value.first, last = each.value.last }
  }
  metadata_public = { team = each.value.team }
  credentials = {
    password = { value_wo = var.initial_password, wo_version = 1 } # neither in the plan nor in the state
  }
}

output "people" {
  value = { for email, identity in ory_identity.people : email => identity.id }
}
