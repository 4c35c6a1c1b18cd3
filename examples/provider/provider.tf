terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

# A self-hosted Kratos.
provider "ory" {
  admin_url = "http://127.0.0.1:4434"
}
