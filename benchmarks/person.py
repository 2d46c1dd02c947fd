"""Somebody who opens panels with a watch in the hand."""

from itertools import count
from time import perf_counter
from typing import Any

import msgspec

from benchmarks.rows import NotMeasuredError
from omnicart_plugin import webos
from omnicart_plugin.webos import PaletteQuery, PanelRequest
from tests.app.desk import Desk
from tests.medusa_lab import Medusa

_workspaces = count()


class _Answer(msgspec.Struct):
    kind: str
    detail: str = ""


class Person(Desk):
    """In a workspace of their own, with one store connected."""

    def __init__(self, host: webos.LocalHost) -> None:
        super().__init__(host, f"w{next(_workspaces)}")
        self.account_id = ""

    async def connect_to(self, medusa: Medusa, url: str) -> None:
        self.account_id = await self.connect(Medusa(url, medusa.email, medusa.password, medusa.secret_key))

    def request(self, panel: str, item_id: str | None = None, **more: Any) -> PanelRequest:
        return PanelRequest(
            ctx=self.ctx, app_id="omnicart", panel=panel, account_id=self.account_id, item_id=item_id, **more
        )

    async def opens(self, panel: str, item_id: str | None = None, **more: Any) -> float:
        """Seconds until the answer is there, encoded.

        Raises:
            NotMeasuredError: It is no panel.
        """
        request = self.request(panel, item_id, **more)
        began = perf_counter()
        data = await self.host.panel(request)
        seconds = perf_counter() - began
        answer = msgspec.json.decode(data, type=_Answer)
        if answer.kind != "panel":
            raise NotMeasuredError(f"the panel {panel} answers: {answer.detail}")
        return seconds

    async def types(self, text: str, reach: Any) -> tuple[float, webos.PaletteResults]:
        """Seconds until the palette's answer is there, encoded; and the answer."""
        query = PaletteQuery(ctx=self.ctx, text=text, account_id=self.account_id, reach=reach)
        began = perf_counter()
        data = await self.host.palette(query)
        return perf_counter() - began, webos.decode(data, webos.PaletteResults)
