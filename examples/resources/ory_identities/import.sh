# A JSON object: by the key of the row, the id of the identity, a login identifier or an external id.
terraform import ory_identities.people '{"1001": "9f425a8d-7efc-4768-8f23-7647a74fdf13", "1002": "identifier=grace.many@example.org"}'
