#!/bin/sh
# sign-in.sh IDENTIFIER PASSWORD: signs in by the public API and prints the session.
set -eu
public=${ORY_PUBLIC_URL:-http://127.0.0.1:4433}
flow=$(curl -sf "$public/self-service/login/api" | sed 's/^{"id":"\([^"]*\)".*/\1/')
curl -sf -H 'Content-Type: application/json' "$public/self-service/login?flow=$flow" \
	-d "{\"method\":\"password\",\"identifier\":\"$1\",\"password\":\"$2\"}"
