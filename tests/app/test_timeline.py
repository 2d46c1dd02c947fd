"""What an order's timeline tells of its changes."""

from datetime import UTC, datetime

import pytest

from omnicart_plugin.medusa.wire import Order, OrderChange
from omnicart_plugin.panels.timeline import timeline


@pytest.mark.parametrize(
    ("status", "told"),
    [("confirmed", ""), ("pending", "Begun, not finished"), ("requested", "Requested"), ("canceled", "Cancelled")],
)
def test_a_change_that_took_no_effect_yet_says_so(status: str, told: str) -> None:
    change = OrderChange(id="ordch_1", change_type="edit", status=status, created_at=datetime.now(UTC))
    (entry,) = timeline(Order(id="order_1"), (change,)).entries

    assert (entry.title, entry.text) == ("Order edited", told)
