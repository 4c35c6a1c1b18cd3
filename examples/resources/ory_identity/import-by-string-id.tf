import {
  to = ory_identity.ada
  id = "9f425a8d-7efc-4768-8f23-7647a74fdf13"
}
