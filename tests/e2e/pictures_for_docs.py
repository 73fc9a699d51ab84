"""Pictures of the running product for the documentation: made when ``PLENUM_PICTURES`` names a folder."""

import os
from pathlib import Path

from tests.e2e.person import Person


async def picture(person: Person, name: str, *, whole: bool = False) -> None:
    """Keep what the person sees as ``name.png``; ``whole``: with what is further down the page."""
    folder = os.environ.get("PLENUM_PICTURES")
    if folder:
        await person.page.wait_for_timeout(400)
        await person.page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)
