"""The bundle on a machine without any network: a namespace in which there is not even a route."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
UNSHARE = ("unshare", "--net") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--net")
INSIDE = """
set -eu
ip link set lo up
cd "$WORK"
./plenum-*/install.sh "$WORK/opt"
"$WORK/opt/current/bin/plenum" run --demo --data "$WORK/data" --port 8443 --relay-port 7443 >run.log 2>&1 &
running=$!
"$WORK/opt/current/bin/python" - <<'END'
import ssl, time, urllib.request
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
for _ in range(600):
    try:
        print(urllib.request.urlopen("https://localhost:8443/healthz", context=context).read().decode().strip())
        print(b"<title>" in urllib.request.urlopen("https://localhost:8443/", context=context).read())
        break
    except OSError:
        time.sleep(0.1)
END
PLENUM_DATA="$WORK/data" PLENUM_RELAY_ANNOUNCE=127.0.0.1 "$WORK/opt/current/bin/plenum" doctor --json >doctor.jsonl ||
    grep -v '"ok"' doctor.jsonl
kill $running
wait $running || true
"""


@pytest.mark.process
@pytest.mark.needs("uv")
def test_the_bundle_installs_and_runs_without_a_route(tmp_path: Path) -> None:
    built = subprocess.run([sys.executable, ".ci/bundle.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    archive = Path(built.stdout.strip().splitlines()[-1])
    shutil.unpack_archive(archive, tmp_path, filter="data")
    environment = {"WORK": str(tmp_path), "HOME": str(tmp_path / "home"), "PATH": os.defpath}
    environment |= {"PYTHON": getattr(sys, "_base_executable", sys.executable)}
    ran = subprocess.run(
        [*UNSHARE, "sh", "-c", INSIDE], env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    log = tmp_path / "run.log"
    told = ran.stdout + ran.stderr + (log.read_text()[-3000:] if log.exists() else "")
    assert ran.returncode == 0, told
    assert "\nok\nTrue\n" in ran.stdout, told
    assert '"problem"' not in (tmp_path / "doctor.jsonl").read_text(), told
