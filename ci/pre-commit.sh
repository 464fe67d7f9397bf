#!/usr/bin/env bash
# A pre-commit hook: judges the stacks whose inputs differ from the last commit, and refuses the commit when a mandatory
# rule is violated or a stack cannot be judged. To install it: ln -s ../../ci/pre-commit.sh .git/hooks/pre-commit
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
# Git sets these for hooks; they would point the check's own git commands at the index of this commit.
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
exec node bin/fleet.js check --changed HEAD
