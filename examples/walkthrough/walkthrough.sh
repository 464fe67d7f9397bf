#!/usr/bin/env bash
# AWS's asynchronous inference walkthrough with fleet, played on this machine: deploy, send, sleep, wake, collect, delete.
set -euo pipefail
fleet=${FLEET:-npx fleet}; payloads=$(cd "$(dirname "$0")/../digits/payloads" && pwd); cd "$(mktemp -d)"
$fleet serve --deploy dev --port 0 > serving.txt & serving=$!                       # model, configuration, endpoint, scaling
until grep -q "AWS is played" serving.txt; do kill -0 $serving; sleep 0.2; done
at="--manifest manifest.json --rehearsal $(sed -n 's/^AWS is played at \([^ ]*\).*/\1/p' serving.txt)"
$fleet invoke "$payloads/seven.pgm" -o seven.json $at && cat seven.json             # one request and its result
mkdir scans; for i in $(seq 25); do cp "$payloads/three.pgm" scans/$i.pgm; done
$fleet batch scans --results results --price-per-hour 0.12 $at                     # twenty-five of them
$fleet status $at                                                                  # instances, backlog, alarms
kill $serving                                                                      # everything is deleted
