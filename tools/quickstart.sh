#!/usr/bin/env bash
# The docker quickstart: docker-compose.yml at the root.
# usage: tools/quickstart.sh up|down|image
#   up     start Kratos, wait until it is healthy, and print what to export. KRATOS_IMAGE names another image of Kratos,
#          PAGES=1 adds the reference UI, a courier and a mail catcher
#   down   remove containers, network and volume
#   image  build an image from the Kratos that tools/build.sh builds (or KRATOS_BINARY), and print its name. It needs no
#          registry. Linux only
set -euo pipefail

cd "$(dirname "$0")/.."
project=ory-quickstart
timeout=120 # seconds until Kratos must be healthy

compose() {
	if docker compose version >/dev/null 2>&1; then
		docker compose -p "$project" "$@"
	elif command -v docker-compose >/dev/null; then
		docker-compose -p "$project" "$@"
	else
		echo "The quickstart needs Docker Compose: docker compose (the plugin), or docker-compose 1.29 or later." >&2
		return 1
	fi
}

up() {
	local profile=()
	[ "${PAGES:-}" != 1 ] || profile=(--profile pages)
	if ! compose ${profile[@]+"${profile[@]}"} up -d; then
		echo "Docker Compose failed. If it could not get the image, build one here:" >&2
		# shellcheck disable=SC2016 # it is to be typed as it is
		echo '  KRATOS_IMAGE=$(tools/quickstart.sh image) make quickstart' >&2
		return 1
	fi
	wait_healthy
	cat <<-'TEXT'

		Kratos is ready. Export its addresses:

		  export ORY_ADMIN_URL=http://127.0.0.1:4434 ORY_PUBLIC_URL=http://127.0.0.1:4433

		make quickstart-down removes it with all that it has stored.
	TEXT
	[ "${PAGES:-}" != 1 ] || echo "Pages: http://127.0.0.1:4455/login   Mail: http://127.0.0.1:8025"
}

wait_healthy() {
	local container status
	container=$(compose ps -q kratos)
	for ((i = 0; i < timeout; i++)); do
		status=$(docker inspect --format '{{.State.Health.Status}}' "$container")
		[ "$status" != healthy ] || return 0
		sleep 1
	done
	compose logs --tail 50 kratos >&2
	echo "Kratos is $status after $timeout seconds. Its log is above." >&2
	return 1
}

down() {
	compose --profile pages down --volumes --remove-orphans
}

# image imports the binary and the libraries that it is linked with as an image: no base image, and no build.
image() {
	local binary name
	[ "$(uname -s)" = Linux ] || { echo "tools/quickstart.sh image: a container needs a Kratos built on Linux" >&2; return 1; }
	binary=${KRATOS_BINARY:-$(tools/build.sh kratos)}
	name=$project-kratos:$(sha256sum "$binary" | cut -c 1-12)
	if ! docker image inspect "$name" >/dev/null 2>&1; then
		root=$(mktemp -d) # not local: the trap runs after the function
		trap 'rm -rf "$root"' EXIT
		mkdir -p "$root/usr/bin" "$root/var/lib/sqlite" "$root/tmp"
		cp "$binary" "$root/usr/bin/kratos"
		libraries "$binary" | while read -r library; do cp --parents -L "$library" "$root"; done
		# All files belong to the user of Ory's images, and so does a volume that is mounted on one of the folders.
		tar -C "$root" --owner 10000 --group 10000 -c . | docker import --change 'ENTRYPOINT ["kratos"]' \
			--change 'USER 10000' --change 'ENV PATH=/usr/bin' - "$name" >/dev/null
	fi
	echo "$name"
}

# libraries lists the files that a binary needs to start: none if it is static.
libraries() {
	ldd "$1" 2>/dev/null | grep -oE '/[^ ]+' || true
}

case ${1:-} in
up | down | image) "$1" ;;
*)
	sed -n '3,9s/^# //p' "$0" >&2
	exit 2
	;;
esac
