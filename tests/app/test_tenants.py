"""What one workspace does is nothing to another: same answers, same requests, same rows, whether or not it acts."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from omnicart_plugin import stores, webos
from omnicart_plugin.demo.sample import sample
from omnicart_plugin.medusa import auth
from omnicart_plugin.sales import ledger, sight, trail, watch
from omnicart_plugin.webos import ActionCall, AppLaunch, HostEvent, PaletteQuery, PanelRequest
from tests.app.desk import Desk
from tests.app.worlds import MOMENT, NEVER, Step, World

MANIFEST = webos.manifest_of("omnicart")
SAMPLE = sample(datetime.now(UTC).date())
ITEMS: dict[str, list[str]] = {
    "order": [order.id for order in SAMPLE.trade.orders[-5:]],
    "product": [product.id for product in SAMPLE.stock.products[:2]],
    "customer": [customer.id for customer in SAMPLE.customers[:2]],
    "collection": [group.id for group in SAMPLE.stock.collections[:2]],
    "draft-order": [draft.id for draft in SAMPLE.trade.drafts[:2]],
}
ANY_ITEM = st.sampled_from([None, "order_never", *(item for items in ITEMS.values() for item in items)])
ACCOUNTS = st.sampled_from([0, 0, 0, 1, 2, -1, None])
SETTINGS = settings(
    max_examples=8,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[*HealthCheck],
    phases=[Phase.generate],
)
CLOCK = 1_000.0


def actions() -> st.SearchStrategy[Step]:
    users = st.fixed_dictionaries({"user": st.sampled_from(["one", "two"])})
    labels = st.fixed_dictionaries({"label": st.sampled_from(["", "Harbour", "Market"])})
    plain = st.fixed_dictionaries(
        {"item_id": ANY_ITEM, "confirmed": st.booleans(), "request_id": st.sampled_from(["", "r1", "r2"])}
    )
    inputs = {
        "account.connect": st.builds(dict.__or__, users, labels),
        "account.reconnect": users,
        "account.rename": labels,
    }
    names = st.sampled_from([*inputs, *MANIFEST.action_ids])
    return names.flatmap(
        lambda name: st.builds(
            lambda account, details, given: Step("action", name, account, {**details, "inputs": given}),
            ACCOUNTS,
            plain,
            inputs.get(name, st.just({})),
        )
    )


def panels() -> st.SearchStrategy[Step]:
    def of(name: str) -> st.SearchStrategy[Step]:
        items = st.sampled_from([*ITEMS[name], "never"]) if name in ITEMS else st.none()
        details = st.fixed_dictionaries({"item_id": items, "fresh": st.booleans()})
        return st.builds(Step, st.just("panel"), st.just(name), ACCOUNTS, details)

    return st.sampled_from(sorted(MANIFEST.panel_ids)).flatmap(of)


STEPS = st.one_of(
    panels(),
    actions(),
    st.builds(Step, st.just("launch"), st.just(""), ACCOUNTS, st.just({})),
    st.builds(
        Step,
        st.just("palette"),
        st.sampled_from(["", "12", "order", "harbour", "a"]),
        ACCOUNTS,
        st.fixed_dictionaries({"reach": st.sampled_from(["instant", "store"])}),
    ),
    st.builds(
        Step,
        st.just("event"),
        st.sampled_from(["refresh", "timer"]),
        ACCOUNTS,
        st.fixed_dictionaries({"panels": st.sampled_from([["orders"], ["overview", "orders"], ["product", "order"]])}),
    ),
)


@pytest.mark.anyio
async def test_an_account_of_another_workspace_is_as_one_that_never_was(desk: Desk) -> None:
    """Whatever is asked: byte for byte the same answer, and nothing of the other's is in it."""
    other = Desk(desk.host, "other")
    theirs = (await other.action("account.demo")).link.account_id
    await other.orders(theirs)
    await other.panel("order", account_id=theirs, item_id=ITEMS["order"][0])
    await desk.action("account.demo")
    told = desk.host.events()

    for step in every_step():
        answers = [(await raw(desk, step, account_id)).decode() for account_id in (theirs, NEVER)]
        of_theirs, of_none = (MOMENT.sub("T", answer) for answer in answers)
        assert of_theirs.replace(theirs, NEVER) == of_none, step
        if step.kind in {"launch", "panel", "action"} and step.name not in {"connect", "accounts", "account.demo"}:
            assert webos.decode(answers[0].encode(), webos.Problem).type == "not-found", step
    assert [event for event in told._queue if event.account_id in {theirs, NEVER}] == []
    assert len((await other.orders(theirs)).rows) == 20


