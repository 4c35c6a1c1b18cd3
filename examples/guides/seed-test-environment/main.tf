terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

provider "ory" {}

variable "test_password" {
  description = "The password of all test users. It is not a secret."
  type        = string
  default     = "test-users-only-1815"
}

locals {
  people        = { for row in csvdecode(file("${path.module}/people.csv")) : row.email => row }
  password_hash = provider::ory::password_hash(var.test_password, "test-users")
}

resource "ory_identity" "test_users" {
  for_each = local.people

  schema_id = "preset://email"
  traits = {
    email = each.value.email
    name  = { first = each.value.first, last = each.value.last }
  }
  metadata_public    = { role = each.value.role }
  verified_addresses = [each.value.email]
  credentials = {
    password = { hash = local.password_hash }
  }
}

output "ids" {
  description = "The id of each test user, for the tests."
  value       = { for email, user in ory_identity.test_users : email => user.id }
}
