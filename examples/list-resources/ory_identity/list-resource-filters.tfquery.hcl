list "ory_identity" "leavers" {
  provider = ory

  config {
    schema_id = "preset://email"
    state     = "inactive"
  }
}

list "ory_identity" "grace" {
  provider = ory

  config {
    credentials_identifier = "grace@example.org"
  }
}

list "ory_identity" "hoppers" {
  provider = ory

  config {
    credentials_identifier_prefix = "g"
    traits                        = { name = { last = "Hopper" } }
  }
}
