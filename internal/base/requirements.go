package base

// These are the last sentences of descriptions: the versions that a page of the documentation states.
const (
	// Requirements is for resources, data sources and ephemeral resources.
	Requirements = "\n\nNeeds Terraform or OpenTofu 1.11 or later, and " + servers

	// ActionRequirements is for actions.
	ActionRequirements = "\n\nNeeds Terraform 1.14 or later, and " + servers + " OpenTofu has no actions."

	// QueryRequirements is for list resources.
	QueryRequirements = "\n\nNeeds Terraform 1.14 or later, and " + servers + " OpenTofu has no `query` command."

	// FunctionRequirements is for functions, which need no server.
	FunctionRequirements = "\n\nNeeds Terraform or OpenTofu 1.11 or later."

	servers = "Kratos v1.3 or later or Ory Network."
)
