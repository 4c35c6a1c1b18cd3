terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

# A self-hosted Kratos behind a gateway that requires a client certificate and a token that rotates.
provider "ory" {
  admin_url    = "https://kratos.internal.example.org/identity"
  api_key_file = "/var/run/secrets/tokens/kratos"

  tls = {
    ca_cert_file     = "/etc/ssl/internal/ca.pem"
    client_cert_file = "/etc/ssl/internal/terraform.pem"
    client_key_file  = "/etc/ssl/internal/terraform-key.pem"
  }
}
