"""A real Medusa store of one's own on loopback, for tests and for trying things out.

`python -m tests.medusa_lab up` prints how to reach a store; `open_store` gives one to a fixture.
"""

from .admin import admin
from .machine import missing, postgres_programs
from .medusa import Medusa
from .store import Store, open_store, store_on
from .template import template

__all__ = ["Medusa", "Store", "admin", "missing", "open_store", "postgres_programs", "store_on", "template"]
