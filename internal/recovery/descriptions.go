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

// These are the descriptions of the actions that send messages.
const (
	describeSendRecovery = "Has the server send its recovery message to an address of an identity: an invitation for " +
		"somebody without a password, or help for somebody who has lost theirs. The person signs in by it, and sets a " +
		"password.\n\nWhere the server recovers accounts by links (`selfservice.flows.recovery.use: link`), the message " +
		"has a link that signs the person in, in any browser. Where it does so by codes (`use: code`), the message has a " +
		"code, to be typed in on the recovery page at an address that the action prints. The server's own template doesn't " +
		"show that address: a template of yours does, by `{{ .TransientPayload.recovery_link }}`. Code and link are valid " +
		"for as long as the server's configuration says (`lifespan` of the method), an hour unless it was changed." +
		describeSecondFactor + " OpenTofu, and Terraform before 1.14, have no actions: there, hand out an " +
		"`ory_recovery_link`."
	describeSendVerification = "Has the server send its verification message to an address of an identity. The person " +
		"opens the link in it, or types in its code, and the address is verified. Nothing is sent to an address that is " +
		"verified already. `verified_addresses` of `ory_identity` verifies an address without asking anybody."
	describeSending = "\n\nNeeds the public API (the provider's `public_url`), and a courier of the server that " +
		"runs. The action ends when the server has handed the message to the mail server, and with an error where that " +
		"doesn't happen within `delivery_timeout`.\n\n"
)
