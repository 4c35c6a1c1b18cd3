#!/usr/bin/env bash
# Builds one of the command lines in tools/clis.txt into .cache/clis, unless it is there already, and prints its path.
# usage: tools/build-cli.sh terraform|opentofu VERSION
# The source comes from the Go module proxy and is built as its own main module, in a temporary copy: only so do its
# replace directives count.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
export GOFLAGS='' GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=0
name=${1:-} version=${2:-}
read -r _ _ sum < <(grep -E "^$name ${version//./\\.}( |\$)" "$root/tools/clis.txt") ||
	{ sed -n '3s/^# //p' "$0" >&2; exit 2; }
[ -n "$sum" ] || exec "$root/tools/build.sh" "$name"
case $name in
terraform) module=github.com/hashicorp/terraform package=. ;;
opentofu) module=github.com/opentofu/opentofu package=./cmd/tofu ;;
esac

binary=$root/.cache/clis/$name-v$version
if [ ! -x "$binary" ]; then
	echo "Building $name v$version once, into .cache/clis (about 3 to 5 minutes on two cores)..." >&2
	mkdir -p "$root/.cache/clis"
	temporary=$(mktemp -d "$root/.cache/clis/.$name-XXXXXX")
	trap 'rm -rf "$temporary"' EXIT
	download=$(cd "$temporary" && go mod download -json "$module@v$version")
	field() { sed -nE "s/^[[:space:]]*\"$1\": \"(.*)\",?$/\1/p" <<<"$download"; }
	[ "$(field Sum)" = "$sum" ] || { echo "tools/build-cli.sh: $module v$version isn't what tools/clis.txt says" >&2; exit 1; }
	cp -R "$(field Dir)" "$temporary/source"
	chmod -R u+w "$temporary/source"
	cd "$temporary/source"
	# Terraform 1.9 and later have most backends in modules of their own, in folders that the module doesn't have. No test
	# uses them: they are left out.
	sed -nE 's/^replace ([^ ]+) => \.\/.*/\1/p' go.mod | while read -r missing; do
		go mod edit -dropreplace "$missing" -droprequire "$missing"
		alias=$(sed -nE "s#^[[:space:]]*([^ ]+) \"$missing\"#\1#p" internal/backend/init/init.go)
		[ -z "$alias" ] || sed -i.was "/$alias[ .]/d" internal/backend/init/init.go
	done
	sed -i.was '/^godebug /d' go.mod # settings that the Go of then knew; no test depends on them
	# Without the flag it calls itself a development build, which plugin-testing takes for an older version.
	go build -mod=mod -buildvcs=false -trimpath -ldflags "-s -w -X $module/version.dev=no" -o "$temporary/$name" "$package" >&2
	mv "$temporary/$name" "$binary"
fi
echo "$binary"
