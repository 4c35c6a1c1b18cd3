# The person by id, and each key to own. Write %26 for & and %25 for % within a value.
terraform import ory_identity_metadata.dorothy_billing 'identity_id=9f425a8d-7efc-4768-8f23-7647a74fdf13&metadata_public=plan&metadata_admin=customer'

# The person by a login identifier.
terraform import ory_identity_metadata.dorothy_editor 'identifier=dorothy@example.org&metadata_public=roles'
