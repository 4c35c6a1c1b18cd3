#!/usr/bin/env bash
# Checks what can be checked of a release without one: the workflows; GoReleaser's configuration; a release of the last
# commit that isn't published, with a throw-away key; that a second build gives the same archive; and that Terraform and
# OpenTofu install it.
# usage: tools/release-check.sh [this-platform]   (this-platform: don't build for the others, which takes minutes)
set -euo pipefail

cd "$(dirname "$0")/.."
root=$PWD
command -v gpg >/dev/null || { echo "tools/release-check.sh needs GnuPG (gpg), to try the signature." >&2; exit 1; }
work=$(mktemp -d)
export GNUPGHOME=$work/gnupg
cleanup() {
	gpgconf --kill all
	chmod -R u+w "$work"
	rm -rf "$work"
}
trap cleanup EXIT

version=$(sed -n -E '1s/^## ([0-9.]+).*/\1/p' CHANGELOG.md)
platform=$(go env GOOS)_$(go env GOARCH)
name=terraform-provider-ory_$version
SBOM_TOOL=$(tools/build.sh sbom)
goreleaser=$(tools/build.sh goreleaser)
# Git takes the files whoever they belong to.
export SBOM_TOOL GIT_CONFIG_GLOBAL=$work/gitconfig
git config --global safe.directory '*'

fail() {
	echo "tools/release-check.sh: $1" >&2
	exit 1
}

# build NAME CONFIGURATION: a release in a clone of its own, as GoReleaser wants it: clean, with a tag and a remote. It
# prints the folder of what was made.
build() {
	git clone -q "$root" "$work/$1"
	git -C "$work/$1" remote set-url origin https://github.com/d66889dc/terraform-provider-ory.git
	git -C "$work/$1" tag -f "v$version" >/dev/null
	(cd "$work/$1" && GOFLAGS='' "$goreleaser" release --config "$2" --skip=publish,announce) >"$work/log" 2>&1 ||
		{ cat "$work/log" >&2; fail "the release failed"; }
	echo "$work/$1/dist"
}

make_key() {
	local made=$work/made # a key in another home, to be imported as a build machine does
	mkdir -m 700 "$made"
	GNUPGHOME=$made gpg --batch --quiet --pinentry-mode loopback --passphrase test \
		--quick-generate-key 'release check <check@example.org>' rsa2048 sign 1d 2>/dev/null
	GPG_PRIVATE_KEY=$(GNUPGHOME=$made gpg --batch --quiet --pinentry-mode loopback --passphrase test --armor \
		--export-secret-keys)
	GNUPGHOME=$made gpgconf --kill all
	export GPG_PRIVATE_KEY
	GPG_FINGERPRINT=$(GPG_PASSPHRASE=test tools/import-key.sh)
	export GPG_FINGERPRINT
}

# installs CLI HOST: it installs the archive from a mirror, and the provider answers.
installs() {
	local folder=$work/$2
	mkdir -p "$folder/mirror/$2/d66889dc/ory"
	cp "$dist/${name}_$platform.zip" "$folder/mirror/$2/d66889dc/ory"
	cat >"$folder/main.tf" <<-TEXT
		terraform {
		  required_providers {
		    ory = { source = "d66889dc/ory", version = "$version" }
		  }
		}
	TEXT
	cat >"$folder/cli.tfrc" <<-TEXT
		provider_installation {
		  filesystem_mirror { path = "$folder/mirror" }
		}
	TEXT
	(cd "$folder" && export TF_CLI_CONFIG_FILE=$folder/cli.tfrc CHECKPOINT_DISABLE=1 &&
		"$1" init -no-color >init.log 2>&1 && "$1" providers schema -json | grep -q '"ory_identity"') ||
		{ cat "$folder/init.log" >&2; fail "$1 doesn't install the archive"; }
}

echo "Workflows"
"$(tools/build.sh actionlint)"

echo "Configuration of GoReleaser"
make_key
sed -e "s/goos: \[.*/goos: [$(go env GOOS)]/" -e "s/goarch: \[.*/goarch: [\"$(go env GOARCH)\"]/" .goreleaser.yml \
	>"$work/this-platform.yml"
cp .goreleaser.yml "$work/all.yml"
wanted=13
if [ "${1:-}" = this-platform ]; then
	cp "$work/this-platform.yml" "$work/all.yml"
	wanted=1
fi

echo "A release of $version, signed and not published"
dist=$(build first "$work/all.yml")
(cd "$work/first" && "$goreleaser" check --quiet)
cd "$dist"
[ "$(ls ./*.zip | wc -l)" = "$wanted" ] || fail "there are other archives than $wanted: $(ls ./*.zip)"
sha256sum --quiet --check --ignore-missing "${name}_SHA256SUMS"
for file in "${name}_manifest.json" "${name}_sbom.cdx.json"; do
	grep -q "  $file\$" "${name}_SHA256SUMS" || fail "SHA256SUMS lacks $file"
done
grep -q terraform-plugin-framework "${name}_sbom.cdx.json" || fail "the list of components lacks the plugin framework"
gpg --batch --quiet --verify "${name}_SHA256SUMS.sig" "${name}_SHA256SUMS" 2>/dev/null || fail "the signature is wrong"
cd "$root"

echo "The same archive from a second build, in another folder and without a cache"
second=$(GOCACHE=$work/cache build second "$work/this-platform.yml")
cmp "$dist/${name}_$platform.zip" "$second/${name}_$platform.zip" || fail "two builds of one commit differ"

echo "Installation by Terraform and OpenTofu"
installs "$(tools/build.sh terraform)" registry.terraform.io
installs "$(tools/build.sh opentofu)" registry.opentofu.org
echo "The release can be made: $(sed -n "s/  ${name}_$platform.zip\$//p" "$dist/${name}_SHA256SUMS") ${name}_$platform.zip"
