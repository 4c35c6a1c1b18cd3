# Terraform manages the keys that are written here. It does not show or change keys that an application adds.
resource "ory_identity" "charles" {
  schema_id = "preset://email"
  traits    = { email = "charles@example.org" }

  metadata_public = { team = "engines", level = 3 }
  metadata_admin  = { employee = "1001" }
}
