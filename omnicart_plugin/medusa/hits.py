"""What one search through everything found."""

from omnicart_plugin.medusa.wire import Wire


class Hit(Wire, frozen=True, kw_only=True):
    """Of any kind: an order has a number and an email, a customer names and an email, the others a title."""

    id: str
    display_id: int | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None


class Hits(Wire, frozen=True, kw_only=True):
    entity: str
    data: tuple[Hit, ...] = ()


class SearchResults(Wire, frozen=True, kw_only=True):
    results: tuple[Hits, ...]
