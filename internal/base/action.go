package base

// DescribeRunningAction returns the part of an action's description that tells how to run the action, and what happens
// if it fails.
func DescribeRunningAction(name string) string {
	run := "`terraform apply -invoke=action." + name + "`"
	return "Run it by hand with " + run + ", or have it triggered by a change of a resource. Needs Terraform 1.14. " +
		"Where one that was triggered after a change (`after_create`, `after_update`) fails, the change stands, and the " +
		"next apply doesn't repeat the action: run it by hand with that command. Where one fails that was triggered before " +
		"(`before_create`, `before_update`), the change isn't made, and the next apply begins with the action again. " +
		"**Don't set `on_failure = taint`** (Terraform 1.16) in the `action_trigger` of an `ory_identity`. A failed action " +
		"then taints the resource: the next apply deletes the identity and creates another one, with another id and " +
		"without the password, sessions and links of the person."
}
