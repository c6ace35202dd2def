"""One spelling of plain data, so that the same content has the same digest anywhere."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest_of(plain: Mapping[str, Any]) -> str:
    """SHA-256 of lists, numbers and words in one spelling."""
    spelled = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()
