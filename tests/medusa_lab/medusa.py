"""How a test reaches a store, its own or one that it was told of."""

from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Self

from .api import Api, by_key


@dataclass(frozen=True)
class Medusa:
    """Where a store is and how to sign in. `api` looks at it with other eyes than the product's."""

    url: str
    email: str
    password: str = field(repr=False)
    secret_key: str = field(repr=False)

    @cached_property
    def api(self) -> Api:
        """`api("GET", "/admin/orders?limit=1")` is the decoded answer, with fractions as `Decimal`."""
        return Api(self.url, by_key(self.secret_key))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.api.close()
