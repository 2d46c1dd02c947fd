"""The app: gate, route, answer. Owns the lifespan. The one place where errors become problems."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import msgspec
from anyio.abc import TaskGroup

from omnicart_plugin import gate, problems, webos
from omnicart_plugin.accounts.connect import ConnectionFailedError
from omnicart_plugin.accounts.directory import Account, Directory
from omnicart_plugin.accounts.vault import Vault
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import NotFound
from omnicart_plugin.palette.instant import commands
from omnicart_plugin.palette.memory import Memory
from omnicart_plugin.palette.search import search
from omnicart_plugin.panels import accounts as account_panels
from omnicart_plugin.panels import collections, customers, draft_orders, orders, overview, products, settings
from omnicart_plugin.panels.changes import CHANGES, Changes
from omnicart_plugin.panels.inputs import read_inputs, read_request
from omnicart_plugin.panels.registry import ACTIONS, PANELS, PanelSpec
from omnicart_plugin.panels.visit import InvalidError, RefusedError, StoreVisit, Visit, Way, refused
from omnicart_plugin.sales.watch import SHOWN_IN, Sales
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from omnicart_plugin.storage.intents import Intent
from omnicart_plugin.storage.news import News, Peers
from omnicart_plugin.stores import Store, Stores
from omnicart_plugin.webos import (
    AccountRef,
    ActionCall,
    AppEvent,
    AppLaunch,
    Confirm,
    Context,
    Done,
    HostEvent,
    Invalid,
    Link,
    NavItem,
    PaletteQuery,
    PaletteResults,
    Panel,
    PanelRequest,
    Problem,
    Screen,
)

log = logging.getLogger("omnicart")
A = TypeVar("A")
ID = "omnicart"
NOUNS = (account_panels, overview, orders, products, customers, collections, draft_orders, settings)
"""The modules whose import registers panels and actions."""


class App:
    """What is alive between the host's first call and its last."""

    def __init__(self, host: webos.Host, database: Database, tasks: TaskGroup) -> None:
        self.manifest = webos.manifest_of(ID)
        self.manifest.check({*PANELS}, {*ACTIONS, *CHANGES})
        self._host = host
        self._tasks = tasks
        self._directory = Directory(database, Vault(host.keys))
        egress = Egress(allow_private=host.allow_private_network)
        self._way = Way(tasks=tasks, egress=egress, plain_http=host.allow_private_network)
        self._stores = Stores(self._directory, tasks, egress, self._changed)
        self._sales = Sales(database, tasks, self._changed)
        self._changes = Changes(database, tasks, self._settled)
        self._memory = Memory()
        self._peers = Peers(database)

    @classmethod
    @asynccontextmanager
    async def running(cls, host: webos.Host) -> "AsyncIterator[App]":
        """Raises VaultError, ManifestError, and StorageError for an address that is none; a database may come later."""
        database = Database(host.database_url)
        try:
            async with anyio.create_task_group() as tasks:
                app = cls(host, database, tasks)
                await app._tell_of_lost_keys()
                tasks.start_soon(app._changes.settle_orphans, app._store_of)
                tasks.start_soon(app._peers.listen, app._hear_peer)
                yield app
                with anyio.CancelScope(shield=True):
                    await app._sales.aclose()
                    await app._stores.aclose()
                tasks.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await database.close()

    async def _tell_of_lost_keys(self) -> None:
        try:
            lost = await self._directory.lost_keys()
        except StorageError as error:
            log.error("OmniCart starts without its database, and waits for it: %s", error)  # noqa: TRY400 - no traceback
            return
        for key_id in sorted(lost):
            log.error(
                "The key %r is not in the key ring: put it back, or sign in anew at the stores it was for.", key_id
            )

    async def launch(self, request: AppLaunch) -> Screen | Problem:
        return await self._guarded(request.ctx, lambda: self._launch(request))

    async def render(self, request: PanelRequest) -> Panel | Problem:
        return await self._guarded(request.ctx, lambda: self._render(request))

    async def invoke(self, call: ActionCall) -> Done | Invalid | Confirm | Problem:
        try:
            return await self._guarded(call.ctx, lambda: self._invoke(call))
        except InvalidError as error:
            return Invalid(message="Some of this cannot be used as it is.", errors=error.errors)

    async def palette(self, query: PaletteQuery) -> PaletteResults:
        """``instant`` waits for nothing; ``store`` for the slowest source, and yields nothing where there is none."""
        if gate.bundle(query.ctx, self.manifest):
            return PaletteResults(items=[])
        if query.reach == "instant":
            if self._memory.accounts(query.ctx.workspace_id) is None:
                self._memory.learn(query.ctx.workspace_id, ())
                self._tasks.start_soon(self._learn, query.ctx.workspace_id)
            return PaletteResults(items=commands(query, self.manifest, self._memory))
        try:
            return await self._search(query)
        except RefusedError:
            return PaletteResults(items=[])
        except Exception as error:  # noqa: BLE001 - a palette has no place for a problem
            problems.of(error)
            return PaletteResults(items=[], partial=True)

    async def hear(self, event: HostEvent) -> None:
        """``refresh`` asks anew whatever is remembered; ``timer`` only what is open and not fresh any more.

        Without an account all of the workspace are meant; without panels nothing is asked before it is looked at.
        """
        if gate.bundle(event.ctx, self.manifest):
            return
        for account in await self._learn(event.ctx.workspace_id):
            store = self._stores.known(account.id)
            if store and event.account_id in {None, account.id}:
                if event.name == "refresh":
                    store.forget()
                store.renew({*event.panels})
                if not SHOWN_IN.isdisjoint(event.panels):
                    self._sales.follow(account, store)

    async def _search(self, query: PaletteQuery) -> PaletteResults:
        request = PanelRequest(ctx=query.ctx, app_id=ID, panel="", account_id=query.account_id)
        account = await self._account(query.ctx, query.account_id)
        return await search(await self._store_visit(request, account, None), query.text, query.limit)

    async def _learn(self, workspace_id: str) -> list[Account]:
        """Bring what the palette knows of the workspace up to date; what cannot be read is left as it is."""
        try:
            return await self._everyone(workspace_id)
        except Exception as error:  # noqa: BLE001 - nobody waits for this who could be told
            log.warning("the stores of a workspace could not be read: %s", type(error).__name__)
            return []

    async def _everyone(self, workspace_id: str) -> list[Account]:
        everyone = await self._directory.accounts(workspace_id)
        self._memory.learn(workspace_id, everyone)
        return everyone

    async def _guarded(self, ctx: Context, answer: Callable[[], Awaitable[A]]) -> A | Problem:
        """The answer, or the problem that came in its way. InvalidError passes."""
        closed = gate.bundle(ctx, self.manifest)
        if closed:
            return closed
        try:
            return await answer()
        except InvalidError:
            raise
        except RefusedError as error:
            return error.problem
        except ConnectionFailedError as error:
            return webos.problem("connection-failed", error.title, error.detail, field=error.field)
        except Exception as error:  # noqa: BLE001 - the table of problems is total
            return problems.of(error)

    async def _launch(self, request: AppLaunch) -> Screen:
        everyone = await self._everyone(request.ctx.workspace_id)
        wanted = request.account_id or (request.link.account_id if request.link else None)
        account = await self._account(request.ctx, wanted) if wanted else (everyone[0] if everyone else None)
        visit = self._visit(PanelRequest(ctx=request.ctx, app_id=ID, panel=""))
        refs = [
            AccountRef(
                id=known.id,
                label=known.label,
                base_url=known.base_url,
                status=self._stores.status(known),
                actions=account_panels.account_actions(visit, known),
            )
            for known in everyone
        ]
        return Screen(
            app_id=ID,
            title=self.manifest.app.name,
            accounts=refs,
            account_id=account.id if account else None,
            navigation=[
                NavItem(panel=panel.id, label=panel.title, icon=panel.icon)
                for panel in self.manifest.panels
                if panel.navigation and account
            ],
            menu=account_panels.menu(),
            link=self._first_link(request.link, account),
        )

    def _first_link(self, link: Link | None, account: Account | None) -> Link:
        if link and link.panel in PANELS and (account or not PANELS[link.panel].of_store):
            return msgspec.structs.replace(link, account_id=link.account_id or (account.id if account else None))
        return Link(panel="overview", account_id=account.id) if account else Link(panel="connect")

    async def _render(self, request: PanelRequest) -> Panel:
        spec = PANELS.get(request.panel)
        if spec is None:
            raise refused("not-found", "No such panel", "OmniCart has no panel of this name.")
        request = read_request(request, spec)
        if not spec.of_store:
            return await spec.render(self._visit(request, spec=spec))
        account = await self._account(request.ctx, request.account_id)
        try:
            panel = await spec.render(await self._store_visit(request, account, spec))
        except problems.REAUTH as error:
            raise RefusedError(self._sign_in_anew(request, account, problems.of(error))) from None
        except NotFound:
            self._memory.missed(request, account.id)
            raise
        self._memory.saw(request, account.id, panel)
        return panel

    def _sign_in_anew(self, request: PanelRequest, account: Account, problem: Problem) -> Problem:
        """The problem with the button that mends it in place."""
        known = account_panels.account_actions(self._visit(request), account)
        return msgspec.structs.replace(
            problem, actions=[action for action in known if action.id == "account.reconnect"]
        )

    async def _invoke(self, call: ActionCall) -> Done | Invalid | Confirm | Problem:
        info = next((info for info in self.manifest.actions if info.id == call.action), None)
        if info is None:
            raise refused("bad-request", "No such action", "OmniCart has no action of this name.")
        if not f"{call.item_id}{call.request_id}".isprintable():  # PostgreSQL keeps no NUL, and no id has one
            raise refused(
                "bad-request", "No such thing", "The id of what is to be changed has characters that no id has."
            )
        closed = gate.role(call.ctx, info)
        if closed:
            return closed
        of_store = call.action in CHANGES
        account = await self._account(call.ctx, call.account_id) if of_store or call.account_id else None
        closed = gate.read_only(info, demo=account is not None and account.kind == "demo")
        if closed:
            return closed
        inputs = read_inputs(call.inputs, (CHANGES if of_store else ACTIONS)[call.action].inputs)
        request = PanelRequest(
            ctx=call.ctx, app_id=ID, panel="", account_id=call.account_id, item_id=call.item_id, fresh=True
        )
        if of_store and account:
            return await self._changes.run(await self._store_visit(request, account, None), call, inputs)
        answer = await ACTIONS[call.action].run(self._visit(request, confirmed=call.confirmed), inputs)
        if isinstance(answer, Done):
            await self._learn(call.ctx.workspace_id)
            self._announce(call.ctx.workspace_id, call.account_id, {*answer.refresh})
        return answer

    async def _account(self, ctx: Context, account_id: str | None) -> Account:
        """The workspace's account, the first one where none is named. Raises UnknownAccountError."""
        if account_id is None:
            everyone = await self._everyone(ctx.workspace_id)
            if not everyone:
                raise refused("not-found", "No store is connected", "Connect a store first.")
            return everyone[0]
        return await self._directory.account(ctx.workspace_id, account_id)

    def _visit(self, request: PanelRequest, *, spec: PanelSpec | None = None, confirmed: bool = False) -> Visit:
        return Visit(
            request=request,
            manifest=self.manifest,
            directory=self._directory,
            stores=self._stores,
            way=self._way,
            filters=spec.filters if spec else {},
            confirmed=confirmed,
        )

    async def _store_visit(self, request: PanelRequest, account: Account, spec: PanelSpec | None) -> StoreVisit:
        """``spec`` is that of the panel that is to be shown; None where none is."""
        store = await self._stores.of(account)
        return StoreVisit(
            request=msgspec.structs.replace(request, account_id=account.id),
            manifest=self.manifest,
            directory=self._directory,
            stores=self._stores,
            way=self._way,
            filters=spec.filters if spec else {},
            account=account,
            store=store,
            sales=self._sales,
            look=store.look(request.panel, f"{request.ctx.user_id} {request.item_id}") if spec else None,
        )

    def _changed(self, account: Account, panels: set[str]) -> None:
        self._emit(account.workspace_id, account.id, panels)

    def _settled(self, intent: Intent, panels: set[str]) -> None:
        """All that is open of a store that was written to is shown anew: any of it may show what was changed."""
        self._sales.expire(intent.account_id)
        store = self._stores.known(intent.account_id)
        self._announce(intent.workspace_id, intent.account_id, panels | (store.shown if store else set()))

    def _announce(self, workspace_id: str, account_id: str | None, panels: set[str]) -> None:
        """Tell the host, and the other processes on this database."""
        self._emit(workspace_id, account_id, panels)
        news = News(workspace_id=workspace_id, account_id=account_id, panels=sorted(panels))
        self._tasks.start_soon(self._tell, news)

    def _emit(self, workspace_id: str, account_id: str | None, panels: set[str]) -> None:
        if panels:
            self._host.emit(
                AppEvent(app_id=ID, workspace_id=workspace_id, account_id=account_id, panels=sorted(panels))
            )

    async def _tell(self, news: News) -> None:
        try:
            await self._peers.tell(news)
        except StorageError as error:
            log.warning("other processes were not told of a change: %s", error)

    async def _hear_peer(self, news: News | None) -> None:
        """What another process changed is asked anew here, and told to whoever shows it."""
        if news is None:
            self._stores.forget()
            return
        self._sales.expire(news.account_id)
        try:
            await self._renew(news)
        except Exception as error:  # noqa: BLE001 - the app lives on; what is remembered grows old by itself
            log.warning("a change of another process was not followed: %s", type(error).__name__)
        store = self._stores.known(news.account_id or "")
        self._emit(news.workspace_id, news.account_id, {*news.panels} | (store.shown if store else set()))

    async def _renew(self, news: News) -> None:
        everyone = await self._everyone(news.workspace_id)
        for account in everyone:
            if news.account_id in {None, account.id}:
                await self._stores.renew(account)
        if news.account_id and news.account_id not in {account.id for account in everyone}:
            await self._stores.close(news.account_id)

    async def _store_of(self, intent: Intent) -> Store:
        return await self._stores.of(await self._directory.account(intent.workspace_id, intent.account_id))
