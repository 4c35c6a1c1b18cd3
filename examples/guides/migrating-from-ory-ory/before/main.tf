terraform {
  required_providers {
    ory = { source = "ory/ory" }
  }
}

provider "ory" {} # ORY_PROJECT_SLUG, ORY_PROJECT_API_KEY

resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits = jsonencode({
    email = "ada@example.org"
    name  = { first = "Ada", last = "Lovelace" }
  })
  metadata_public     = jsonencode({ team = "engines" })
  password_wo         = var.initial_password
  password_wo_version = "1"
}

resource "ory_identity" "grace" {
  schema_id = "preset://email"
  traits    = file("grace.json")
}

variable "initial_password" {
  type      = string
  sensitive = true
}
