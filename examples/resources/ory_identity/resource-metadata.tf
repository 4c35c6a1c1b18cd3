# Terraform owns the keys that are written here. Keys that an application adds are neither shown nor touched.
resource "ory_identity" "charles" {
  schema_id = "preset://email"
  traits    = { email = "charles@example.org" }

  metadata_public = { team = "engines", level = 3 }
  metadata_admin  = { employee = "1001" }
}