def every_step() -> Iterator[Step]:
    yield Step("launch", "", None, {})
    for panel in MANIFEST.panel_ids:
        yield Step("panel", panel, None, {"item_id": ITEMS.get(panel, [None])[0], "fresh": True})
    for action in MANIFEST.action_ids:
        inputs = {"label": "Mine now", "secret_key": "sk_1", "base_url": "http://127.0.0.1:9", "title": "T"}
        details = {"item_id": ITEMS["order"][0], "confirmed": True, "inputs": inputs}
        yield Step("action", action, None, details)
    for reach in ("instant", "store"):
        for text in ("", "12", "order"):
            yield Step("palette", text, None, {"reach": reach})
    for name in ("refresh", "timer"):
        yield Step("event", name, None, {"panels": ["orders", "overview", "order"]})


async def raw(desk: Desk, step: Step, account_id: str) -> bytes:
    where: dict[str, Any] = {"ctx": desk.ctx, "account_id": account_id, **step.details}
    match step.kind:
        case "launch":
            return await desk.host.launch(AppLaunch(app_id="omnicart", **where))
        case "panel":
            return await desk.host.panel(PanelRequest(app_id="omnicart", panel=step.name, **where))
        case "palette":
            return await desk.host.palette(PaletteQuery(text=step.name, **where))
        case "event":
            await desk.host.event(HostEvent(name=step.name, **where))  # type: ignore[arg-type]  # one of the two names
            return b""
        case _:
            return await desk.host.action(ActionCall(app_id="omnicart", action=step.name, **where))


@pytest.fixture(params=["asyncio", "trio"])
def worlds(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[World]]:
    """One where both workspaces act, and one for each alone. Their clock stands still until a step moves it."""
    for module in (stores, auth, ledger, sight, trail, watch):
        monkeypatch.setattr(module, "monotonic", lambda: CLOCK)
    monkeypatch.setattr(watch, "GAP_SECONDS", 0.0)
    with ExitStack() as stack:
        yield [stack.enter_context(World(request.param, tmp_path / name).running()) for name in ("both", "ann", "bea")]


@pytest.mark.timeout(600)
def test_a_workspace_never_notices_that_another_one_acts(worlds: list[World]) -> None:
    together, *alone = worlds
    numbers = count()

    class Tenants(RuleBasedStateMachine):
        @initialize()
        def arrive(self) -> None:
            number = next(numbers)
            self.names = [f"ann{number}", f"bea{number}"]
            for who in (0, 1):
                self._compare({who: Step("action", "account.connect", None, {"inputs": {"user": "one"}})})

        @rule(who=st.integers(0, 1), step=STEPS)
        def one_acts(self, who: int, step: Step) -> None:
            self._compare({who: step})

        @rule(step=STEPS, first=st.integers(0, 1))
        def one_does_what_the_other_did(self, step: Step, first: int) -> None:
            self._compare({first: step})
            self._compare({1 - first: step})

        @rule(first=STEPS, second=STEPS)
        def both_act_at_once(self, first: Step, second: Step) -> None:
            self._compare({0: first, 1: second})

        @rule(seconds=st.sampled_from([20.0, 400.0]))
        def time_passes(self, seconds: float) -> None:
            global CLOCK  # noqa: PLW0603 - the worlds have one clock
            CLOCK += seconds

        def _compare(self, steps: dict[int, Step]) -> None:
            seen = together.do({self.names[who]: step for who, step in steps.items()})
            for who, step in steps.items():
                name = self.names[who]
                assert seen[name] == alone[who].do({name: step})[name]

    run_state_machine_as_test(Tenants, settings=SETTINGS)
