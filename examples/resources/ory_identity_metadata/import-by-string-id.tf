import {
  to = ory_identity_metadata.dorothy_editor
  id = "identifier=dorothy@example.org&metadata_public=roles"
}
