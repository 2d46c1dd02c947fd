"""JSON Schemas of every request and answer, made from the structs; `schemas/contract.json` holds what they make."""

import msgspec

from omnicart_plugin.webos.requests import ActionCall, AppLaunch, HostEvent, PaletteQuery, PanelRequest
from omnicart_plugin.webos.results import Answer

REQUESTS = (AppLaunch, PaletteQuery, PanelRequest, ActionCall, HostEvent)


def contract_schema() -> bytes:
    """One document in draft 2020-12, a definition for each struct under its name: ``#/$defs/PanelRequest``."""
    _unused, parts = msgspec.json.schema_components([*REQUESTS, *Answer.__args__], ref_template="#/$defs/{name}")
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a WebOS and its apps say to each other",
        "$defs": parts,
    }
    return msgspec.json.format(msgspec.json.encode(document, order="deterministic")) + b"\n"
