# By the id of the identity, and each key to manage. Write %26 for & and %25 for % in a value.
terraform import ory_identity_metadata.dorothy_billing 'identity_id=9f425a8d-7efc-4768-8f23-7647a74fdf13&metadata_public=plan&metadata_admin=customer'

# By a login identifier.
terraform import ory_identity_metadata.dorothy_editor 'identifier=dorothy@example.org&metadata_public=roles'
