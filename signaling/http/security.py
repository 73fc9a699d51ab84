"""Headers of every answer, and where requests may come from."""

from aiohttp import web

from signaling.errors import BadOrigin

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
    )
)
# A document is shown by the page's own viewer; opened directly, it may do nothing at all.
DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SAME_SITE = frozenset({"same-origin", "none"})


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: every answer carries the headers, and what it set itself wins."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def check_origin(request: web.Request, origin: str) -> None:
    """Raise BadOrigin unless a request that changes something, or a socket, comes from our own page.

    Programs send neither header and bring no cookie of somebody else's browser along; browsers always send one.
    """
    upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
    if request.method in SAFE_METHODS and not upgrade:
        return
    given = request.headers.get("Origin")
    if given is not None and given not in (origin, f"https://{request.host}"):
        raise BadOrigin("this request comes from another site")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in SAME_SITE:
        raise BadOrigin("this request comes from another site")
