variable "invitation" {
  description = "Name of an invitation. Each new name sends an invitation. With null, nothing is sent."
  type        = string
  default     = null
}

resource "ory_identity" "ada" {
  schema_id = "preset://email"
  traits    = { email = "ada@example.org" }
}

ephemeral "ory_recovery_link" "ada" {
  count       = var.invitation == null ? 0 : 1
  identity_id = ory_identity.ada.id
  expires_in  = "24h"
}

# send-invitation.sh is your own script: it reads EMAIL and LINK from its environment. The guide "Invite people" has one.
# A write-only argument of another provider or a provider block can use the link too.
resource "terraform_data" "invitation" {
  count            = var.invitation == null ? 0 : 1
  triggers_replace = var.invitation

  provisioner "local-exec" {
    command = "sh send-invitation.sh"
    environment = {
      EMAIL = ory_identity.ada.traits.email
      LINK  = ephemeral.ory_recovery_link.ada[0].link
    }
  }
}
