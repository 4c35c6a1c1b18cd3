#!/usr/bin/env bash
# Runs a command with the environment that acceptance tests need: which command line to run, and which registry it thinks
# the provider comes from.
set -euo pipefail

TF_ACC_TERRAFORM_PATH=$("$(dirname "$0")/find-cli.sh")
version=$(CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null "$TF_ACC_TERRAFORM_PATH" version | grep -E '^(Terraform|OpenTofu) v')
case $version in
OpenTofu*)
	export TF_ACC_PROVIDER_HOST=registry.opentofu.org TF_ACC_PROVIDER_NAMESPACE=hashicorp
	;;
esac
unset TF_CLI_CONFIG_FILE # the user's may name a mirror, or a file that isn't there
export TF_ACC_TERRAFORM_PATH CHECKPOINT_DISABLE=1
echo "Command line under test: $version, $TF_ACC_TERRAFORM_PATH" >&2
exec "$@"
