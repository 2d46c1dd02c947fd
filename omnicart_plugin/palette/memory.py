"""What the palette answers from at once: the stores of each workspace, and what its people opened."""

from collections.abc import Sequence

from cachetools import LRUCache

from omnicart_plugin.accounts.directory import Account
from omnicart_plugin.palette.opened import Opened, Thing
from omnicart_plugin.webos import Context, Link, Panel, PanelRequest

MOST_WORKSPACES = 2_000
MOST_THINGS = 50_000
"""Of all people together, each of whom counts as one; who has not been here for longest is forgotten first."""


class Memory:
    """Of this process alone, and of no use to anybody else: each person finds what they opened themselves."""

    def __init__(self) -> None:
        self._accounts: LRUCache[str, tuple[Account, ...]] = LRUCache(MOST_WORKSPACES)
        self._people: dict[tuple[str, str], Opened] = {}
        """By workspace and user; who was here last stands last."""

    def accounts(self, workspace_id: str) -> Sequence[Account] | None:
        """None where they were not learnt yet."""
        return self._accounts.get(workspace_id)

    def learn(self, workspace_id: str, accounts: Sequence[Account]) -> None:
        """What is connected now; what was opened in a store that is not connected any more is forgotten."""
        gone = {account.id for account in self._accounts.get(workspace_id, ())} - {account.id for account in accounts}
        self._accounts[workspace_id] = tuple(accounts)
        for account_id in gone:
            for (workspace, _), opened in self._people.items():
                if workspace == workspace_id:
                    opened.drop(account_id)

    def opened(self, ctx: Context) -> Opened:
        """What this person opened in this workspace."""
        return self._people.get((ctx.workspace_id, ctx.user_id), Opened())

    def saw(self, request: PanelRequest, account_id: str, panel: Panel) -> None:
        """The person was shown a panel of a store: a thing, or a list."""
        person = (request.ctx.workspace_id, request.ctx.user_id)
        opened = self._people[person] = self._people.pop(person, Opened())
        opened.last[account_id] = (panel.title, _link(request, account_id))
        if request.item_id:
            opened.add(
                Thing(
                    account_id=account_id,
                    panel=request.panel,
                    item_id=request.item_id,
                    title=panel.title,
                    subtitle=panel.subtitle,
                )
            )
        while len(self._people) > 1 and len(self._people) + sum(map(len, self._people.values())) > MOST_THINGS:
            del self._people[next(iter(self._people))]

    def missed(self, request: PanelRequest, account_id: str) -> None:
        """The store does not have the thing any more."""
        if request.item_id:
            self.opened(request.ctx).drop(account_id, request.panel, request.item_id)


def _link(request: PanelRequest, account_id: str) -> Link:
    return Link(
        panel=request.panel,
        item_id=request.item_id,
        account_id=account_id,
        search=request.search,
        filters=request.filters,
        sort=request.sort,
        offset=request.offset,
    )
