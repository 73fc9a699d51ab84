"""The first start of a real deployment, in a real browser: from the link on the terminal to a member who signs in."""

import asyncio
import base64
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from auth import totp
from tests.e2e.person import EXPECT_MS, Person, browsing
from tests.e2e.pictures_for_docs import picture
from tests.e2e.product import START_TIMEOUT_S, Product, free_port

pytestmark = [pytest.mark.browser, pytest.mark.process]
WORDS = "bốn từ không liên quan nhau"
TABLE = """Tên đăng nhập;Họ và tên;Chức danh;Đơn vị;Điểm cầu;Vai trò;Độ mật
lan.hoang;Hoàng Lan;Trưởng ban;Ban Thư ký;Trụ sở;thành viên;nội bộ
tung.minh;Minh Tùng;Chuyên viên;Ban Thư ký;Trụ sở;thành viên;
hoi-truong;Hội trường lớn;;;Trụ sở;hội trường;
sai.vai.tro;Quốc Bảo;;;;vua;
"""
HOSTILE = TABLE.replace("Minh Tùng", "<img src=x onerror=alert(1)>")


@asynccontextmanager
async def first_start(folder: Path) -> AsyncIterator[tuple[Product, str]]:
    """Start the product on an empty folder, without the demo; yield it with its setup link."""
    port = free_port()
    environment = os.environ | {"PLENUM_RELAY_ANNOUNCE": "127.0.0.1", "PLENUM_CONTROL_PORT": str(free_port())}
    with (folder.parent / "product.log").open("wb") as log:
        supervisor = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "signaling.cli", "run", "--data", str(folder), "--port", str(port)),
            *("--relay-port", str(free_port(socket.SOCK_DGRAM))),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            env=environment,
        )
    product = Product(folder, port, supervisor)
    try:
        yield product, await _setup_link(product)
    finally:
        if supervisor.returncode is None:
            supervisor.terminate()
        async with asyncio.timeout(20):
            await supervisor.wait()


async def _setup_link(product: Product) -> str:
    assert product.supervisor.stdout is not None
    link = ""
    async with asyncio.timeout(START_TIMEOUT_S):
        async for line in product.supervisor.stdout:
            found = re.search(r"https://\S+/welcome#\S+", line.decode())
            link = found[0] if found else link
            if "Plenum is ready" in line.decode():
                return link
    raise AssertionError((product.data.parent / "product.log").read_text()[-4000:])


@pytest.fixture
async def started(tmp_path: Path) -> AsyncIterator[tuple[Product, str]]:
    """The product after its first start, and the setup link."""
    async with first_start(tmp_path / "data") as found:
        yield found


class Authenticator:
    """An administrator's app: each code is good once, so that every request is for a later step."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._step = totp.counter_at(datetime.now(UTC)) - 2

    def code(self) -> str:
        """Return a code that was not used yet."""
        self._step += 1
        return totp.code_at(self._secret, self._step)


async def choose_password(person: Person, link: str) -> None:
    await person.page.goto(link)
    await person["welcome-password"].fill(WORDS, timeout=EXPECT_MS)
    await person["welcome-again"].fill(WORDS)
    await person.click("welcome-submit")
    await person.click("welcome-signin")
    await person["signin-username"].fill(person.username, timeout=EXPECT_MS)
    await person["signin-password"].fill(WORDS)
    await person.click("signin-submit")
    await expect(person["person-menu"]).to_be_visible(timeout=EXPECT_MS)


async def enrol(person: Person) -> Authenticator:
    await person.click("enrol-begin")
    secret = re.sub(r"\s", "", await person["enrol-secret"].inner_text(timeout=EXPECT_MS))
    app = Authenticator(base64.b32decode(secret + "=" * (-len(secret) % 8)))
    await person["enrol-code"].fill(app.code())
    await person.click("enrol-confirm")
    await person["recovery-kept"].check(timeout=EXPECT_MS)
    await person.click("recovery-done")
    return app


async def step_up(person: Person, app: Authenticator, then: str) -> None:
    """Give a code if the hub asks for one before it shows what is to come."""
    await expect(person["stepup-code"].or_(person[then])).to_be_visible(timeout=EXPECT_MS)
    if await person["stepup-code"].count():
        await person["stepup-code"].fill(app.code(), timeout=EXPECT_MS)
        await person.click("stepup-submit")


def csv_file(text: str) -> Any:
    return {"name": "danh-sach.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}


async def import_everybody(admin: Person, app: Authenticator) -> None:
    await admin.click("admin-nav-import")
    await admin["import-file"].set_input_files(csv_file(TABLE))
    refused = expect(admin["plan-refused"])
    await refused.to_have_attribute("data-count", "4", timeout=EXPECT_MS)  # units are not made yet
    await admin["import-units"].check()
    await refused.to_have_attribute("data-count", "4", timeout=EXPECT_MS)
    await admin["import-sites"].check()
    await expect(admin["plan-create"]).to_have_attribute("data-count", "3", timeout=EXPECT_MS)
    await admin.sees("plan-row", "vua")
    assert (await admin.get("/administration/people"))["total"] == 1  # the dry run has written nothing
    await picture(admin, "admin-import", whole=True)
    async with admin.page.expect_response(lambda answer: answer.url.endswith("/directory/plan")):
        await admin["import-file"].set_input_files(csv_file(HOSTILE))
    await admin.sees("plan-row", "vua")
    await admin.click("import-apply")
    await admin.click("import-confirm")
    await step_up(admin, app, "import-done")
    await admin.sees("import-done")
    async with admin.page.expect_download() as saved:
        await admin.click("import-links")
    links = (await (await saved.value).path()).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in links] == ["username", "lan.hoang", "tung.minh", "hoi-truong"]


async def test_an_empty_deployment_fills_from_a_setup_link_to_a_member_who_signs_in(
    started: tuple[Product, str],
) -> None:
    product, link = started
    async with (
        browsing("admin", product.origin) as admin,
        browsing("lan.hoang", product.origin, beside=admin) as member,
    ):
        await choose_password(admin, link)
        app = await enrol(admin)
        await admin.sees("admin-nav-people")
        await import_everybody(admin, app)
        await admin.click("admin-nav-people")
        await expect(admin["admin-person"]).to_have_count(3 + 1, timeout=EXPECT_MS)
        await expect(admin.page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
        await admin["admin-search"].fill("hoang lan")
        await expect(admin["admin-person"]).to_have_count(1, timeout=EXPECT_MS)
        await admin["admin-person"].get_by_role("link").click()
        await admin.click("access-link")
        await admin.click("access-confirm")
        await choose_password(member, await admin["welcome-link"].input_value(timeout=EXPECT_MS))
        await member.page.goto(link)  # the setup link was for one use
        await expect(member.page.get_by_role("alert")).to_be_visible(timeout=EXPECT_MS)
        await admin.click("link-close")
        await admin.click("access-disable")
        await admin.click("access-confirm")
        await expect(admin["access-enable"]).to_be_visible(timeout=EXPECT_MS)
        await member.page.goto(product.origin)
        await expect(member["signin-username"]).to_be_visible(timeout=EXPECT_MS)
        assert admin.problems + member.problems == []
