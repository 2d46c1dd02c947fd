"""The pages' files, read once: none is large."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from omnicart_plugin.desktop.joined import joined

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
    paths = [path for path in _FOLDER.rglob("*") if path.suffix in _TYPES]
    texts = {path.relative_to(_FOLDER).as_posix(): path.read_text("utf-8") for path in paths}
    return {path: _file(path, text.encode()) for path, text in {**texts, **joined(texts)}.items()}


def _file(path: str, content: bytes) -> _File:
    return _File(content, _TYPES[Path(path).suffix], f'"{hashlib.sha256(content).hexdigest()[:16]}"')


def file_answer(name: str, request: Request, *, status: int = 200) -> Response:
    """The file, or 304 where the browser has it, or 404."""
    file = _files().get(name)
    if file is None:
        return PlainTextResponse("There is no such file.", status_code=404)
    headers = {"cache-control": "no-cache", "etag": file.etag}
    if status == 200 and request.headers.get("if-none-match") == file.etag:  # noqa: PLR2004 - HTTP's own number
        return Response(status_code=304, headers=headers)
    return Response(file.content, status, headers, file.media_type)
