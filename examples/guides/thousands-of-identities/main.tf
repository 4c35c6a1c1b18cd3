terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

provider "ory" {
  # Leave capacity to the people who sign in.
  requests_per_second = 20

  # Only for a gateway that takes smaller requests:
  batching = { max_batch_size = 50 }
}

# A local is worked out once. The same expression in for_each is worked out again and again.
locals {
  staff = { for row in csvdecode(file("${path.module}/staff.csv")) : row.number => row }
}

resource "ory_identity" "staff" {
  for_each = local.staff

  schema_id = "preset://email"
  traits    = { email = each.value.email }
  credentials = {
    password = { hash = each.value.password_hash } # hashed beforehand: the server need not do it
  }
}
