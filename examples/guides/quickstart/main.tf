terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

# The server comes from ORY_ADMIN_URL, or from ORY_PROJECT_SLUG and ORY_API_KEY for Ory Network.
provider "ory" {}

variable "password" {
  description = "The password that everyone in people.csv starts with."
  type        = string
  ephemeral   = true
}

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
  credentials = {
    password = { value_wo = var.password, wo_version = 1 } # not in the state
  }
}
