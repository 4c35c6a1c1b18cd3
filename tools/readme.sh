#!/usr/bin/env bash
# Runs the shell commands of README.md, from Install to the end of the quickstart, as a new user would: in a clean clone
# (of the last commit) and with an empty home directory. It needs Docker. KRATOS_IMAGE names another image of Kratos.
# usage: tools/readme.sh TERRAFORM_OR_OPENTOFU
set -euo pipefail

cd "$(dirname "$0")/.."
root=$PWD
cli=$(realpath "$1")
work=$(mktemp -d)
cleanup() {
	"$root/tools/quickstart.sh" down >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap cleanup EXIT

case $(CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null "$cli" version | head -1) in
OpenTofu*) name=tofu ;;
*) name=terraform ;;
esac
mkdir "$work/bin" "$work/home"
ln -s "$cli" "$work/bin/$name"

awk '/^## /{ on = 0 } /^## (Install|Quickstart: 30 people)/{ on = 1 } /^```/{ shell = on && $0 == "```shell"; next } shell' \
	README.md | sed -E -e "s/^terraform /$name /" -e 's/^[a-z]+ (apply|destroy)$/echo yes | &/' >"$work/commands"
for command in "make install" "echo yes | $name apply" "echo yes | $name destroy"; do # or else nothing would be tested
	grep -qx "$command" "$work/commands" || { echo "README.md doesn't say: $command" >&2; exit 1; }
done

# The user's own settings stay out, but for caches. The clone comes from here, whoever the files belong to.
environment=(HOME="$work/home" PATH="$work/bin:$PATH" KRATOS_IMAGE="${KRATOS_IMAGE:-}" CHECKPOINT_DISABLE=1
	GOFLAGS=-buildvcs=false GIT_CONFIG_GLOBAL="$work/gitconfig")
git config --file "$work/gitconfig" safe.directory '*'
git config --file "$work/gitconfig" "url.$root.insteadOf" https://github.com/d66889dc/terraform-provider-ory
for variable in GOPROXY GOSUMDB GOMODCACHE GOCACHE; do environment+=("$variable=$(go env "$variable")"); done

fail() {
	tail -n 60 "$work/output" >&2
	echo "$1" >&2
	exit 1
}
cd "$work"
env -i "${environment[@]}" bash -euxo pipefail commands >output 2>&1 || fail "A command of README.md failed on $name."
grep -E '(Apply|Destroy) complete!' output
grep -q '"session_token":"' output || fail "Nobody has signed in on $name."
[ -z "$(docker ps -aq --filter name=ory-quickstart)" ] || fail "The quickstart's containers are still there."
echo "Every command of README.md works on $name."
