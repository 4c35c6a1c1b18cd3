import {
  to = ory_identities.people
  id = jsonencode({
    "1001" = "9f425a8d-7efc-4768-8f23-7647a74fdf13"
    "1002" = "identifier=grace.many@example.org"
    "1003" = "external_id=crm-1003"
  })
}
