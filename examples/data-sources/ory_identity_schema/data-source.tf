data "ory_identity_schema" "email" {
  id = "preset://email"
}

locals {
  # The traits of the schema: ["email", "name"].
  traits = keys(jsondecode(data.ory_identity_schema.email.schema).properties.traits.properties)
}

output "people_sign_in_with" {
  value = data.ory_identity_schema.email.login_identifiers["password"] # ["email"]
}
