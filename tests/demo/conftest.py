import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from omnicart_plugin.demo import DEMO_BASE_URL, DEMO_CREDENTIALS, DemoTransport
from omnicart_plugin.medusa.queries import Get
from tests.demo.questions import Ask

TODAY = date(2026, 11, 24)


@pytest.fixture
async def visitor() -> AsyncIterator[httpx.AsyncClient]:
    """Signed in to the demo store."""
    async with httpx.AsyncClient(transport=DemoTransport(TODAY), base_url=DEMO_BASE_URL) as client:
        answer = await client.post("/auth/user/emailpass", content=msgspec.json.encode(DEMO_CREDENTIALS))
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


@pytest.fixture
def ask(visitor: httpx.AsyncClient) -> Ask:
    async def asked(question: Get[Any]) -> Any:
        return json.loads(await fetch(visitor, question))

    return asked


async def fetch(client: httpx.AsyncClient, question: Get[Any]) -> bytes:
    answer = await client.get(question.path, params=list(question.params))
    assert answer.status_code == 200, answer.text
    return answer.content
