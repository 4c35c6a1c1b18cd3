# terraform query -generate-config-out=people.tf
list "ory_identity" "people" {
  provider         = ory
  include_resource = true # the attributes too, for the generated configuration
  limit            = 1000 # Terraform's own default is 100
}
