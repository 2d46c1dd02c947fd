"""What the host calls. Each hook hands over to the app."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from omnicart_plugin import webos
from omnicart_plugin.webos import hookimpl

if TYPE_CHECKING:
    from omnicart_plugin.app import App


class OmniCart:
    """The app `omnicart` of a WebOS."""

    _app: "App"

    @hookimpl
    def webos_lifespan(self, host: webos.Host) -> AbstractAsyncContextManager[None]:
        return self._live(host)

    @hookimpl
    async def webos_app_launch(self, request: webos.AppLaunch) -> webos.Screen | webos.Problem:
        return await self._app.launch(request)

    @hookimpl
    async def webos_command_palette(self, query: webos.PaletteQuery) -> webos.PaletteResults:
        return await self._app.palette(query)

    @hookimpl
    async def webos_render_panel(self, request: webos.PanelRequest) -> webos.Panel | webos.Problem:
        return await self._app.render(request)

    @hookimpl
    async def webos_invoke_action(
        self, call: webos.ActionCall
    ) -> webos.Done | webos.Invalid | webos.Confirm | webos.Problem:
        return await self._app.invoke(call)

    @hookimpl
    async def webos_event(self, event: webos.HostEvent) -> None:
        await self._app.hear(event)

    @asynccontextmanager
    async def _live(self, host: webos.Host) -> AsyncIterator[None]:
        from omnicart_plugin.app import App  # noqa: PLC0415 - the database and the vault load when the app's life begins

        async with App.running(host) as self._app:
            yield
