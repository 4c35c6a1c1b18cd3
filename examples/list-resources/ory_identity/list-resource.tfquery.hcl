# terraform query -generate-config-out=people.tf
list "ory_identity" "people" {
  provider = ory
  limit    = 1000 # Terraform's own default is 100
}
