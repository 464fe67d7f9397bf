#!/usr/bin/env bash
# The policy check of a pull request: reports for people and for machines, and the check's own exit code.
#   ci/check.sh [REVISION]   judges the stacks whose inputs changed since REVISION; without one, every stack
# Reports go to the folder CHECK_REPORTS (default: check-reports); the Markdown one also to GITHUB_STEP_SUMMARY when set.
set -uo pipefail
cd "$(dirname "$0")/.."
reports="${CHECK_REPORTS:-check-reports}"
mkdir -p "$reports" || exit 2

# A push that creates a branch has no revision before it; a revision that is gone is no reason to judge less.
scope=(--all)
revision="${1:-}"
if [[ -n "$revision" && ! "$revision" =~ ^0+$ ]] && git rev-parse --verify --quiet --end-of-options "$revision^{commit}" > /dev/null; then
  scope=(--changed "$revision")
fi

node bin/fleet.js check "${scope[@]}" \
  --format text \
  --format "sarif=$reports/check.sarif" \
  --format "markdown=$reports/check.md" \
  --format "junit=$reports/check.xml" \
  --format "json=$reports/check.json"
code=$?

if [[ -n "${GITHUB_STEP_SUMMARY:-}" && -f "$reports/check.md" ]]; then
  cat "$reports/check.md" >> "$GITHUB_STEP_SUMMARY"
fi
exit "$code"
