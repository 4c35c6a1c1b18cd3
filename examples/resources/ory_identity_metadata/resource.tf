# Dorothy registered herself. One team manages her roles.
resource "ory_identity_metadata" "dorothy_editor" {
  identifier = "dorothy@example.org"

  metadata_public = { roles = ["author", "reviewer"] }
}

# Another team manages other keys of the same identity, by id.
data "ory_identity" "dorothy" {
  credentials_identifier = "dorothy@example.org"
}

resource "ory_identity_metadata" "dorothy_billing" {
  identity_id = data.ory_identity.dorothy.id

  metadata_public = { plan = { tier = "team", seats = 12 } }
  metadata_admin  = { customer = "4711" }
}
