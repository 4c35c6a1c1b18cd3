#!/bin/sh
# Sends one invitation. EMAIL and LINK come from Terraform. Replace the last line with your mail command.
set -eu
printf 'To: %s\nSet your password: %s\n' "$EMAIL" "$LINK" >>sent-invitations.txt
