from collections.abc import AsyncIterator

import anyio
import pytest
from anyio.abc import TaskGroup


@pytest.fixture
async def tasks() -> AsyncIterator[TaskGroup]:
    """Where clients' requests run; what is still under way at the end of a test is given up."""
    async with anyio.create_task_group() as group:
        yield group
        group.cancel_scope.cancel()
