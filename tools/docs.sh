#!/usr/bin/env bash
# Runs tfplugindocs with the pinned Terraform: an older one on PATH can't export every part of the schema.
# usage: tools/docs.sh generate|validate|check (check: generate, and fail if that changes anything)
set -euo pipefail

cd "$(dirname "$0")/.."
tfplugindocs=$(tools/build.sh docs)
terraform=$(tools/build.sh terraform)
path=$PWD/.cache/docs-path
mkdir -p "$path"
ln -sf "$terraform" "$path/terraform"
export PATH="$path:$PATH" CHECKPOINT_DISABLE=1
unset TF_CLI_CONFIG_FILE # the user's may name a mirror, or a file that isn't there

case ${1:-} in
generate | validate) exec "$tfplugindocs" "$1" --provider-dir . --provider-name ory ;;
check)
	# Compared with a copy, not by git, which refuses to answer where the checkout belongs to another user.
	before=$(mktemp -d)
	trap 'rm -rf "$before"' EXIT
	cp -R docs "$before/docs"
	"$tfplugindocs" generate --provider-dir . --provider-name ory
	if ! diff -ru "$before/docs" docs; then
		echo "docs/ isn't what the descriptions and examples generate: run make docs and commit the result." >&2
		exit 1
	fi
	;;
*)
	echo "usage: tools/docs.sh generate|validate|check" >&2
	exit 2
	;;
esac
