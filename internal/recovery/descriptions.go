package recovery

// These are the descriptions of attributes that both forms of a code, or of a link, have.
const (
	describeIdentityID = "Id (UUID) of the identity to sign in as."
	describeExpiresIn  = "How long it can be used, as a duration such as `30m` or `24h`. Default: what the server's " +
		"configuration says (`lifespan` of the method), an hour unless it was changed."
	describeFlowType = "`browser` (default) for a person who opens `link` in a browser, or `api` for an app that sends " +
		"the code itself, to the flow that `link` names."
	describeReturnTo = "URL to send the person to afterwards. The server's configuration must allow it " +
		"(`selfservice.allowed_return_urls`)."
	describeCode     = "The code, to be typed in where `link` leads. It can be used once, and five wrong attempts end it."
	describeCodeLink = "Where the person types in the code: the recovery page of the server's configuration, with the " +
		"id of the flow. Useless without the code."
	describeLink = "The link. Whoever opens it is signed in, once; a mail or chat program that opens links by " +
		"itself uses it up."
	describeExpiresAt = "When it expires (RFC 3339)."
)

// These are the descriptions of a code and of a link as a whole, for both forms.
const (
	describeCodeAsWhole = "A recovery code for an identity: with it and the page that `link` names, somebody without a " +
		"password, or who has lost theirs, signs in once and sets one. Needs `selfservice.methods.code.enabled` on the " +
		"server, and in a browser `selfservice.flows.recovery.enabled` too: without that the server makes codes as ever, " +
		"but shows no page what to type one into, " +
		"and no answer of it tells the provider." + describeSecondFactor
	describeLinkAsWhole = "A recovery link for an identity: somebody without a password, or who has lost theirs, opens " +
		"it, is signed in once, and sets one. Needs `selfservice.methods.link.enabled` on the server." + describeSecondFactor
	describeSecondFactor = " It replaces the first factor only: somebody with a second one is still asked for that " +
		"where the server demands it (`required_aal: highest_available`); where it is lost, the action " +
		"`ory_delete_credential` deletes it."
	describeEphemeral = "\n\nNothing of it is in plan or state. Terraform asks for a new one whenever it plans, applies " +
		"or destroys and knows `identity_id`: once in `terraform plan`, twice in `terraform apply`, which plans first, " +
		"also where nothing changes. Those before stay valid until they expire: keep `expires_in` short, and put it behind " +
		"a variable that is only set when somebody is invited. For an identity that the same run creates, it waits for the " +
		"apply. Needs Terraform 1.10 or OpenTofu 1.11."
	describeManaged = "\n\nIt is made once, and again when an argument, or a value among `keepers`, changes. **Code and " +
		"link are in the state**, where whoever can read it can sign in as that person for as long as they are valid: " +
		"prefer the ephemeral form. Destroying it asks nothing of the server; the code or link stays valid until it is " +
		"used or expires."
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
