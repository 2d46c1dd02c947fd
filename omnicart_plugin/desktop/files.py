"""The pages' files, read once: a page asks for forty of them at a time, and none is large."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class _File:
    content: bytes
    media_type: str
    etag: str


@cache
def _files() -> dict[str, _File]:
    """By path below the folder. Nothing else can be asked for, whatever a path climbs over."""
    return {path.relative_to(_FOLDER).as_posix(): _read(path) for path in _FOLDER.rglob("*") if path.suffix in _TYPES}


def _read(path: Path) -> _File:
    content = path.read_bytes()
    return _File(content, _TYPES[path.suffix], f'"{hashlib.sha256(content).hexdigest()[:16]}"')


def file_answer(name: str, request: Request, *, status: int = 200) -> Response:
    """The file, or 304 where the browser has it, or 404."""
    file = _files().get(name)
    if file is None:
        return PlainTextResponse("There is no such file.", status_code=404)
    headers = {"cache-control": "no-cache", "etag": file.etag}
    if status == 200 and request.headers.get("if-none-match") == file.etag:  # noqa: PLR2004 - HTTP's own number
        return Response(status_code=304, headers=headers)
    return Response(file.content, status, headers, file.media_type)
