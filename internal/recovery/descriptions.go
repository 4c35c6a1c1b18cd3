package recovery

// These are the descriptions of attributes that both forms of a code, or of a link, have.
const (
	describeIdentityID = "Id (UUID) of the identity that the code or link signs in."
	describeExpiresIn  = "Lifetime of the code or link, as a duration such as `30m` or `24h`. Default: the `lifespan` " +
		"of the server's configuration, which is one hour unless it was changed."
	describeFlowType = "`browser` (default) if the person types the code into the page at `link`, or `api` if an app " +
		"sends the code to the flow of `link`."
	describeReturnTo = "URL to which the server redirects the person afterwards. `selfservice.allowed_return_urls` of " +
		"the server's configuration must contain it."
	describeCode = "The code. The person types it into the page at `link`. The server accepts it once, and rejects it " +
		"after five wrong attempts."
	describeCodeLink = "URL of the recovery page of the server's configuration, with the id of the flow. It does not " +
		"sign in without the code."
	describeLink = "The link. It signs in whoever opens it first. Mail and chat programs that open links automatically " +
		"use the link up."
	describeExpiresAt = "When the code or link expires (RFC 3339)."
)

// These are the descriptions of a code and of a link as a whole, for both forms.
const (
	describeCodeAsWhole = "Creates a recovery code for an identity. A person who has no password, or who has lost it, " +
		"signs in once with the code and sets a password.\n\nThe server needs `selfservice.methods.code.enabled`. In a " +
		"browser it also needs `selfservice.flows.recovery.enabled`: without this setting the server creates codes, but " +
		"its page refuses them, and the provider cannot detect it." +
		describeSecondFactor
	describeLinkAsWhole = "Creates a recovery link for an identity. A person who has no password, or who has lost it, " +
		"opens the link, is signed in once, and sets a password.\n\nThe server needs `selfservice.methods.link.enabled`, " +
		"and a page at `selfservice.flows.settings.ui_url`." +
		describeSecondFactor
	describeSecondFactor = "\n\nThe recovery replaces the first factor only. If the server requires `required_aal: " +
		"highest_available`, a person with a second factor must still use it. The action `ory_delete_credential` deletes a " +
		"second factor that is lost."
	describeEphemeral = "\n\nThe values are in neither the plan nor the state. If the same run creates the identity, " +
		"Terraform opens the ephemeral resource during the apply.\n\n~> **Every run creates codes or links.** Terraform " +
		"opens the ephemeral resource in every run in which it knows `identity_id`: once in `terraform plan`, twice in " +
		"`terraform apply`, also if nothing changes. Each time the server creates a new code or link, and older ones stay " +
		"valid until they expire. Keep `expires_in` short, and set `count` or `for_each` by a variable that names the " +
		"people to invite."
	describeManaged = "\n\nTerraform creates the code or link once, and replaces it when an argument or a value of " +
		"`keepers` changes. A change of `renew_before` updates it in place. A destroy sends no request: the code or link " +
		"stays valid until it is used or expires.\n\n~> **The state contains the code and the link.** Whoever can read the " +
		"state can sign in as the person while they are valid. Prefer the ephemeral resource of the same name."
)

// These are the descriptions of the actions that send messages.
const (
	describeSendRecovery = "Makes the server send its recovery message to an address of an identity: an invitation for " +
		"a person who has no password, or help for a person who has lost it. The person signs in with the message and sets " +
		"a password.\n\nIf the server's configuration has `selfservice.flows.recovery.use: link`, the message contains a " +
		"link that signs the person in, in any browser. With `use: code` the message contains a code. The person types the " +
		"code into the recovery page at the URL that the action prints. The server's built-in template does not contain " +
		"this URL. Your own template can contain it as `{{ .TransientPayload.recovery_link }}`. Codes and links are valid " +
		"for the `lifespan` of the method in the server's configuration. Its default is one hour." +
		describeSecondFactor + " With OpenTofu or Terraform before 1.14, use the resource `ory_recovery_link`."
	describeSendVerification = "Makes the server send its verification message to an address of an identity. The person " +
		"opens the link or types in the code of the message, and the address is verified. The action sends nothing to an " +
		"address that is already verified. To mark an address as verified without a message, use `verified_addresses` of " +
		"`ory_identity`."
	describeSending = "\n\nThe action needs the public API (`public_url` of the provider block) and a running courier " +
		"of the server. It succeeds when the server has given the message to the mail server, and fails if this takes " +
		"longer than `delivery_timeout`."
)
