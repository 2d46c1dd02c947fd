"""What comes from outside, made into what panels and actions expect, or refused in words."""

from collections.abc import Mapping

import msgspec

from omnicart_plugin.panels.registry import USUAL_ROWS, PanelSpec
from omnicart_plugin.panels.visit import InvalidError, refused
from omnicart_plugin.webos import PanelRequest

LIMIT_MAX = 200
OFFSET_MAX = 10_000_000
TEXT_MAX = 5000


def read_request(request: PanelRequest, spec: PanelSpec) -> PanelRequest:
    """The page inside its bounds. Raises RefusedError for a filter, value or sort that the panel does not have."""
    for key, value in request.filters.items():
        if key not in spec.filters or value not in {option.value for option in spec.filters[key]}:
            raise refused("bad-request", "No such filter", f"This list cannot be filtered by {key[:40]} like that.")
    if request.sort and request.sort.removeprefix("-") not in spec.sorts:
        raise refused("bad-request", "No such sorting", "This list cannot be sorted like that.")
    if spec.of_item and not request.item_id:
        raise refused("bad-request", "Nothing was chosen", "Choose what to show from its list.")
    limit = spec.rows if request.limit == USUAL_ROWS else request.limit
    return msgspec.structs.replace(
        request,
        limit=max(1, min(limit, LIMIT_MAX)),
        offset=max(0, min(request.offset, OFFSET_MAX)),
        search=request.search.strip()[:TEXT_MAX],
    )


def read_inputs(given: Mapping[str, object], expected: type[msgspec.Struct]) -> msgspec.Struct:
    """Raises RefusedError for an input that nobody asked for, InvalidError for one of another type or too long."""
    fields = {field.name: field for field in msgspec.structs.fields(expected)}
    if given.keys() - fields.keys():
        raise refused("bad-request", "Something was sent that does not belong here", "Reload the page and try again.")
    errors = {name: _fault(value, fields[name].type) for name, value in given.items()}
    if any(errors.values()):
        raise InvalidError({name: fault for name, fault in errors.items() if fault})
    return msgspec.convert(given, expected)


def _fault(value: object, kind: object) -> str:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return "This is not what belongs here."
    return "This is too long." if isinstance(value, str) and len(value) > TEXT_MAX else ""
