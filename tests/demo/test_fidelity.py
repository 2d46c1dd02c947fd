"""The demo cannot drift from Medusa: both are asked every question, and the answers have one shape."""

import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from omnicart_plugin.medusa import queries
from omnicart_plugin.medusa.queries import Get
from tests.demo.questions import Ask, askable, every_question
from tests.demo.shapes import Shape, differences, nullable, shape_of
from tests.medusa_lab import Medusa
from tests.medusa_lab.api import Refused

pytestmark = pytest.mark.anyio


async def _shapes(ask: Ask, most: int) -> dict[str, Shape]:
    asked = await every_question(ask, most)
    return {
        name: shape_of([await ask(question) for question in questions], questions[0].type)
        for name, questions in asked.items()
    }


async def test_no_question_is_forgotten(ask: Ask) -> None:
    assert set(await every_question(ask)) == askable()


@pytest.mark.medusa
@pytest.mark.timeout(240)  # about 150 requests, one after the other
@pytest.mark.parametrize("anyio_backend", ["asyncio"])  # one look at the real store is enough
async def test_the_demo_answers_every_question_in_the_shape_that_medusa_does(ask: Ask, medusa: Medusa) -> None:
    async def ask_medusa(question: Get[Any]) -> Any:
        return medusa.api("GET", f"{question.path}?{urlencode(question.params)}")

    read_as = {name: questions[0].type for name, questions in (await every_question(ask)).items()}
    real, demo = await _shapes(ask_medusa, most=20), await _shapes(ask, most=1000)
    found = {name: differences(real[name], demo[name], nullable(read_as[name])) for name in demo}
    assert {name: what for name, what in found.items() if what} == {}


UNKNOWN = (
    queries.order("order_1"),
    queries.order_changes("order_1"),
    queries.draft_order("../orders"),
    queries.product("prod_1"),
    queries.variants("prod_1"),
    queries.collection("pcol_1"),
    queries.customer("cus_1"),
    queries.orders(sort="-total"),
    queries.orders(offset=10_000),
    queries.search("a", limit=200),
)


@pytest.mark.medusa
@pytest.mark.parametrize("question", UNKNOWN, ids=lambda question: question.path)
async def test_the_demo_knows_nothing_in_the_words_that_medusa_has_for_it(
    visitor: httpx.AsyncClient, medusa: Medusa, question: Get[Any]
) -> None:
    path = f"{question.path}?{urlencode(question.params)}"
    answer = await visitor.get(path)
    try:
        status, body = 200, medusa.api("GET", path)
    except Refused as refused:
        status, body = refused.status, json.loads(refused.args[0].partition(f"{refused.status} ")[2])
    body.pop("count", None)
    assert (answer.status_code, {**answer.json(), **body}) == (status, answer.json())


async def test_a_store_that_differs_is_told_apart() -> None:
    real: Shape = {"": {"object"}, ".orders": {"list"}, ".orders[]": {"object"}, ".orders[].total": {"number"}}
    total = ".orders[].total"
    assert differences(real, real, set()) == []
    for path, kinds in ((total, {"text"}), (total, {"number", "null"}), (".orders[].new", {"flag"})):
        assert len(differences(real, {**real, path: kinds}, set())) == 1
    assert len(differences(real, {path: real[path] for path in list(real)[:3]}, set())) == 1
    assert differences(real, {**real, total: {"number", "null"}}, {total}) == []
