#!/bin/sh
# Writes the lock files: requirements-dev.lock resolves everything, the other two follow it.
#
#   lock.sh             keeps what is locked and adds or removes what pyproject.toml says
#   lock.sh --upgrade   takes the newest versions that fit
#
# Refuses addresses: which registry serves a package is the machine's business, the hash is ours.
set -eu

cd "$(dirname "$0")/../.."

resolve() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --only-binary :all: \
        --generate-hashes --no-header --no-emit-index-url --annotation-style line "$@"
}

everything=requirements-dev.lock
resolve "$@" pyproject.toml --group build --group dev --output-file "$everything"
resolve "$@" pyproject.toml --group build --constraints "$everything" \
    --output-file requirements.lock
resolve "$@" --group node --output-file requirements-node.lock

if [ "${1:-}" = --upgrade ]; then action=update; else action=install; fi
npm "$action" --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved \
    --no-audit --no-fund --loglevel=error
.venv/bin/python -m scripts.house.npm_lock
