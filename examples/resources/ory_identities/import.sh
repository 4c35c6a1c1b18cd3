# A JSON document: key of the row to the id of its identity, or to an external id or a login identifier.
terraform import ory_identities.people '{"1001": "9f425a8d-7efc-4768-8f23-7647a74fdf13", "1002": "identifier=grace.many@example.org"}'
