provider "ory" {
  admin_url  = "https://kratos.internal.example.org/identity"
  public_url = "https://accounts.example.org"

  tls = {
    ca_cert_file     = "/etc/ssl/internal/ca.pem"
    client_cert_file = "/etc/ssl/internal/terraform.pem"
    client_key_file  = "/etc/ssl/internal/terraform-key.pem"
  }
}
