"""Small apps that exist only in a test: a distribution on disk with an entry point, a manifest and one module."""

from pathlib import Path
from textwrap import dedent

MANIFEST = """
schema = 1
[app]
id = "{id}"
name = "{name}"
version = "1"
summary = "Lends books"
category = "Learning"
icon = "book"
keywords = ["reading"]
bundle = "learning"
contract = ">=1.0,<2"
[[panels]]
id = "shelf"
title = "Shelf"
icon = "book"
navigation = true
[[actions]]
id = "book.lend"
title = "Lend"
effect = "write"
roles = ["owner"]
"""

CODE = """
from contextlib import asynccontextmanager
from datetime import datetime, timezone
from omnicart_plugin import webos

class App:
    heard = []

    @webos.hookimpl
    def webos_lifespan(self, host):
        return self.life(host)

    @asynccontextmanager
    async def life(self, host):
        self.host = host
        yield

    @webos.hookimpl
    async def webos_app_launch(self, request):
        return webos.Screen(app_id="{id}", title="{name}", accounts=[], account_id=None, navigation=[], menu=[],
                            link=webos.Link(panel="shelf"))

    @webos.hookimpl
    async def webos_command_palette(self, query):
        self.heard.append(query)
        return webos.PaletteResults(items=[webos.PaletteItem(app_id="{id}", id="b", title="Moby-Dick", score=0.9)])

    @webos.hookimpl
    async def webos_render_panel(self, request):
        self.heard.append(request)
        return webos.Panel(id=request.panel, title="Shelf", body=[],
                           freshness=webos.Freshness(as_of=datetime.now(timezone.utc)))

    @webos.hookimpl
    async def webos_invoke_action(self, call):
        self.heard.append(call)
        self.host.emit(webos.AppEvent(app_id="{id}", workspace_id=call.ctx.workspace_id, panels=["shelf"]))
        return webos.Done(message="Lent")

    @webos.hookimpl
    async def webos_event(self, event):
        self.heard.append(event)
"""


def install(site: Path, app_id: str, *, code: str = "", manifest: str = MANIFEST) -> None:
    """Put an app into `site`, a directory on the import path. `code` is a class `Changed(App)` or nothing."""
    name = app_id.title()
    module = f"{app_id}_app"
    source = CODE.replace("{id}", app_id).replace("{name}", name)
    entry = "Changed" if code else "App"
    (site / f"{module}.py").write_text(source + dedent(code), "utf-8")
    (site / f"{module}.toml.d").mkdir()
    (site / f"{module}.toml.d" / "manifest.toml").write_text(
        manifest.replace("{id}", app_id).replace("{name}", name), "utf-8"
    )
    info = site / f"{app_id}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {app_id}\nVersion: 1\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[webos.apps]\n{app_id} = {module}:{entry}\n", "utf-8")
    files = [f"{module}.py", f"{module}.toml.d/manifest.toml", f"{app_id}-1.dist-info/METADATA"]
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files), "utf-8")
