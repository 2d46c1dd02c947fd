"""What goes wrong with a database, in one error with a sentence for a person."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

_UNREACHABLE = "The database cannot be reached."
_BUSY = "The database is busy. Try again in a moment."
_FULL = "The disk of the database is full."
_READ_ONLY = "The database cannot be written."
_DAMAGED = "The database file is damaged or not a database."
_FAULTY = "The database refused the change."

_BY_SQLITE_CODE = {
    5: _BUSY,
    6: _BUSY,
    8: _READ_ONLY,
    10: _UNREACHABLE,
    11: _DAMAGED,
    13: _FULL,
    14: _UNREACHABLE,
    26: _DAMAGED,
}
"""Primary result codes, https://www.sqlite.org/rescode.html."""
_BY_SQLSTATE = {
    "53100": _FULL,
    "55P03": _BUSY,
    "40P01": _BUSY,
    "40001": _BUSY,
    "57014": _BUSY,
    "53300": _BUSY,
    "25006": _READ_ONLY,
}
"""https://www.postgresql.org/docs/current/errcodes-appendix.html."""


class StorageError(Exception):
    """The database did not do it. Its text is fit for a person and holds no data."""


def storage_error(error: DBAPIError | NoConnectionError) -> StorageError:
    if isinstance(error, NoConnectionError):
        return StorageError(_BUSY)
    cause = error.orig
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return StorageError(_BY_SQLITE_CODE.get(code & 0xFF, _FAULTY))
    state: str | None = getattr(cause, "sqlstate", None)
    if state is None or (state[:2] in {"08", "57"} and state not in _BY_SQLSTATE):
        return StorageError(_UNREACHABLE)
    return StorageError(_BY_SQLSTATE.get(state, _FAULTY))
