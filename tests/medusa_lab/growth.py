"""A store with as many orders as are wanted, for measuring: copies inside PostgreSQL of orders placed through the shop.

Each copy has ids, a number and dates of its own, and everything that hangs on the order: lines, taxes, shipping,
payments, captures, refunds, parcels, changes. Customers, addresses and products are shared. Medusa reads a copy as
it reads the original.
"""

import psycopg
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composable, Identifier

from . import database

_BY_ORDER = SQL("t.order_id")
_BY_PARCEL = SQL("(select order_id from order_fulfillment where fulfillment_id = {})")
_BY_LINE = SQL("(select order_id from order_item where item_id = {} limit 1)")  # a row for each version of the order
_BY_METHOD = SQL("(select order_id from order_shipping where shipping_method_id = {} limit 1)")
_BY_COLLECTION = SQL("(select order_id from order_payment_collection where payment_collection_id = {})")
_BY_PAYMENT = SQL(
    "(select order_id from order_payment_collection join payment using (payment_collection_id) where payment.id = {})"
)

_OWNER: dict[str, Composable] = {
    "order": SQL("t.id"),
    "order_summary": _BY_ORDER,
    "order_item": _BY_ORDER,
    "order_line_item": _BY_LINE.format(SQL("t.id")),
    "order_line_item_tax_line": _BY_LINE.format(SQL("t.item_id")),
    "order_shipping": _BY_ORDER,
    "order_shipping_method": _BY_METHOD.format(SQL("t.id")),
    "order_shipping_method_tax_line": _BY_METHOD.format(SQL("t.shipping_method_id")),
    "order_transaction": _BY_ORDER,
    "order_credit_line": _BY_ORDER,
    "order_change": _BY_ORDER,
    "order_change_action": _BY_ORDER,
    "order_payment_collection": _BY_ORDER,
    "payment_collection": _BY_COLLECTION.format(SQL("t.id")),
    "payment_session": _BY_COLLECTION.format(SQL("t.payment_collection_id")),
    "payment": _BY_COLLECTION.format(SQL("t.payment_collection_id")),
    "capture": _BY_PAYMENT.format(SQL("t.payment_id")),
    "refund": _BY_PAYMENT.format(SQL("t.payment_id")),
    "order_fulfillment": _BY_ORDER,
    "fulfillment": _BY_PARCEL.format(SQL("t.id")),
    "fulfillment_item": _BY_PARCEL.format(SQL("t.fulfillment_id")),
    "fulfillment_label": _BY_PARCEL.format(SQL("t.fulfillment_id")),
}
"""The tables that a copy has rows in, and which order a row `t` belongs to."""

_NAMES = {
    "id",
    "order_id",
    "item_id",
    "line_item_id",
    "shipping_method_id",
    "order_change_id",
    "payment_collection_id",
    "payment_session_id",
    "payment_id",
    "fulfillment_id",
    "reference_id",
}
"""The columns that name a copied row."""


def grow(port: int, name: str, orders: int) -> None:
    """Copy the orders of the seed in turn until the database has so many, dated evenly over the last two years."""
    with psycopg.connect(database.url(port, name)) as connection:
        connection.execute("set session_replication_role = replica")  # copies keep their references by construction
        _plan(connection, orders)
        for table in _OWNER:
            _copy(connection, table)
        connection.execute(
            """select setval(pg_get_serial_sequence('"order"', 'display_id'), (select max(display_id) from "order"))"""
        )
    database.analyze(port, name)


def _plan(connection: psycopg.Connection[TupleRow], orders: int) -> None:
    """A row for each copy. The numbers go on from the highest there is, and rise with time."""
    connection.execute(
        """
        create temporary table plan on commit drop as
        with seed as (
            select id, created_at, row_number() over (order by id) as place from "order" where not is_draft_order
        ), highest as (
            select max(display_id) as number, count(*) filter (where not is_draft_order) as orders from "order"
        ), wanted as (
            select %s - orders as copies from highest
        )
        select seed.id as order_id,
            '~' || n as mark,
            highest.number + n as number,
            seed.created_at - (now() - interval '1 minute' - interval '730 days' * (1 - n::float / copies)) as age
        from highest, wanted, generate_series(1, copies) n
        join seed on place = n %% (select count(*) from seed) + 1
        """,
        [orders],
    )
    connection.execute("analyze plan")


def _copy(connection: psycopg.Connection[TupleRow], table: str) -> None:
    columns = connection.execute(
        """
        select column_name, data_type from information_schema.columns
        where table_schema = 'public' and table_name = %s and is_generated = 'NEVER' and not (
            column_name = 'ordering' and table_name = 'order_change_action')
        """,
        [table],
    ).fetchall()
    connection.execute(
        SQL(
            "with source as materialized (select t.*, {owner} as owner from {table} t) "
            "insert into {table} ({columns}) select {values} from source t join plan on plan.order_id = owner"
        ).format(
            table=Identifier(table),
            columns=SQL(", ").join(Identifier(column) for column, _ in columns),
            values=SQL(", ").join(_value(table, column, kind) for column, kind in columns),
            owner=_OWNER[table],
        )
    )


def _value(table: str, column: str, kind: str) -> Composable:
    if (table, column) == ("order", "display_id"):
        return SQL("plan.number")
    value = SQL("t.{}").format(Identifier(column))
    if column in _NAMES:
        return value + SQL(" || plan.mark")
    if kind == "timestamp with time zone":
        return value + SQL(" - plan.age")
    return value
