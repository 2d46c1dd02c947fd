"""Ids and moments that follow from what they are for, and the day."""

from base64 import b32encode
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b


def new_id(prefix: str, *key: object) -> str:
    """Like Medusa's own: a prefix and 26 letters and digits. The same key makes the same id."""
    digest = blake2b(repr((prefix, *key)).encode(), digest_size=15).digest()
    return f"{prefix}_01{b32encode(digest).decode()}"


def moment(today: date, days_ago: int, seconds: int = 0) -> datetime:
    """`seconds` after the midnight, by UTC, that began the day."""
    return datetime.combine(today - timedelta(days=days_ago), time(tzinfo=UTC)) + timedelta(seconds=seconds)
