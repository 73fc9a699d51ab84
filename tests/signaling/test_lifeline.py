"""A process ends with the one that started it, whatever ended that."""

import signal
import subprocess
import sys

import pytest

from signaling.cli.lifeline import lifeline

pytestmark = pytest.mark.process
CHILD = "import signal, sys\nfrom signaling.cli.lifeline import end_with\nend_with(int(sys.argv[1]))\nsignal.pause()"


def test_a_child_ends_as_if_it_was_told_to_when_its_parent_is_gone_whoever_else_that_had_started() -> None:
    with lifeline() as descriptor:
        child = subprocess.Popen((sys.executable, "-c", CHILD, str(descriptor)), pass_fds=(descriptor,))
        sibling = subprocess.Popen(("sleep", "30"), close_fds=False)
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.3)
    try:
        assert child.wait(10) == -signal.SIGTERM
    finally:
        sibling.kill()
        sibling.wait()
