# People may change their first name. Terraform manages everything else.
resource "ory_identity" "alan" {
  schema_id = "preset://email"
  traits = {
    email = "alan@example.org"
    name  = { first = "Alan", last = "Turing" }
  }

  lifecycle {
    ignore_changes = [traits.name.first]
  }
}
