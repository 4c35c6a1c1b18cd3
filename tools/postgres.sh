#!/usr/bin/env bash
# A throw-away PostgreSQL on loopback, in a temporary folder, for tests and measurements. It never touches another cluster.
# usage: tools/postgres.sh start|stop|install
#   start    remove what an earlier start has left, start a cluster, and print its DSN, for KRATOS_DSN
#   stop     stop it and remove its folder
#   install  install Debian's PostgreSQL where none is found (as root, or by sudo), without a cluster of its own
# PostgreSQL refuses to run as root: root runs it as the user postgres, which comes with Debian's package.
set -euo pipefail

cd "$(dirname "$0")/.."
prefix=${TMPDIR:-/tmp}/ory-postgres- # of the folders of clusters; each names the checkout that it was started from

# binaries prints the folder with initdb and pg_ctl: the one on PATH, else Debian's newest.
binaries() {
	local found
	if found=$(command -v initdb); then
		dirname "$(readlink -f "$found")"
		return
	fi
	found=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -1)
	[ -n "$found" ] && dirname "$found"
}

# as_owner COMMAND...: runs a command as the user that owns the cluster.
as_owner() {
	if [ "$(id -u)" -eq 0 ]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}

start() {
	local bin folder password
	bin=$(binaries) || { echo "tools/postgres.sh: no PostgreSQL found (initdb); tools/postgres.sh install gets Debian's" >&2; return 1; }
	stop
	folder=$(mktemp -d "${prefix}XXXXXX")
	pwd >"$folder/checkout"
	password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	echo "$password" >"$folder/password"
	[ "$(id -u)" -ne 0 ] || chown -R postgres "$folder"
	cd "$folder" # the owner may not be able to enter the checkout
	as_owner "$bin/initdb" -D "$folder/data" -U kratos -A scram-sha-256 --pwfile="$folder/password" -E UTF8 --locale=C.UTF-8 \
		>"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; return 1; }
	# What a crash would lose is of no use to anybody; each server of the tests has some connections of its own.
	as_owner tee -a "$folder/data/postgresql.conf" >/dev/null <<-'CONF'
		listen_addresses = '127.0.0.1'
		unix_socket_directories = ''
		max_connections = 400
		fsync = off
		synchronous_commit = off
		full_page_writes = off
	CONF
	# The port may be taken: then the next one is tried.
	for _ in 1 2 3 4 5; do
		local port=$((20000 + RANDOM % 12000)) # below the range from which outgoing connections take theirs
		if as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -o "-p $port" start >/dev/null 2>&1; then
			echo "postgres://kratos:$password@127.0.0.1:$port/postgres?sslmode=disable"
			return
		fi
	done
	tail -20 "$folder/log" >&2
	return 1
}

# stop removes the cluster that was started from this checkout, and those whose checkout is gone.
stop() {
	local folder checkout
	for folder in "$prefix"*; do
		[ -f "$folder/checkout" ] || continue
		checkout=$(cat "$folder/checkout")
		if [ "$checkout" = "$PWD" ] || [ ! -d "$checkout" ]; then remove "$folder"; fi
	done
}

# remove ends a cluster by the process id that it has written itself, at once: nothing of it is kept.
remove() {
	local bin
	if [ -f "$1/data/postmaster.pid" ] && bin=$(binaries); then
		(cd "$1" && as_owner "$bin/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null) ||
			echo "tools/postgres.sh: the cluster in $1 has ended by itself" >&2
	fi
	rm -rf "$1"
}

install() {
	local sudo=() conf=/etc/postgresql-common/createcluster.d/no-cluster-for-tests.conf
	! binaries >/dev/null || return 0
	command -v apt-get >/dev/null || { echo "no PostgreSQL is installed, and there is no apt-get" >&2; return 1; }
	if [ "$(id -u)" -ne 0 ]; then
		sudo -n true 2>/dev/null || { echo "no PostgreSQL is installed, and neither root nor sudo can install it" >&2; return 1; }
		sudo=(sudo -n)
	fi
	# Debian's package would make and start a cluster.
	${sudo[@]+"${sudo[@]}"} mkdir -p "$(dirname "$conf")"
	echo "create_main_cluster = false" | ${sudo[@]+"${sudo[@]}"} tee "$conf" >/dev/null
	${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive sh -c \
		'apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql' >&2 ||
		{ echo "apt-get can't install PostgreSQL" >&2; return 1; }
	${sudo[@]+"${sudo[@]}"} rm -f "$conf"
}

case ${1:-} in
start | stop | install) "$1" ;;
*)
	sed -n '3,7s/^# //p' "$0" >&2
	exit 2
	;;
esac
