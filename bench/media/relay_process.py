"""``python -m bench.media.relay_process URL PLANE``: the product's relay, under a hub of the bench without TLS.

With ``--busy`` a Python thread computes all the time, as a control plane in a bad moment does. Receivers are taken to
have room for everything: no estimator believes in the hundreds of Mbit/s of a saturated run. Everything else is as in
the product: each packet is numbered, logged, kept for retransmission and counted.
"""

import argparse
import asyncio
import signal
import sys
import threading
from typing import Final

from media.bandwidth.estimator import BandwidthEstimator
from media.errors import DataPlaneUnavailable
from media.service import RelaySettings, run_relay

#: Exit status where the data plane does not run.
NOT_HERE: Final = 3


def compute_for_ever() -> None:
    """Hold the interpreter as much as one thread can."""
    number = 0
    while True:
        number = (number * 31 + 7) % 1_000_003


def no_limit(self: BandwidthEstimator, now: float) -> int | None:
    """In place of BandwidthEstimator.available_bps(): nothing is known."""
    return None


async def serve(url: str, dataplane: str) -> None:
    """Run the relay on loopback until a signal ends it. Raises DataPlaneUnavailable."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run_relay(RelaySettings("bench", url, listen_ip="127.0.0.1", port=0, dataplane=dataplane), stop)


def main() -> int:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("plane")
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args()
    BandwidthEstimator.available_bps = no_limit  # type: ignore[method-assign]
    if options.busy:
        threading.Thread(target=compute_for_ever, daemon=True).start()
    try:
        asyncio.run(serve(options.url, options.plane))
    except DataPlaneUnavailable as error:
        print(error, file=sys.stderr)
        return NOT_HERE
    return 0


if __name__ == "__main__":
    sys.exit(main())
