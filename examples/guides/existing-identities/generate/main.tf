terraform {
  required_providers {
    ory = { source = "d66889dc/ory" }
  }
}

provider "ory" {}

data "ory_identities" "people" {
  schema_id = "preset://email"
}

output "imports" {
  value = join("", [for person in data.ory_identities.people.identities : <<-EOT
    import {
      to = ory_identity.person_${person.id}
      id = "${person.id}"
    }
  EOT
  ])
}
