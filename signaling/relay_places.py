"""The relays beside the hub: how many there are, and the name and port of each.

One relay fills one core with forwarding. A room whose relay is full goes on on another, so several on one machine serve
a room that is too large for a core.
"""

import os
from dataclasses import replace

from signaling.errors import BadSetting
from signaling.settings import Settings, variable

LAST_PORT = 65535


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def relay_places(settings: Settings, cores: int) -> tuple[Settings, ...]:
    """Return the settings of each relay process, as if it were the only one; raises BadSetting without enough ports.

    The first has the name and the port that were given. Those that follow are NAME-2, NAME-3 and so on, each on the
    next port that is not one of the hub's.
    """
    ports = _ports(settings, max(1, cores) if settings.relay_processes == "auto" else int(settings.relay_processes))
    return tuple(
        replace(
            settings,
            relay_name=settings.relay_name if number == 1 else f"{settings.relay_name}-{number}",
            relay_port=port,
            relay_processes="1",
            control_port=settings.relays_port,
        )
        for number, port in enumerate(ports, 1)
    )


def _ports(settings: Settings, count: int) -> list[int]:
    taken = {settings.relays_port, settings.metrics_port}
    if settings.unix_socket is None:
        taken.add(settings.port)
    ports = [settings.relay_port]
    while len(ports) < count:
        port = next(port for port in range(ports[-1] + 1, LAST_PORT + len(taken) + 2) if port not in taken)
        ports.append(port)
    if ports[-1] > LAST_PORT:
        raise BadSetting(variable("relay_processes"), settings.relay_processes)
    return ports
