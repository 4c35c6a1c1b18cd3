import {
  to = ory_identity.ada
  identity = {
    identifier = "ada@example.org" # or id = "9f425a8d-7efc-4768-8f23-7647a74fdf13", or external_id = "crm-4711"
  }
}
