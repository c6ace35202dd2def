"""What an installation keeps in its data folder besides rows: its secrets, its files, and a demonstration's day."""

import os
import secrets
from datetime import date
from pathlib import Path


def secret_key(folder: Path) -> str:
    """The key that signs sessions and forms: made once, readable by the owner alone."""
    return _secret(folder, "secret-key")


def identity_key(folder: Path) -> str:
    """The key that encrypts identity numbers. Lost, the numbers are lost: it belongs into every backup, apart from the rows."""
    return _secret(folder, "identity-key")


def _secret(folder: Path, name: str) -> str:
    file = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="utf-8")
    except OSError as problem:
        raise SystemExit(
            f"Không ghi được vào thư mục dữ liệu {folder} (TIEPCAN_DATA): {problem.strerror}."
        ) from None
    key = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(key)
    return key


def demonstration_day(folder: Path) -> date | None:
    """The day on which a demonstration stands still; None in a real installation."""
    file = folder / "demonstration-day"
    return date.fromisoformat(file.read_text(encoding="utf-8").strip()) if file.exists() else None


def stand_still_on(folder: Path, day: date) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demonstration-day").write_text(f"{day.isoformat()}\n", encoding="utf-8")
