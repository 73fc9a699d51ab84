"""The client's files: immutable assets, and the page itself for every other path."""

from importlib.resources import files
from pathlib import Path

from aiohttp import web

DIST = Path(str(files("web_client"))) / "dist"
IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
REVALIDATE = {"Cache-Control": "no-cache"}


def add_client(app: web.Application, root: Path = DIST) -> None:
    """Serve the built client below ``root``."""
    index = root / "index.html"

    async def page(_: web.Request) -> web.StreamResponse:
        if not index.exists():
            return web.Response(status=503, text="The web client has not been built: run make.")
        return web.FileResponse(index, headers=REVALIDATE)

    async def asset(request: web.Request) -> web.StreamResponse:
        path = (root / "assets" / request.match_info["name"]).resolve()
        if not path.is_relative_to((root / "assets").resolve()) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=IMMUTABLE)

    async def top_level(request: web.Request) -> web.StreamResponse:
        path = root / request.match_info["name"]
        return web.FileResponse(path, headers=REVALIDATE) if path.is_file() else await page(request)

    app.router.add_get("/assets/{name:.+}", asset)
    app.router.add_get("/{name:[A-Za-z0-9_.-]+}", top_level)
    app.router.add_get("/{path:.*}", page)
