"""Keys as addresses and forms bring them."""

import uuid

_NONE = uuid.UUID(int=0)
"""The key of no row."""


def key_in(written: str) -> uuid.UUID:
    """The key that was written, or one that no row has."""
    try:
        return uuid.UUID(written)
    except ValueError:
        return _NONE


def is_key(written: str) -> bool:
    return key_in(written) != _NONE
