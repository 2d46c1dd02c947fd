"""One request being answered: who asks, about which account, and how old the answers behind it are."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from anyio.abc import TaskGroup

from omnicart_plugin import gate
from omnicart_plugin.accounts.directory import Account, Directory
from omnicart_plugin.medusa import wire
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.sales.watch import Sales
from omnicart_plugin.stores import Answer, Look, Store, Stores
from omnicart_plugin.webos import (
    Action,
    ActionInfo,
    Column,
    Crumb,
    Empty,
    Field,
    Filter,
    Freshness,
    Input,
    Link,
    Manifest,
    Node,
    Notice,
    Option,
    Panel,
    PanelRequest,
    Problem,
    ProblemType,
    Row,
    Search,
    Table,
    problem,
)

T = TypeVar("T")
P = TypeVar("P", bound=wire.Page)


class RefusedError(Exception):
    """It cannot be done; carries the problem to show."""

    def __init__(self, shown: Problem) -> None:
        super().__init__(shown.type)
        self.problem = shown


class InvalidError(Exception):
    """What was typed is wrong by its form; carries a sentence for each field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


def refused(type_: ProblemType, title: str, detail: str, *, field: str | None = None) -> RefusedError:
    return RefusedError(problem(type_, title, detail, field=field))


def whole_table(id_: str, columns: Sequence[Column], rows: Sequence[Row], empty: Empty) -> Table:
    """A table of one page, beside the one that a panel's request speaks to."""
    limit = max(len(rows), 1)
    return Table(id=id_, columns=list(columns), rows=list(rows), total=len(rows), limit=limit, empty=empty)


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a store that is not connected yet is reached."""

    tasks: TaskGroup
    egress: Egress
    plain_http: bool


@dataclass(kw_only=True)
class Visit:
    """A request about the workspace itself."""

    request: PanelRequest
    """An action's visit asks as a fresh request of no panel."""
    manifest: Manifest
    directory: Directory
    stores: Stores
    way: Way
    filters: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    """What the panel's table can be filtered by."""
    confirmed: bool = False
    """Whether the person has said yes."""

    @property
    def item_id(self) -> str:
        return self.request.item_id or ""

    @property
    def narrowed(self) -> bool:
        """Whether a search or filter leaves rows out."""
        return bool(self.request.search or any(self.request.filters.values()))

    @property
    def workspace_id(self) -> str:
        return self.request.ctx.workspace_id

    def freshness(self) -> Freshness:
        return Freshness(as_of=datetime.now(UTC))

    def link(self, panel: str, item_id: str | None = None) -> Link:
        return Link(panel=panel, item_id=item_id, account_id=self.request.account_id)

    def action(
        self,
        id_: str,
        *,
        label: str | None = None,
        of: Account | None = None,
        item_id: str | None = None,
        values: Mapping[str, Input] | None = None,
        fields: Sequence[Field] = (),
        primary: bool = False,
        disabled: str | None = None,
    ) -> Action:
        """A button with the manifest's words, disabled where this person or the thing's state forbids it."""
        info = next(info for info in self.manifest.actions if info.id == id_)
        style: Literal["default", "primary", "danger"]
        style = "danger" if info.effect == "destructive" else "primary" if primary else "default"
        return Action(
            id=id_,
            label=label or info.title,
            style=style,
            account_id=of.id if of else self.request.account_id,
            item_id=item_id,
            values=dict(values or {}),
            fields=list(fields),
            disabled=self._forbidden(info, of) or disabled,
        )

    def _forbidden(self, info: ActionInfo, of: Account | None) -> str | None:
        closed = gate.action(self.request.ctx, info, demo=of is not None and of.kind == "demo")
        return closed.detail if closed else None

    def panel(
        self,
        title: str,
        body: Sequence[Node],
        *,
        subtitle: str = "",
        actions: Sequence[Action] = (),
        trail: Sequence[Crumb] = (),
    ) -> Panel:
        return Panel(
            id=self.request.panel,
            title=title,
            subtitle=subtitle,
            body=[*self.notices(), *body],
            actions=list(actions),
            freshness=self.freshness(),
            trail=list(trail),
        )

    def notices(self) -> list[Notice]:
        return []

    def table(
        self,
        id_: str,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        total: int | None,
        empty: Empty,
        search: str | None = None,
        sort: str | None = None,
        offset: int | None = None,
    ) -> Table:
        """The panel's one table, with the page, search, filters and sort that were asked for.

        ``search`` is what stands in the empty search field; None where the table cannot be searched.
        """
        request = self.request
        filters = [
            Filter(key=key, label=key.capitalize(), options=list(options), value=request.filters.get(key, ""))
            for key, options in self.filters.items()
        ]
        return Table(
            id=id_,
            columns=list(columns),
            rows=list(rows),
            total=total,
            offset=request.offset if offset is None else offset,
            limit=request.limit,
            search=Search(placeholder=search, value=request.search) if search is not None else None,
            filters=filters,
            sort=request.sort or sort,
            empty=empty,
        )


@dataclass(kw_only=True)
class StoreVisit(Visit):
    """A request about one connected store. Remembers how old its answers were."""

    account: Account
    store: Store
    sales: Sales
    look: Look | None = None
    """What is to be shown; None where nothing is, as for an action."""
    answers: list[Answer[Any]] = field(default_factory=list)

    def begin(self, question: Get[T]) -> Callable[[], Awaitable[T]]:
        """Send the question now; call what comes back to wait for the answer. For questions side by side."""
        asked = self.store.begin(question, fresh=self.request.fresh, look=self.look)

        async def answer() -> T:
            given = await asked()
            self.answers.append(given)
            return given.value

        return answer

    async def ask(self, question: Get[T]) -> T:
        """Raises MedusaError."""
        return await self.begin(question)()

    async def page(self, question: Callable[[int], Get[P]]) -> tuple[P, int]:
        """The page at the offset that was asked for, or the last one where the list ends before it; and its offset."""
        offset, limit = self.request.offset, self.request.limit
        page = await self.ask(question(offset))
        if page.count and offset >= page.count:
            offset = (page.count - 1) // limit * limit
            page = await self.ask(question(offset))
        return page, offset

    def _forbidden(self, info: ActionInfo, of: Account | None) -> str | None:
        return super()._forbidden(info, of or self.account)

    def freshness(self) -> Freshness:
        """That of the oldest answer behind what is shown."""
        if not self.answers:
            return super().freshness()
        oldest = min(self.answers, key=lambda answer: answer.as_of)
        return Freshness(as_of=oldest.as_of, source=oldest.source, stale=any(answer.failed for answer in self.answers))

    def notices(self) -> list[Notice]:
        if self.account.kind == "demo":
            return []
        if any(answer.failed for answer in self.answers):
            return [
                Notice(
                    tone="warning",
                    title=f"{self.account.label} cannot be reached",
                    text="This is what it last answered. Refresh to ask it again.",
                )
            ]
        return []
