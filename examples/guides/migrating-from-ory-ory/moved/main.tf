terraform {
  required_providers {
    ory        = { source = "ory/ory" } # for all other resources
    identities = { source = "d66889dc/ory" }
  }
}

provider "ory" {}        # ORY_PROJECT_SLUG, ORY_PROJECT_API_KEY
provider "identities" {} # the same

moved {
  from = ory_identity.ada
  to   = ory_identity.ada_lovelace
}

resource "ory_identity" "ada_lovelace" {
  provider = identities

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

moved {
  from = ory_identity.grace
  to   = ory_identity.people["grace"]
}

resource "ory_identity" "people" {
  provider = identities
  for_each = toset(["grace"])

  schema_id = "preset://email"
  traits    = jsondecode(file("${each.key}.json"))
}

variable "initial_password" {
  type      = string
  sensitive = true
}
