#!/bin/sh
# in-namespace.sh HOSTS COMMAND...: runs the command with HOSTS as /etc/hosts. Called in a mount namespace of its own.
set -eu
mount --bind "$1" /etc/hosts
shift
exec "$@"
