# People from another system, with password hashes. The hashes are not in the plan or the state.
locals {
  migrated = { for row in csvdecode(file("${path.module}/hashes.csv")) : row.email => row }
}

resource "ory_identity" "migrated" {
  for_each = local.migrated

  schema_id          = "preset://email"
  traits             = { email = each.key }
  verified_addresses = [each.key]

  credentials = {
    password = { hash_wo = each.value.hash, wo_version = 1 }
  }
}
