#!/usr/bin/env bash
# Builds the provider and puts it where terraform init and tofu init look before the registry: the implied local mirror.
# usage: tools/install.sh [VERSION]   (default: the version at the top of CHANGELOG.md)
set -euo pipefail

cd "$(dirname "$0")/.."
version=${1:-$(sed -n -E '1s/^## ([0-9]+\.[0-9]+\.[0-9]+).*/\1/p' CHANGELOG.md)}
# A pre-release would be found only by a configuration that asks for exactly that version.
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "tools/install.sh: \"$version\" is no version such as 0.1.0" >&2; exit 2; }
address=$(sed -n -E 's/^const Address = "[^/]*\/([^"]*)"$/\1/p' internal/provider/provider.go)
platform=$(go env GOOS)_$(go env GOARCH)
mirror=$HOME/.terraform.d/plugins
if [ "$(go env GOOS)" = windows ]; then
	mirror=$APPDATA/terraform.d/plugins
elif [ "$(go env GOOS)" = linux ] && [ -n "${XDG_CONFIG_HOME:-}" ] && [ ! -d "$HOME/.terraform.d" ]; then
	# OpenTofu would look for its configuration in ~/.terraform.d from now on, and no longer in XDG_CONFIG_HOME.
	mirror=${XDG_DATA_HOME:-$HOME/.local/share}/terraform/plugins
fi

binary=$(mktemp)
trap 'rm -f "$binary"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$version" -o "$binary" .
for host in registry.terraform.io registry.opentofu.org; do
	folder=$mirror/$host/$address/$version/$platform
	mkdir -p "$folder"
	# Copied beside its place and then renamed: a provider that runs keeps its file.
	cp "$binary" "$folder/.new"
	chmod 755 "$folder/.new"
	mv "$folder/.new" "$folder/terraform-provider-${address##*/}_v$version$(go env GOEXE)"
done

cat <<TEXT
Installed $address $version into $mirror.

terraform init and tofu init find it there, and get other providers from the registry as before.
If your CLI configuration (~/.terraformrc or ~/.tofurc) has a provider_installation block, put this into it:

  filesystem_mirror {
    path    = "$mirror"
    include = ["*/$address"]
  }
  direct {
    exclude = ["*/$address"]
  }

A working directory that has installed another build of $version remembers its checksum: remove its .terraform.lock.hcl.
TEXT
