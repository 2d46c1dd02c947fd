"""A sample store: a Medusa in memory that is spoken to like any other, and refuses every change."""

from omnicart_plugin.demo.transport import DEMO_BASE_URL, DEMO_CREDENTIALS, DemoTransport

__all__ = ["DEMO_BASE_URL", "DEMO_CREDENTIALS", "DemoTransport"]
