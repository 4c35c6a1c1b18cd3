# Checks that the ids of another system exist.
variable "known" {
  type    = list(string)
  default = ["9f425a8d-7efc-4768-8f23-7647a74fdf13", "00000000-0000-4000-8000-000000000000"]
}

data "ory_identities" "known" {
  ids = var.known
}

check "all_are_there" {
  assert {
    condition     = length(data.ory_identities.known.missing_ids) == 0
    error_message = "No identity for: ${join(", ", data.ory_identities.known.missing_ids)}."
  }
}
