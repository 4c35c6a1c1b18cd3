package recovery

// These are the descriptions of attributes that both forms of a code, or of a link, have.
const (
	describeIdentityID = "Id (UUID) of the identity that the code or link signs in."
	describeExpiresIn  = "Lifetime of the code or link, as a duration such as `30m` or `24h`. Default: the `lifespan` " +
		"of the " +
		"server's configuration, which is one hour unless it was changed."
	describeFlowType = "`browser` (default) if the person types the code into the page at `link`, or `api` if an app " +
		"sends " +
		"the code to the flow of `link`."
	describeReturnTo = "URL to which the server redirects the person afterwards. `selfservice.allowed_return_urls` of " +
		"the " +
		"server's configuration must contain it."
	describeCode = "The code. The person types it into the page at `link`. The server accepts it once, and rejects it " +
		"after five wrong attempts."
	describeCodeLink = "URL of the recovery page of the server's configuration, with the id of the flow. It does not " +
		"sign in " +
		"without the code."
	describeLink = "The link. It signs in whoever opens it first. Mail and chat programs that open links automatically " +
		"use the link up."
	describeExpiresAt = "When the code or link expires (RFC 3339)."
)

// These are the descriptions of a code and of a link as a whole, for both forms.
const (
	describeCodeAsWhole = "Creates a recovery code for an identity. A person without a password, or who has lost it, " +
		"signs in " +
		"once with the code and sets a password.\n\nThe server needs `selfservice.methods.code.enabled`. In a " +
		"browser it also needs `selfservice.flows.recovery.enabled`: without this setting the server creates " +
		"codes, but its page refuses them, and the provider cannot detect it." +
		describeSecondFactor
	describeLinkAsWhole = "Creates a recovery link for an identity. A person without a password, or who has lost it, " +
		"opens the " +
		"link, is signed in once, and sets a password.\n\nThe server needs " +
		"`selfservice.methods.link.enabled`, and a page at `selfservice.flows.settings.ui_url`." +
		describeSecondFactor
	describeSecondFactor = "\n\nThe recovery replaces the first factor only. If the server requires `required_aal: " +
		"highest_available`, a person with a second factor must still use it. The action " +
		"`ory_delete_credential` deletes a second factor that is lost."
	describeEphemeral = "\n\nThe values are in neither the plan nor the state. Terraform opens the ephemeral resource " +
		"in " +
		"every run in which it knows `identity_id`: once in `terraform plan`, twice in `terraform apply`, " +
		"also if nothing changes. Each time the server creates a new code or link, and older ones stay valid " +
		"until they expire. Keep `expires_in` short, and set `count` or `for_each` by a variable that names " +
		"the people to invite. If the same run creates the identity, Terraform opens the ephemeral resource " +
		"during the apply. Requires Terraform 1.10 or OpenTofu 1.11."
	describeManaged = "\n\nTerraform creates it once, and replaces it when an argument or a value of `keepers` changes. " +
		"A " +
		"destroy sends no request: the code or link stays valid until it is used or expires.\n\n~> **The " +
		"state contains the code and the link.** Whoever can read the state can sign in as the person while " +
		"they are valid. Prefer the ephemeral resource of the same name."
)
