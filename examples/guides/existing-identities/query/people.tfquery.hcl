list "ory_identity" "people" {
  provider = ory
  limit    = 1000

  config {
    schema_id = "preset://email"
  }
}
