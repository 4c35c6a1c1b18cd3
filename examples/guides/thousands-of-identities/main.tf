terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

provider "ory" {
  requests_per_second = 20 # leaves capacity to the people who sign in
}

# Terraform evaluates a local once, and an expression in for_each once for each instance.
locals {
  staff = { for row in csvdecode(file("${path.module}/staff.csv")) : row.number => row }
}

resource "ory_identity" "staff" {
  for_each = local.staff

  schema_id = "preset://email"
  traits    = { email = each.value.email }
  credentials = {
    password = { hash = each.value.password_hash } # the server does not need to hash
  }
}
