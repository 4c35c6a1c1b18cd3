# By the UUID that the server gave the identity.
terraform import ory_identity.ada 9f425a8d-7efc-4768-8f23-7647a74fdf13

# By a login identifier.
terraform import ory_identity.ada identifier=ada@example.org

# By the external id (Kratos v25.4 or later, or Ory Network).
terraform import ory_identity.ada external_id=crm-4711
