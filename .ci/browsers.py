"""Makes sure that the programs which tests drive are there: browsers, openssl, poppler to read PDF, ip to make hosts,
coturn.

Where it may (root on Debian) it installs them. Otherwise it says what will be left out; with ``CI=true`` that is a
failure.
"""

import os
import shutil
import subprocess
import sys

PROGRAMS = {
    "chromium": "chromium",
    "firefox-esr": "firefox-esr",
    "ip": "iproute2",
    "openssl": "openssl",
    "pdftotext": "poppler-utils",
    "pdfsig": "poppler-utils",
    "nginx": "nginx-light",
    "systemd-analyze": "systemd",
    "turnserver": "coturn",
}  # program → Debian package


def missing() -> list[str]:
    """Return the programs that are not on PATH."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def install(names: list[str]) -> None:
    """Install with apt if this is root on Debian."""
    if not names or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    packages = sorted({PROGRAMS[name] for name in names})
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment, **quiet)  # type: ignore[call-overload]  # noqa: S607
    subprocess.run(  # type: ignore[call-overload]  # noqa: S603
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],  # noqa: S607
        check=False,
        env=environment,
        **quiet,
    )


def main() -> int:
    """Install what is missing and return the exit status."""
    install(missing())
    left_out = missing()
    if not left_out:
        return 0
    packages = " ".join(sorted({PROGRAMS[name] for name in left_out}))
    print(f"Left out: tests that need {', '.join(left_out)} (apt-get install {packages}).", file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
