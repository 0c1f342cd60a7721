"""The pages, what they load, and the policy that holds a browser to it."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from importlib.resources import files
from pathlib import Path
from secrets import token_urlsafe
from string import Template

from fastapi import Request
from starlette.responses import FileResponse, HTMLResponse, Response

type Answer = Callable[[Request], Awaitable[Response]]

_OWN = Path(__file__).parent
_PACKAGED = Path(str(files("fastapi_standalone_docs"))) / "static"
_ASSETS = {
    "/docs/start.js": _OWN / "swagger.js",
    "/docs/swagger-ui-bundle.js": _PACKAGED / "swagger" / "swagger-ui-bundle.js",
    "/docs/swagger-ui.css": _PACKAGED / "swagger" / "swagger-ui.css",
    "/redoc/start.js": _OWN / "redoc.js",
    "/redoc/redoc.standalone.js": _PACKAGED / "redoc" / "redoc.standalone.js",
    "/redoc/logo-mini.svg": _PACKAGED / "redoc" / "logo-mini.svg",
}
_SWAGGER = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "script-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'"
)
# It writes its styles into the page, and searches in a worker that it makes itself.
_REDOC = f"{_SWAGGER} 'nonce-$nonce'; worker-src blob:"
_PAGES = {
    "/docs": (_OWN / "swagger.html", _SWAGGER),
    "/redoc": (_OWN / "redoc.html", _REDOC),
}


def page_routes() -> Iterator[tuple[str, Answer]]:
    """Each path, and what answers it. Links are relative, for proxies that add a prefix."""
    for path, (file, policy) in _PAGES.items():
        html = Template(file.read_text("utf-8"))
        yield path, partial(_page, html, Template(policy))
    for path, file in _ASSETS.items():
        yield path, partial(_asset, file)


async def _page(html: Template, policy: Template, _request: Request) -> Response:
    nonce = token_urlsafe(16)
    headers = {"Content-Security-Policy": policy.substitute(nonce=nonce)}
    return HTMLResponse(html.substitute(nonce=nonce), headers=headers)


async def _asset(file: Path, _request: Request) -> Response:
    return FileResponse(file)
