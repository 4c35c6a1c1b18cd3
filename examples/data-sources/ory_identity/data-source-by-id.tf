data "ory_identity" "grace" {
  id                  = "9f425a8d-7efc-4768-8f23-7647a74fdf13"
  include_credentials = true
}

output "signs_in_with" {
  value = data.ory_identity.grace.identifiers
}
