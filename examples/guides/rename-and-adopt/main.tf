terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

provider "ory" {}

moved {
  from = ory_identity.staff[0]
  to   = ory_identity.staff["ada@example.org"]
}

moved {
  from = ory_identity.staff[1]
  to   = ory_identity.staff["grace@example.org"]
}

resource "ory_identity" "staff" {
  for_each  = toset(["ada@example.org", "grace@example.org"])
  schema_id = "preset://email"
  traits    = { email = each.key }
}
