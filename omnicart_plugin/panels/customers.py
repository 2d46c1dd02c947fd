"""Customers: the list, and one customer with addresses, orders and what was paid."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.errors import MedusaError
from omnicart_plugin.panels import words
from omnicart_plugin.panels.orders import COLUMNS as ORDER_COLUMNS
from omnicart_plugin.panels.orders import order_row
from omnicart_plugin.panels.registry import panel
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.webos import Column, Crumb, Empty, Fields, FieldsItem, Node, Option, Panel, Row

ACCOUNTS = (
    Option(value="", label="All"),
    Option(value="registered", label="Registered"),
    Option(value="guest", label="Guest"),
)
COLUMNS = (
    Column(key="name", label="Name"),
    Column(key="email", label="Email", sortable=True),
    Column(key="account", label="Account"),
    Column(key="created_at", label="Since", sortable=True),
)
HISTORY_ROWS = 5
"""A store's time goes into the totals of the orders that it lists, and a customer with more is rare."""
MOST_SUMMED = 20
"""Of how many orders the sum is told; that of a long history would take a store longer than all the rest."""
HISTORY_COLUMNS = tuple(
    Column(key=column.key, label=column.label, align=column.align)
    for column in ORDER_COLUMNS
    if column.key != "customer"
)


@panel("customers", filters={"account": ACCOUNTS}, sorts=("email", "created_at"))
async def customers(visit: StoreVisit) -> Panel:
    request = visit.request
    kind = request.filters.get("account", "")
    page, offset = await visit.page(
        lambda offset: queries.customers(
            request.search,
            has_account=kind == "registered" if kind else None,
            sort=request.sort or "-created_at",
            offset=offset,
            limit=request.limit,
        )
    )
    table = visit.table(
        "customers",
        COLUMNS,
        [_row(visit, customer) for customer in page.customers],
        total=page.count,
        offset=offset,
        sort="-created_at",
        search="Name, email, company or phone",
        empty=_empty(visit),
    )
    return visit.panel("Customers", [table])


@panel("customer", of_item=True, rows=HISTORY_ROWS)
async def customer(visit: StoreVisit) -> Panel:
    history, offset = await visit.page(
        lambda offset: queries.customer_orders(visit.item_id, offset=offset, limit=visit.request.limit)
    )
    shown = await _who(visit, history.orders)
    table = visit.table(
        "orders",
        HISTORY_COLUMNS,
        [order_row(visit, order, HISTORY_COLUMNS) for order in history.orders],
        total=history.count,
        offset=offset,
        empty=Empty(title="No orders yet", text="Orders of this customer appear here."),
    )
    name, email = words.customer_name(shown), shown.email or ""
    return visit.panel(
        name,
        [*_details(shown), *_spent(await _all_orders(visit, history)), table],
        subtitle=email if email != name else "",
        trail=[Crumb(label="Customers", link=visit.link("customers"))],
    )


async def _who(visit: StoreVisit, orders: Sequence[wire.Order]) -> wire.Customer:
    """The customer as the orders tell, or else the store."""
    for order in orders:
        if order.customer and order.customer.id == visit.item_id:
            return order.customer
    return (await visit.ask(queries.customer(visit.item_id))).customer


async def _all_orders(visit: StoreVisit, history: wire.Orders) -> Sequence[wire.Order]:
    """What was paid for each order of the customer; none where there are too many to ask, or not each is told."""
    if history.count == len(history.orders):
        return history.orders
    if history.count is None or history.count > MOST_SUMMED:
        return ()
    try:
        placed = (await visit.ask(queries.customer_payments(visit.item_id))).customer.orders
    except MedusaError:  # as of a customer who was deleted since: the orders are shown all the same
        return ()
    orders = [order for order in placed if order.status != "draft"]
    return orders if len(orders) == history.count else ()


def _row(visit: StoreVisit, customer: wire.Customer) -> Row:
    return Row(
        id=customer.id,
        link=visit.link("customer", customer.id),
        cells={
            "name": words.text(words.customer_name(customer)),
            "email": words.text(customer.email),
            "account": words.account_kind(customer),
            "created_at": words.time(customer.created_at),
        },
    )


def _empty(visit: StoreVisit) -> Empty:
    if visit.narrowed:
        return Empty(title="No customers match", text="Try another name or email.")
    return Empty(title="No customers yet", text="Customers appear here with their first order or when they register.")


def _details(customer: wire.Customer) -> Iterator[Node]:
    contact = words.fields(
        email=words.text(customer.email),
        company=words.text(customer.company_name),
        phone=words.text(customer.phone),
        account=words.account_kind(customer),
        since=words.time(customer.created_at),
    )
    yield Fields(title="Contact", items=contact)
    addresses = [
        FieldsItem(label=_use(place, number), value=words.text(words.address(place)))
        for number, place in enumerate(customer.addresses, 1)
    ]
    if addresses:
        yield Fields(title="Saved addresses", items=addresses)


def _use(place: wire.Address, number: int) -> str:
    """What an address is called, and what it is the usual one for."""
    uses = [
        use for use, usual in (("shipping", place.is_default_shipping), ("billing", place.is_default_billing)) if usual
    ]
    name = place.address_name or f"Address {number}"
    return f"{name} (default for {' and '.join(uses)})" if uses else name


def _spent(orders: Sequence[wire.Order]) -> Iterator[Node]:
    """What the store has captured for these orders, less what it gave back."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for order in orders:
        taken, returned = (order.summary.paid_total, order.summary.refunded_total) if order.summary else (None, None)
        if taken is None or not (words.is_amount(taken) and words.is_amount(returned or Decimal(0))):
            return  # a sum without this order would be wrong
        paid[order.currency_code] += taken - (returned or Decimal(0))
    if paid:
        items = [
            FieldsItem(label=code.upper(), value=words.money(amount, code)) for code, amount in sorted(paid.items())
        ]
        yield Fields(title="Spent (paid, less refunds)", items=items)
