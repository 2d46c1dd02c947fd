"""A ledger that is brought up to date from a shop, in small pages."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from anyio.abc import TaskGroup

from omnicart_plugin.demo import DEMO_BASE_URL, DEMO_CREDENTIALS
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.flight import Flight
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.sales.ledger import Update
from omnicart_plugin.sales.trail import Trails, trails
from omnicart_plugin.storage import ledgers, payments
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.ledgers import Ledger
from tests.sales.shop import Shop
from tests.storage.rows import connect

SMALL = 4


def small_trails(weight: int = 1) -> Trails:
    small = trails(payments=SMALL, orders=SMALL - 1)
    small.orders._weight = weight
    return small


class Keeper:
    """A process that keeps one account's ledger."""

    def __init__(self, database: Database, tasks: TaskGroup, shop: Shop, account_id: str, holder: str = "one") -> None:
        self.database = database
        self.account_id = account_id
        self._tasks = tasks
        self._holder = holder
        self._trails = small_trails()
        self._client = Client(
            DEMO_BASE_URL, DEMO_CREDENTIALS, tasks=tasks, egress=Egress(allow_private=False), transport=shop
        )

    async def look(self, told: Callable[[], None] = lambda: None, *, daily: bool = False) -> bool:
        """Whether anything changed."""
        update = Update(self.database, self.account_id, self._holder, self._begin, self._trails, told)
        await update.run(daily=daily)
        return update.changed

    def dies(self, weight: int = 1) -> None:
        """What it had in memory is lost."""
        self._trails = small_trails(weight)

    async def revenue(self) -> dict[str, Decimal]:
        return await self.database.run(payments.revenue, self.account_id)

    async def ledger(self) -> Ledger:
        return await self.database.run(ledgers.read, self.account_id)

    def _begin(self, question: Get[Any]) -> Flight[Any]:
        return Flight(self._tasks, self._client.get, question)


async def keeper(database: Database, tasks: TaskGroup, shop: Shop, name: str = "shop") -> Keeper:
    account = await database.run(connect, "w1", f"https://{name}.test")
    return Keeper(database, tasks, shop, account.id)
