"""Builds the bundle for networks without package registries: wheel, run-time wheels, installer, deploy/ and docs/.

    python .ci/bundle.py

Needs web_client/dist (``make bundle`` builds it) and, once, the registry. Prints the path of the archive. The wheels
are those of ``uv.lock``, by hash, for this machine's Python and platform.
"""

import hashlib
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
UV = BUILD / "uv" / "bin" / "uv"
PIP = (str(BUILD / "uv" / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
PACKAGES = ("signaling", "media", "meetings", "documents", "auth", "certs")
PIP_VERSION = "25.3"  # comes along: a bare Python need not have one


def run(*command: str, cwd: Path = ROOT) -> str:
    """Run a tool and return what it printed; its complaints go to our standard error."""
    return subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def python() -> str:
    """Return the interpreter that the environment was made with, whose wheels are collected."""
    return (BUILD / "python").read_text().strip() if (BUILD / "python").is_file() else sys.executable


def copy_sources(folder: Path) -> None:
    """Copy what the wheel is made of, with the client as it is built: its folder has no package.json then."""
    dist = ROOT / "web_client" / "dist"
    if not (dist / "index.html").is_file():
        sys.exit("web_client/dist is missing: run make bundle")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copytree(dist, folder / "web_client" / "dist")
    for source in (ROOT / "web_client").glob("*.py"):
        shutil.copy(source, folder / "web_client" / source.name)
    for name in ("pyproject.toml", "README.md", "LICENSE", "build_hook.py"):
        shutil.copy(ROOT / name, folder / name)


def build_wheel(sources: Path, target: Path) -> None:
    """Build the wheel of Plenum itself."""
    # The hook imports the pinned Node although it has nothing to build here; that and hatchling are in uv's cache.
    run(str(UV), "build", "--quiet", "--wheel", "--python", python(), "--out-dir", str(target), cwd=sources)
    (target / ".gitignore").unlink(missing_ok=True)


def collect_wheels(target: Path, requirements: Path) -> None:
    """Put the locked run-time wheels beside it, each checked against the lock file's hash."""
    options = ("--locked", "--no-dev", "--no-emit-project", "--quiet", "--python", python())
    requirements.write_text(run(str(UV), "export", *options))
    arguments = ("--only-binary", ":all:", "--no-deps", "--quiet", "--quiet", "--dest", str(target))
    run(*PIP, "download", *arguments, "--require-hashes", "--requirement", str(requirements))
    run(*PIP, "download", *arguments, f"pip=={PIP_VERSION}")


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS over everything, for the installer."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in paths]
    (folder / "SHA256SUMS").write_text("".join(lines))


def pack(folder: Path, archive: Path) -> None:
    """Write the archive under a temporary name, then rename it."""
    unfinished = archive.with_suffix(".unfinished")
    with tarfile.open(unfinished, "w:gz", compresslevel=1) as tar:  # wheels are compressed already
        tar.add(folder, folder.name)
    unfinished.rename(archive)


def main() -> int:
    """Build everything below ``.build/bundle``."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    name = f"plenum-{version}-{tag}-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
    work = BUILD / "bundle"
    shutil.rmtree(work, ignore_errors=True)
    folder = work / name
    (folder / "wheels").mkdir(parents=True)
    copy_sources(work / "sources")
    build_wheel(work / "sources", folder / "wheels")
    collect_wheels(folder / "wheels", folder / "requirements.txt")
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("pictures"))
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    shutil.copy(ROOT / "auth" / "audit" / "verifier.py", folder / "verifier.py")
    (folder / "deploy" / "install.sh").rename(folder / "install.sh")
    (folder / "VERSION").write_text(f"{version}\n")
    (folder / "PYTHON").write_text(f"{sys.version_info.major}.{sys.version_info.minor}\n")
    write_sums(folder)
    archive = BUILD / f"{name}.tar.gz"
    pack(folder, archive)
    shutil.rmtree(work)
    print(archive)
    return 0


if __name__ == "__main__":
    sys.exit(main())
