resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits = {
    email = "ada@example.org"
    name  = { first = "Ada", last = "Lovelace" }
  }
}
