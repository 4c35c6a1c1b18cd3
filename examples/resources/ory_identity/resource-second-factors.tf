# People from another system, with authenticator apps and recovery codes. These secrets are not in the plan or the state.
locals {
  with_factors = { for row in csvdecode(file("${path.module}/factors.csv")) : row.email => row }
}

resource "ory_identity" "with_factors" {
  for_each = local.with_factors

  schema_id = "preset://email"
  traits    = { email = each.key }

  credentials = {
    password      = { hash_wo = each.value.hash, wo_version = 1 }
    totp          = each.value.totp == "" ? null : { url_wo = each.value.totp, wo_version = 1 }
    lookup_secret = each.value.codes == "" ? null : { codes_wo = split(" ", each.value.codes), wo_version = 1 }
  }
}
