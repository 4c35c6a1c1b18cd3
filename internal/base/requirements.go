package base

// These are the last sentences of descriptions: the versions that a page of the documentation states.
const (
	// Requirements is for resources and data sources.
	Requirements = "\n\nNeeds Terraform 1.5 or OpenTofu 1.6, or a later version, and " + servers

	// EphemeralRequirements is for ephemeral resources.
	EphemeralRequirements = "\n\nNeeds Terraform 1.10 or OpenTofu 1.11, or a later version, and " + servers

	// ActionRequirements is for actions.
	ActionRequirements = "\n\nNeeds Terraform 1.14 or later, and " + servers + " OpenTofu has no actions."

	// QueryRequirements is for list resources.
	QueryRequirements = "\n\nNeeds Terraform 1.14 or later, and " + servers + " OpenTofu has no `query` command."

	// FunctionRequirements is for functions, which need no server.
	FunctionRequirements = "\n\nNeeds Terraform 1.8 or OpenTofu 1.7, or a later version."

	// WriteOnlyRequirements is for write-only arguments.
	WriteOnlyRequirements = " Needs Terraform 1.11 or OpenTofu 1.11, or a later version."

	servers = "Kratos v1.3 or later or Ory Network."
)
