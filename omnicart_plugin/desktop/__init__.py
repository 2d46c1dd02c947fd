"""A WebOS in the browser, for any app that keeps the contract."""

from omnicart_plugin.desktop.server import serve

__all__ = ["serve"]
