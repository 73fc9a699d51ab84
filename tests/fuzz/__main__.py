"""``python -m tests.fuzz [TARGET …] --seconds 60``: look for inputs that break the relay's parsers (atheris).

Each target runs in a process of its own. An input that breaks one is left below ``.build/fuzz``; put it into
``seeds.FOUND`` with what mends it.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

FOLDER = Path(".build/fuzz")
LONGEST_INPUT = 4096

with atheris.instrument_imports(include=["media"]):
    from tests.fuzz.seeds import seeds
    from tests.fuzz.targets import TARGETS, mixed


def main() -> int:
    """Run what was asked for; the number of targets that broke."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--here", action="store_true", help="run the one target, or mixed, in this process")
    options = parser.parse_args()
    if options.here:
        run(options.targets[0], options.seconds)
        return 0
    return sum(map(bool, (_apart(name, options.seconds) for name in options.targets or TARGETS)))


def run(name: str, seconds: int) -> None:
    """Fuzz one target in this process, which libFuzzer ends."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds(name)):
            (Path(corpus) / f"seed{number}").write_bytes(seed)
        limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", "-timeout=10", "-rss_limit_mb=2048"]
        arguments = [sys.argv[0], *limits, "-print_final_stats=1", f"-artifact_prefix={FOLDER}/{name}-", corpus]
        atheris.Setup(arguments, TARGETS.get(name, mixed))
        atheris.Fuzz()


def _apart(name: str, seconds: int) -> int:
    command = [sys.executable, "-m", "tests.fuzz", name, "--here", "--seconds", str(seconds)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    told = [line.split()[-1] for line in done.stderr.splitlines() if line.startswith("stat::number_of_executed_units")]
    print(f"{name}: {'BROKEN' if done.returncode else 'clean'}, {told[0] if told else '?'} inputs", flush=True)
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-6000:], sep="\n", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
