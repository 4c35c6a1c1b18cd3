terraform {
  required_providers {
    ory        = { source = "ory/ory" } # for all other resources
    identities = { source = "d66889dc/ory" }
  }
}

provider "ory" {}        # ORY_PROJECT_SLUG, ORY_PROJECT_API_KEY
provider "identities" {} # the same

resource "ory_identity" "ada" {
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

resource "ory_identity" "grace" {
  provider = identities

  schema_id = "preset://email"
  traits    = jsondecode(file("grace.json"))
}

variable "initial_password" {
  type      = string
  sensitive = true
}
