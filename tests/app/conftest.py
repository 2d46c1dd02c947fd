from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with webos.LocalHost(data_dir=tmp_path / "data", allow_private_network=True) as host:
        yield Desk(host)
