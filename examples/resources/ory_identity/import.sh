# By the UUID that the server gave the identity.
terraform import ory_identity.ada 9f425a8d-7efc-4768-8f23-7647a74fdf13
