#!/usr/bin/env bash
# Builds one pinned tool into .cache/bin/<name>-<version>, unless it is there already, and prints that path.
# Source comes from the Go module proxy, checked against the go.sum next to this script; the version is the one in the
# tool's own go.mod, and nowhere else.
set -euo pipefail

usage() {
	echo "usage: tools/build.sh kratos|terraform|opentofu|lint|docs|actionlint|govulncheck|goreleaser|sbom" >&2
	exit 2
}

[ $# -eq 1 ] || usage
root=$(cd "$(dirname "$0")/.." && pwd)
tool=$1
tags=
ldflags="-s -w"
export GOFLAGS='' GOWORK=off # the caller's could ask for another module mode, or for tags

case $tool in
kratos)
	name=kratos module=github.com/ory/kratos package=$module
	tags=sqlite estimate="2 minutes, with a C compiler"
	export CGO_ENABLED=1
	;;
terraform)
	name=terraform module=github.com/hashicorp/terraform package=$module
	# Without this it calls itself a development build, which plugin-testing takes for an older version.
	ldflags="$ldflags -X $module/version.dev=no" estimate="3 to 4 minutes"
	;;
opentofu)
	name=opentofu module=github.com/opentofu/opentofu package=$module/cmd/tofu
	ldflags="$ldflags -X $module/version.dev=no" estimate="3 to 4 minutes"
	;;
lint)
	name=golangci-lint module=github.com/golangci/golangci-lint/v2 package=$module/cmd/golangci-lint
	estimate="1 to 2 minutes"
	;;
docs)
	name=tfplugindocs module=github.com/hashicorp/terraform-plugin-docs package=$module/cmd/tfplugindocs
	estimate="half a minute"
	;;
actionlint)
	name=actionlint module=github.com/rhysd/actionlint package=$module/cmd/actionlint
	estimate="10 seconds"
	;;
govulncheck)
	name=govulncheck module=golang.org/x/vuln package=$module/cmd/govulncheck
	estimate="10 seconds"
	;;
goreleaser)
	name=goreleaser module=github.com/goreleaser/goreleaser/v2 package=$module
	estimate="2 to 3 minutes"
	;;
sbom)
	name=cyclonedx-gomod module=github.com/CycloneDX/cyclonedx-gomod package=$module/cmd/cyclonedx-gomod
	estimate="half a minute"
	;;
*) usage ;;
esac

version=$(awk -v module="$module" '{ for (i = 1; i < NF; i++) if ($i == module && $(i + 1) ~ /^v/) { print $(i + 1); exit } }' \
	"$root/tools/$tool/go.mod")
[ -n "$version" ] || { echo "tools/build.sh: no version of $module in tools/$tool/go.mod" >&2; exit 1; }
binary=$root/.cache/bin/$name-$version
[ "$tool" != kratos ] || ldflags="$ldflags -X $module/driver/config.Version=$version"

if [ ! -x "$binary" ]; then
	echo "Building $name $version once, into .cache/bin (about $estimate on two cores)..." >&2
	mkdir -p "$root/.cache/bin"
	# Built beside its place and then renamed: nobody ever finds half a binary, not even two builds at once.
	temporary=$(mktemp "$root/.cache/bin/.$name-XXXXXX")
	trap 'rm -f "$temporary"' EXIT
	(cd "$root/tools/$tool" &&
		go build -mod=readonly -buildvcs=false -trimpath -tags "$tags" -ldflags "$ldflags" -o "$temporary" "$package") >&2
	chmod 755 "$temporary"
	mv "$temporary" "$binary"
	trap - EXIT
fi
echo "$binary"
