variable "ory_api_key" {
  type      = string
  sensitive = true
}

# A project of Ory Network. Better still, leave the key out of the configuration: export ORY_API_KEY.
provider "ory" {
  alias        = "network"
  project_slug = "happy-bell-1a2b3c4d5e"
  api_key      = var.ory_api_key
}
