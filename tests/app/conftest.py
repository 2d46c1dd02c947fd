import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk
from tests.app.small_shop import SmallShop, Way
from tests.medusa.raw_server import raw_server


@pytest.fixture
async def desk(tmp_path: Path, first_start: Path) -> AsyncIterator[Desk]:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(first_start, folder)
    async with webos.LocalHost(data_dir=folder, allow_private_network=True) as host:
        yield Desk(host)


@pytest.fixture
def shop() -> SmallShop:
    return SmallShop()


@pytest.fixture
async def way(shop: SmallShop) -> AsyncIterator[Way]:
    """To the small shop, with the answers that a test lets be lost."""
    between = Way(shop)
    async with raw_server(between.reply) as between.server:
        yield between
