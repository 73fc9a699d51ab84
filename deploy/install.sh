#!/bin/sh
# Installs Plenum from its bundle, without any network: ./install.sh /opt/plenum
# Each version gets a folder of its own; the link "current" moves when it is complete, and can be moved back.
set -eu
umask 022
target=${1:?usage: ./install.sh FOLDER, for instance /opt/plenum}
here=$(cd "$(dirname "$0")" && pwd)
version=$(cat "$here/VERSION")
wanted=$(cat "$here/PYTHON")

fits() { "$1" -c 'import sys, venv; sys.exit("%d.%d" % sys.version_info[:2] != sys.argv[1])' "$wanted" >/dev/null 2>&1; }
python=
for candidate in "${PYTHON:-}" "python$wanted" /usr/bin/python3 python3; do
    if [ -n "$candidate" ] && fits "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    echo "This bundle needs Python $wanted with its venv module; set PYTHON=/path/to/python$wanted." >&2
    exit 1
fi

(cd "$here" && sha256sum --check --quiet SHA256SUMS) || { echo 'The bundle is damaged; copy it again.' >&2; exit 1; }

mkdir -p "$target"
target=$(cd "$target" && pwd)
place=$target/$version
if [ -e "$place/complete" ]; then
    echo "Plenum $version is installed in $place already." >&2
else
    rm -rf "$place"
    "$python" -m venv --without-pip "$place"
    PYTHONPATH=$(echo "$here"/wheels/pip-*.whl) PIP_CONFIG_FILE=/dev/null "$place/bin/python" -m pip --isolated \
        --disable-pip-version-check install --quiet --no-index --no-deps --no-cache-dir --find-links "$here/wheels" \
        --require-hashes --requirement "$here/requirements.txt"
    PYTHONPATH=$(echo "$here"/wheels/pip-*.whl) PIP_CONFIG_FILE=/dev/null "$place/bin/python" -m pip --isolated \
        --disable-pip-version-check install --quiet --no-index --no-deps --no-cache-dir "$here"/wheels/plenum-*.whl
    cp -r "$here/deploy" "$here/docs" "$here/LICENSE" "$here/verifier.py" "$place/"
    : >"$place/complete"
fi
ln -sfn "$version" "$target/current.new"
mv -T "$target/current.new" "$target/current"
"$target/current/bin/plenum" --version
echo "Installed in $target/current. Next: $target/current/deploy/README.md"
