# Ten people for a test environment, each with a password that the tests know.
locals {
  testers = { for n in range(10) : "tester-${n}@example.org" => "test-password-${n}" }
}

resource "ory_identity" "testers" {
  for_each                 = local.testers
  schema_id                = "preset://email"
  traits                   = { email = each.key }
  password_hash_wo         = provider::ory::password_hash(each.value, each.key) # the seed differs from person to person
  password_hash_wo_version = 1
}
