#!/bin/sh
# Makes .venv with exactly the packages that a lock file names: sh deploy/local/bootstrap.sh requirements/local.txt
#
# Does nothing where that is so already. Installs Python from Debian where it is missing and that is allowed;
# otherwise says what to install. PYTHON=/path/to/python chooses an interpreter (3.11 or later).
set -eu

lock=${1:?usage: bootstrap.sh <lock file>}
cd "$(dirname "$0")/../.."
venv=.venv
# A copy of the lock file that was installed last: the environment is right as long as they are the same.
stamp=$venv/installed.txt
# The lock file for development holds all of the one for running, in the same versions.
superset=requirements/dev.txt

say() { printf '          %s\n' "$*"; }
fail() {
    printf '\nerror: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

usable() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.11 python3.12 python3.13 python3.14; do
        if usable "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
}

install_python() {
    wanted='python3 python3-venv ca-certificates'
    if [ -n "${PYTHON:-}" ]; then
        fail "PYTHON=$PYTHON is not a Python 3.11 or later with the modules venv and ensurepip."
    elif [ ! -e /etc/debian_version ] || ! command -v apt-get >/dev/null; then
        fail 'Python 3.11 or later, with the modules venv and ensurepip, is missing, and this is not Debian.' \
            'Install it, or name one that you have: make PYTHON=/path/to/python …'
    elif [ "$(id -u)" -ne 0 ]; then
        fail 'Python 3.11 or later, with the modules venv and ensurepip, is missing, and only root may install it.' \
            "Run as root: apt-get update && apt-get install $wanted" \
            'Or name one that you have: make PYTHON=/path/to/python …'
    fi
    say 'installing Python from Debian, once'
    log=$(mktemp)
    # shellcheck disable=SC2086  the packages are words
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        -o DPkg::Lock::Timeout=300 $wanted; } >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        fail "apt-get install $wanted failed, see above."
    fi
    rm -f "$log"
}

[ "$(uname -s)" = Linux ] || fail 'The local run needs Linux, since MongoDB and RabbitMQ come as Linux programs.' \
    'Elsewhere: docker compose up, see docker-compose.yml.'
[ -r "$lock" ] || fail "$lock is not there; name one of requirements/*.txt."

if "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    if cmp -s "$lock" "$stamp" || cmp -s "$superset" "$stamp"; then
        exit 0
    fi
else
    python=$(find_python)
    if [ -z "$python" ]; then
        install_python
        python=$(find_python)
        [ -n "$python" ] || fail 'Debian has no Python 3.11 or later here.' \
            'Name one that you have: make PYTHON=/path/to/python …'
    fi
    say "making $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

say "installing the packages of $lock into $venv"
rm -f "$stamp"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$lock" ||
    fail "The packages of $lock could not be installed, see above." \
        'They come from PyPI; PIP_INDEX_URL names a mirror, https_proxy a proxy.'
cp "$lock" "$stamp"
