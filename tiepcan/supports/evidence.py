"""Files that show an outcome: checked, cleaned, and kept under names that say nothing."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile

from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.intake.document import Unreadable
from tiepcan.intake.photos import clean_photo
from tiepcan.supports.models import Evidence, Outcome, Support

LARGEST = 15 * 2**20
"""Bytes of one file as it comes; a phone's photo has about five million."""
MOST = 6
"""Files at a time."""


@dataclass(frozen=True)
class Clean:
    """One file ready to be kept."""

    name: str
    media_type: str
    content: bytes


def cleaned(files: Iterable[tuple[str, bytes]]) -> list[Clean]:
    """Photos written anew without their metadata, papers (.pdf) as they are. Raises NotAllowed naming the file."""
    done: list[Clean] = []
    for name, raw in files:
        if len(done) == MOST:
            raise NotAllowed(f"Mỗi lần thêm nhiều nhất {MOST} tệp minh chứng.")
        if len(raw) > LARGEST:
            raise NotAllowed(f"“{name}”: tệp nặng hơn {LARGEST // 2**20} MB. Chụp hoặc quét lại nhỏ hơn.")
        if raw.startswith(b"%PDF-"):
            done.append(Clean(name[-200:], "application/pdf", raw))
            continue
        try:
            done.append(
                Clean(f"{name.rpartition('.')[0] or name}"[-190:] + ".jpg", "image/jpeg", clean_photo(raw))
            )
        except Unreadable as problem:
            raise NotAllowed(f"“{name}”: {problem} Tệp .pdf cũng được.") from None
    return done


def keep(shows: Outcome | Support, files: Sequence[Clean], by_name: str) -> list[Evidence]:
    """Write the files and their rows; to be called inside the act that they belong to."""
    shown = {"outcome" if isinstance(shows, Outcome) else "support": shows}
    kept: list[Evidence] = []
    try:
        for file in files:
            row = Evidence(
                **shown,
                name=file.name,
                media_type=file.media_type,
                size=len(file.content),
                sha256=hashlib.sha256(file.content).hexdigest(),
                added_at=clock.now(),
                by_name=by_name,
            )
            row.file.save(f"{row.pk}.bin", ContentFile(file.content), save=False)
            kept.append(row)
            row.save(force_insert=True)
    except BaseException:
        forget(kept)
        raise
    return kept


def forget(kept: Iterable[Evidence]) -> None:
    """Take files away again whose rows were not written after all."""
    for row in kept:
        row.file.storage.delete(row.file.name)
