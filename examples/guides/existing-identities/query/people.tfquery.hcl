list "ory_identity" "people" {
  provider         = ory
  include_resource = true
  limit            = 1000

  config {
    schema_id = "preset://email"
  }
}
