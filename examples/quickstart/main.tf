terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

# The server comes from the environment: ORY_ADMIN_URL for a self-hosted Kratos, or ORY_PROJECT_SLUG and ORY_API_KEY for
# Ory Network.
provider "ory" {}

# A person who can sign in at once. The password is never in the state; the version says when to send it again.
resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits = {
    email = "ada@example.org"
    name  = { first = "Ada", last = "Lovelace" }
  }
  metadata_public = { team = "engines" }

  credentials = {
    password = { value_wo = var.initial_password, wo_version = 1 }
  }
}

# A team from a CSV file, one identity a row.
locals {
  team = { for row in csvdecode(file("${path.module}/people.csv")) : row.email => row }
}

resource "ory_identity" "team" {
  for_each = local.team

  schema_id = "preset://email"
  traits = {
    email = each.value.email
    name  = { first = each.value.first, last = each.value.last }
  }
  state          = each.value.state
  metadata_admin = { employee = each.value.employee }
}
