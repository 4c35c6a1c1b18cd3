#!/usr/bin/env bash
# Imports the key in GPG_PRIVATE_KEY, tells gpg-agent its GPG_PASSPHRASE, so that nobody is asked, and prints the key's
# fingerprint. For build machines.
set -euo pipefail

home=$(gpgconf --list-dirs homedir)
mkdir -p -m 700 "$home"
echo allow-preset-passphrase >>"$home/gpg-agent.conf"
gpgconf --kill gpg-agent # it reads the file when it starts again
gpg --batch --quiet --import <<<"$GPG_PRIVATE_KEY"
keys=$(gpg --batch --list-secret-keys --with-colons --with-keygrip)
awk -F: '/^grp/ { print $10 }' <<<"$keys" | while read -r grip; do
	printf '%s' "$GPG_PASSPHRASE" | "$(gpgconf --list-dirs libexecdir)/gpg-preset-passphrase" --preset "$grip"
done
awk -F: '/^fpr/ { print $10; exit }' <<<"$keys"
