"""The nginx example, started for real in front of a hub on its Unix socket."""

import asyncio
import os
import re
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from auth.audit.entry import Action
from auth.audit.query import AuditQuery, search
from signaling.http.pipeline import COOKIE
from signaling.listener import answers
from signaling.settings import Settings, to_environment
from signaling.store.database import open_engine
from tests.documents import make_fixtures
from tests.signaling import seed as seeding
from tests.signaling.hub import Live
from tests.signaling.seed import PASSWORD, Seed

pytestmark = [
    pytest.mark.process,
    pytest.mark.needs("nginx"),
]
EXAMPLE = Path(__file__).parent.parent.parent / "deploy" / "nginx.conf"
START_S = 60.0


def site(settings: Settings, port: int) -> str:
    """The example for this deployment: names, ports and files exchanged, nothing else."""
    text = EXAMPLE.read_text()
    plain = re.compile(r"^server \{\n    listen 80;.*?^\}\n", re.MULTILINE | re.DOTALL)
    text, removed = plain.subn("", text)
    assert removed == 1, "the redirection from port 80 is left out here"
    for old, new in (
        ("/run/plenum/hub.sock", str(settings.unix_socket)),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("meet.example.org", settings.name),
        ("/var/lib/plenum/", f"{settings.data}/"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


def configure(folder: Path, settings: Settings, port: int) -> Path:
    """Write what surrounds a site on a machine of its own."""
    folder.mkdir()
    (folder / "site.conf").write_text(site(settings, port))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""  # of the test's own files
    main = folder / "nginx.conf"
    main.write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{\n    access_log off;\n{places}    include {folder}/site.conf;\n}}\n"
    )
    return main


@asynccontextmanager
async def program(*command: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program until the context ends."""
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def hub_behind_nginx(seed: Seed, tmp_path: Path) -> AsyncIterator[tuple[Settings, aiohttp.ClientSession]]:
    """Yield the settings, and a client that trusts the deployment's root and asks nginx."""
    port = unused_port()
    settings = replace(
        Settings(data=seed.folder, control_port=unused_port()),
        host=f"unix:{tmp_path}/hub.sock",
        tls="off",
        external_port=port,
    )
    nginx = configure(tmp_path / "nginx", settings, port)
    async with program(sys.executable, "-m", "signaling.cli", "serve", **to_environment(settings)) as hub:
        async with asyncio.timeout(START_S):
            while not await answers(settings, ""):
                assert hub.returncode is None
                await asyncio.sleep(0.1)
        checked = await asyncio.to_thread(subprocess.run, ["nginx", "-t", "-c", str(nginx)], capture_output=True)
        assert b"successful" in checked.stderr and b"[warn]" not in checked.stderr, checked.stderr
        trust = ssl.create_default_context(cafile=str(seed.folder / "authority" / "root.pem"))
        connector = aiohttp.TCPConnector(ssl=trust)
        async with program("nginx", "-c", str(nginx)), aiohttp.ClientSession(connector=connector) as client:
            async with asyncio.timeout(START_S):
                while not await _reached(client, settings.origin):  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.05)
            yield settings, client


async def _reached(client: aiohttp.ClientSession, origin: str) -> bool:
    try:
        async with client.get(f"{origin}/healthz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def test_a_client_signs_in_uploads_a_paper_and_holds_a_socket_through_nginx(tmp_path: Path) -> None:
    seed = await asyncio.to_thread(seeding.make, tmp_path / "data")
    async with hub_behind_nginx(seed, tmp_path) as (settings, client):
        api = f"{settings.origin}/api/v1"
        sent = {"Origin": settings.origin, "Sec-Fetch-Site": "same-origin", "X-Forwarded-For": "203.0.113.66"}
        sign_in = {"username": "north", "password": PASSWORD}
        async with client.post(f"{api}/session", json=sign_in, headers=sent) as answer:
            assert answer.status == 200, await answer.text()
            cookie = answer.cookies[COOKIE]
            assert cookie["secure"] and cookie["httponly"] and answer.headers["Strict-Transport-Security"]
        client.cookie_jar.clear()
        secretary = sent | {"Cookie": f"{COOKIE}={seed.tokens['secretary']}"}
        meeting = seed.ours.meeting
        form = aiohttp.FormData()
        form.add_field("title", "Tờ trình qua cổng")
        form.add_field("file", make_fixtures.plain(), filename="to-trinh.pdf", content_type="application/pdf")
        async with client.post(
            f"{api}/meetings/{meeting}/items/{seed.ours.items[1]}/papers", data=form, headers=secretary
        ) as answer:
            assert answer.status in (200, 201), await answer.text()
        async with client.ws_connect(f"{api}/live", headers=secretary) as socket:
            live = Live(socket)
            snapshot = await live.request("subscribe", meetingId=meeting)
            assert "Tờ trình qua cổng" in str(snapshot)
        stranger = secretary | {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.ws_connect(f"{api}/live", headers=stranger)
    logged = await asyncio.to_thread(sign_ins, settings)
    assert "127.0.0.1" in logged and "203.0.113.66" not in logged, "the client's address, not what it says of itself"


def sign_ins(settings: Settings) -> set[object]:
    engine = open_engine(settings.database_file, writer=False)
    with engine.connect() as conn, conn.begin():
        found: set[object] = {one.entry.details.get("address") for one in search(conn, AuditQuery(action=Action.LOGON))}
    engine.dispose()
    return found
