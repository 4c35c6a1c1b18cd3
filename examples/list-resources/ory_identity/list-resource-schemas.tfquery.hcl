# Terraform names the generated resources after the blocks: customers_0, customers_1, machines_0.
list "ory_identity" "customers" {
  provider = ory
  limit    = 1000

  config {
    schema_id = "preset://email"
  }
}

list "ory_identity" "machines" {
  provider = ory
  limit    = 1000

  config {
    schema_id = "username"
  }
}
