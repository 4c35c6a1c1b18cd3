#!/bin/sh
# accept.sh PUBLIC_URL PAGE CODE PASSWORD: what an app does when a person types in the code and a new password.
set -eu
public=$1 flow=${2##*flow=}
post() { curl -sf -H 'Accept: application/json' -H 'Content-Type: application/json' "$@"; }

# The code opens a session.
token=$(post "$public/self-service/recovery?flow=$flow" -d "{\"method\":\"code\",\"code\":\"$3\"}" |
	jq -er '.continue_with[] | .ory_session_token // empty')

# The session may set the password, in a settings flow.
flow=$(curl -sf -H "X-Session-Token: $token" "$public/self-service/settings/api" | jq -er .id)
post "$public/self-service/settings?flow=$flow" -H "X-Session-Token: $token" -d "{\"method\":\"password\",\"password\":\"$4\"}" |
	jq -er .state
