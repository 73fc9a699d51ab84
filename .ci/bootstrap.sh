#!/bin/sh
# Finds a Python >= 3.11 and puts a pinned uv into .build/uv. Usage: bootstrap.sh UV_VERSION
set -eu
mkdir -p .build

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

found=
for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3.14 python3; do
    if [ -n "$candidate" ] && usable "$candidate"; then
        found=$("$candidate" -c 'import sys; print(sys.executable)')
        break
    fi
done
if [ -z "$found" ]; then
    echo 'Plenum needs Python 3.11 or newer; none was found. Set PYTHON=/path/to/python and try again.' >&2
    exit 1
fi

if ! "$found" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq python3-venv
    else
        echo 'The venv module is missing. Install it with: apt-get install python3-venv' >&2
        exit 1
    fi
fi

rm -rf .build/uv
"$found" -m venv .build/uv
.build/uv/bin/python -m pip --quiet --disable-pip-version-check install "uv==$1"
echo "$found" > .build/python
touch .build/uv/bin/uv
