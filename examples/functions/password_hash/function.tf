# Ten people of a test environment, with passwords that the tests know.
locals {
  testers = { for n in range(10) : "tester-${n}@example.org" => "test-password-${n}" }
}

resource "ory_identity" "testers" {
  for_each  = local.testers
  schema_id = "preset://email"
  traits    = { email = each.key }
  credentials = {
    password = {
      hash_wo    = provider::ory::password_hash(each.value, each.key) # another seed for each person
      wo_version = 1
    }
  }
}
