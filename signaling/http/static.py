"""The client's files: immutable assets, and the page itself for every other path."""

import asyncio
from pathlib import Path

from aiohttp import web

IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
REVALIDATE = {"Cache-Control": "no-cache"}


def add_client(app: web.Application, root: Path) -> None:
    """Serve the built client below ``root``."""
    index = root / "index.html"

    async def page(_: web.Request) -> web.StreamResponse:
        if not await asyncio.to_thread(index.is_file):
            return web.Response(status=503, text="The web client has not been built: run make.")
        return web.FileResponse(index, headers=REVALIDATE)

    async def asset(request: web.Request) -> web.StreamResponse:
        path = await asyncio.to_thread(_below, root / "assets", request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=IMMUTABLE)

    async def top_level(request: web.Request) -> web.StreamResponse:
        path = await asyncio.to_thread(_below, root, request.match_info["name"])
        return await page(request) if path is None else web.FileResponse(path, headers=REVALIDATE)

    app.router.add_get("/assets/{name:.+}", asset)
    app.router.add_get("/{name:[A-Za-z0-9_.-]+}", top_level)
    app.router.add_get("/{path:.*}", page)


def _below(folder: Path, name: str) -> Path | None:
    """Blocking: return a file of the folder, None for anything that is no file in it."""
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None
