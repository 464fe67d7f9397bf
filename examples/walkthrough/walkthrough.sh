#!/usr/bin/env bash
# AWS's asynchronous inference walkthrough with fleet, played on this machine: deploy, send, sleep, wake, collect, delete.
set -euo pipefail
clone=$(cd "$(dirname "$0")/../.." && pwd); fleet=(node "$clone/bin/fleet.js"); cd "$(mktemp -d)"
"${fleet[@]}" serve --deploy dev --port 0 > serving.txt & serving=$!                  # model, configuration, endpoint, scaling
trap 'kill $serving' EXIT                                                             # in the end everything is deleted
until grep -q "AWS is played" serving.txt; do kill -0 $serving; sleep 0.2; done
at="--manifest manifest.json --rehearsal $(sed -n 's/^AWS is played at \([^ ]*\).*/\1/p' serving.txt)"
"${fleet[@]}" invoke "$clone/examples/digits/payloads/seven.pgm" -o seven.json $at; cat seven.json  # one request and its result
mkdir scans; for i in $(seq 25); do cp "$clone/examples/digits/payloads/three.pgm" scans/$i.pgm; done
"${fleet[@]}" batch scans --results results --price-per-hour 0.12 $at                 # twenty-five of them
"${fleet[@]}" status $at                                                              # instances, backlog, alarms
