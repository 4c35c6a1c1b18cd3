#!/usr/bin/env bash
# Prints the path of the command line to test with: TF_ACC_TERRAFORM_PATH if that is set, else terraform or tofu from PATH
# if it is new enough, else the Terraform pinned in tools/terraform, which is built on first use.
set -euo pipefail

minimum_minor=11 # 1.11 brought write-only attributes, to Terraform and to OpenTofu

# new_enough PATH: is it a Terraform or an OpenTofu of 1.$minimum_minor or later?
new_enough() {
	local major minor
	# Not the user's CLI configuration: it could be broken, or draw warnings into the answer.
	read -r major minor < <(CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null "$1" version 2>/dev/null |
		sed -n -E 's/^(Terraform|OpenTofu) v([0-9]+)\.([0-9]+)\..*/\2 \3/p') || return 1
	[ "$major" -gt 1 ] || [ "$minor" -ge "$minimum_minor" ]
}

if [ -n "${TF_ACC_TERRAFORM_PATH:-}" ]; then
	echo "$TF_ACC_TERRAFORM_PATH"
	exit
fi
for name in terraform tofu; do
	if path=$(command -v "$name") && new_enough "$path"; then
		echo "$path"
		exit
	fi
done
echo "No terraform or tofu of 1.$minimum_minor or later on PATH: using the pinned Terraform." >&2
exec "$(dirname "$0")/build.sh" terraform
