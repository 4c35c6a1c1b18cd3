package base

// DescribeRunningAction returns the part of an action's description that tells how to run the action, and what happens
// if it fails.
func DescribeRunningAction(name string) string {
	return "\n\nRun the action with `terraform apply -invoke=action." + name + "`, or trigger it by a change of a " +
		"resource (`action_trigger`). If an action fails after the change (`after_create`, `after_update`), the change " +
		"stays, and the next apply does not repeat the action: run it with the command. If an action fails before the " +
		"change (`before_create`, `before_update`), Terraform does not make the change, and the next apply begins with the " +
		"action again.\n\n~> **Do not set `on_failure = taint`** (Terraform 1.16) in the `action_trigger` of an " +
		"`ory_identity`. A failed action then taints the resource: the next apply deletes the identity and creates another " +
		"one, with another id and without the password, sessions and links of the person." + ActionRequirements
}
