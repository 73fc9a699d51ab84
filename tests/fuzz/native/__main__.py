"""``python -m tests.fuzz.native [TARGET …] --seconds 60``: libFuzzer on the data plane in C; needs clang."""

import argparse
import subprocess
import sys
from pathlib import Path

from tests.fuzz.native.programs import TARGETS, compile_guided, find_clang

FOLDER = Path(".build/fuzz")


def main() -> int:
    """Run what was asked for; the number of targets that broke."""
    parser = argparse.ArgumentParser(prog="tests.fuzz.native", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    options = parser.parse_args()
    clang = find_clang()
    if clang is None:
        sys.exit("clang is not installed (Debian: clang and libclang-rt-dev)")
    FOLDER.mkdir(parents=True, exist_ok=True)
    return sum(map(bool, (_run(name, options.seconds, clang) for name in options.targets or TARGETS)))


def _run(name: str, seconds: int, clang: str) -> int:
    corpus = FOLDER / f"native-{name}"  # kept, so that the next run goes on where this one ended
    corpus.mkdir(exist_ok=True)
    program = compile_guided(name, FOLDER, clang)
    limits = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=10", f"-artifact_prefix={FOLDER}/native-{name}-"]
    done = subprocess.run([str(program), *limits, str(corpus)], check=False, capture_output=True, text=True)
    last = done.stderr.strip().splitlines()[-1:] or ["?"]
    print(f"native {name}: {'BROKEN' if done.returncode else 'clean'}, {last[0]}", flush=True)
    if done.returncode:
        print(done.stderr[-6000:], flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
