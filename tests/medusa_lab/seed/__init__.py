"""Fill an empty store as a shop front and its staff would: every status and total in it is Medusa's own work.

The same calls with the same figures each time; only ids, keys and times differ.
"""

import random

from tests.medusa_lab.api import Api, by_password

from .catalogue import fill_shelves
from .customers import invite
from .drafts import draft
from .orders import sell
from .shop import open_shop


def seed(url: str, email: str, password: str) -> str:
    """The secret API key of the store that was filled."""
    chance = random.Random(7)  # noqa: S311 - the same store each time is what is wanted
    with Api(url) as admin, Api(url) as front:
        admin.headers = by_password(admin, email, password)
        shop = open_shop(admin, front)
        variants = fill_shelves(shop, chance)
        people = invite(shop)
        sell(shop, chance, variants, people)
        draft(shop, variants, people)
        secret: str = admin("POST", "/admin/api-keys", {"title": "OmniCart", "type": "secret"})["api_key"]["token"]
    return secret
