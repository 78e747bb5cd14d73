#!/bin/sh
# Runs Prosody until the container is told to stop. When Prosody ends by itself it is started again here: the gateway lives in
# this container's network, which would end with the container.
set -u
child=
trap 'trap - TERM INT; kill "$child" 2>/dev/null; wait "$child"; exit 0' TERM INT
while :; do
  "$@" &
  child=$!
  wait "$child"
  echo "Prosody ended with $?; it is started again" >&2
  sleep 1 &
  child=$!
  wait "$child"
done
