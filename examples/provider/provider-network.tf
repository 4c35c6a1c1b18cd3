terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

# A project of Ory Network. The API key comes from the environment variable ORY_API_KEY.
provider "ory" {
  project_slug = "happy-bell-1a2b3c4d5e"
}
