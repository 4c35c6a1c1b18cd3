# People from another system, with password hashes. The hashes are not in the plan or the state.
locals {
  migrated = { for row in csvdecode(file("${path.module}/people.csv")) : row.number => row }
}

resource "ory_identities" "migrated" {
  schema_id  = "preset://email"
  identities = jsonencode({ for number, row in local.migrated : number => { traits = { email = row.email } } })

  password_hashes_wo         = jsonencode({ for number, row in local.migrated : number => row.hash })
  password_hashes_wo_version = 1

  metadata_admin = jsonencode({ for number, row in local.migrated : number => { source = "legacy" } })
}
