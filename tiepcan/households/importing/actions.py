"""What people do with files of households. The work itself is done by the worker (`tasks`)."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping

from django.core.files.base import ContentFile
from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Person
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.folding import folded_key
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households.importing import undoing
from tiepcan.households.models import GIVEN_UP, ColumnChoice, Import, ImportState
from tiepcan.households.sheets.records import Sure
from tiepcan.households.workflow import may_import
from tiepcan.units.models import Unit

LARGEST = 100 * 2**20
"""Bytes of one file: a million rows."""


def receive(*, id: uuid.UUID, raw: bytes, name: str, unit: Unit, year: int, by: Doer) -> Import:
    """Take a file in and have it read. The same file for the same unit and year is the one that was taken in before.

    A file sent for a unit above several wards goes to the one ward that its name says, if it does. Raises NotAllowed
    for a person of another unit, and for a file that is empty or too large.
    """
    may_import(unit, by)
    if not raw.strip():
        raise NotAllowed("Tệp trống. Chọn lại tệp danh sách hộ.")
    if len(raw) > LARGEST:
        raise NotAllowed(f"Tệp nặng hơn {LARGEST // 2**20} MB. Chia tệp theo phường, xã rồi gửi từng tệp.")
    unit = named_in(name, unit) or unit
    digest = hashlib.sha256(raw).hexdigest()
    if known := _taken_in(unit, year, digest):
        return known
    file = Import(
        id=id,
        unit=unit,
        year=year,
        name=name[-200:],
        sha256=digest,
        size=len(raw),
        created_at=clock.now(),
        by=by if isinstance(by, Person) else None,
        by_name=by.full_name,
    )
    try:
        with act("file.received", by=by):
            # The name that was given may be somebody's: on disk it is a key.
            file.file.save(f"{id}.bin", ContentFile(raw), save=False)
            file.save(force_insert=True)
            _have_it_read(file)
    except IntegrityError:
        file.file.delete(save=False)
        if known := _taken_in(unit, year, digest):
            return known
        raise NotAllowed("Tệp này vừa được gửi. Tải lại trang để xem.") from None
    return file


def _taken_in(unit: Unit, year: int, digest: str) -> Import | None:
    return Import.objects.standing().filter(unit=unit, year=year, sha256=digest).first()


def named_in(name: str, unit: Unit) -> Unit | None:
    """The one ward or commune below the unit whose name stands in a file's name; None for none or several."""
    words = f" {' '.join(folded_key(name).replace('_', ' ').replace('-', ' ').replace('.', ' ').split())} "
    below = Unit.objects.within(unit).valid_on(clock.today()).filter(children__isnull=True)
    found = [one for one in below if f" {folded_key(one.name)} " in words]
    longest = max((len(one.name) for one in found), default=0)
    found = [one for one in found if len(one.name) == longest]
    return found[0] if len(found) == 1 else None


def choose(
    *, file: Import, choices: Mapping[str, str], unit: Unit | None = None, remember: bool = True, by: Doer
) -> Import:
    """Say what columns mean (meaning by heading key), or whose the file is, and have it read again.

    What is said of columns is remembered for the next files of the unit.
    """
    may_import(file.unit, by)
    if unit is not None:
        may_import(unit, by)
        if not file.unit.covers(unit):
            raise NotAllowed("Chọn phường, xã trong địa bàn của tệp.")
    with act("file.explained", by=by):
        current = _locked(
            file, ImportState.READ, "Tệp này không ở bước xem trước nên không đổi được cách hiểu."
        )
        current.choices = {**current.choices, **choices}
        if unit is not None:
            current.unit = unit
        if remember:
            for heading, meaning in choices.items():
                ColumnChoice.objects.update_or_create(
                    unit=current.unit, heading=heading[:300], defaults={"meaning": meaning}
                )
        _have_it_read(current)
    return current


def write(*, file: Import, without_rejected: bool, by: Doer) -> Import:
    """Have what the preview showed written as a whole.

    Raises NotAllowed while a column waits for a choice, while rows are refused and the person did not say to leave
    them out, or when there is nothing to write.
    """
    may_import(file.unit, by)
    with act("file.write_asked", by=by):
        current = _locked(file, ImportState.READ, "Tệp này không ở bước xem trước nên không ghi được.")
        if problem := why_not_written(current, without_rejected=without_rejected):
            raise NotAllowed(problem)
        current.without_rejected, current.state, current.progress = without_rejected, ImportState.QUEUED, 0
        current.by, current.by_name = (by if isinstance(by, Person) else None), by.full_name
        current.save()
        from tiepcan.households.tasks import see_to

        see_to(current)
    return current


def write_all(*, files: Iterable[Import], by: Doer) -> tuple[int, int]:
    """Have every file written that nothing waits for: read, no row refused, something to write.

    Each is an act of its own. Returns how many were sent to the worker, and how many wait for somebody to look.
    """
    sent = left = 0
    for file in files:
        try:
            write(file=file, without_rejected=False, by=by)
        except NotAllowed:
            left += 1
        else:
            sent += 1
    return sent, left


def why_not_written(file: Import, *, without_rejected: bool) -> str | None:
    """Why the file cannot be written yet, as a sentence; None when it can."""
    if waiting := [
        column["heading"]
        for table in file.understanding.get("tables", [])
        for column in table["columns"]
        if column["sure"] == Sure.AMBIGUOUS
    ]:
        return f"Còn cột chưa rõ nghĩa: “{waiting[0]}”. Chọn nghĩa của cột trước khi ghi."
    if not file.accepted + file.changed and file.rejected:
        return (
            f"Không ghi được: {file.rejected} dòng có hộ đều bị từ chối. Sửa các ô sai trong tệp rồi gửi lại."
        )
    if not file.accepted + file.changed:
        return "Không có gì để ghi: tệp không thêm và không đổi hộ nào."
    if file.rejected and not without_rejected:
        return f"Còn {file.rejected} dòng bị từ chối. Sửa tệp rồi gửi lại, hoặc chọn để các dòng đó ra ngoài."
    return None


def take_back(*, file: Import, by: Doer) -> Import:
    """Have what a file wrote taken back as a whole, until the end of the day on which it was written.

    Raises NotAllowed after that day. Whether something was done since is asked when it is done.
    """
    may_import(file.unit, by)
    with act("file.undo_asked", by=by):
        current = _locked(file, ImportState.DONE, "Chỉ hoàn tác được tệp đã ghi vào sổ.")
        if problem := undoing.why_not(current):
            raise NotAllowed(problem)
        current.state, current.message, current.progress = ImportState.UNDO_ASKED, "", 0
        current.undone_by, current.undone_by_name = (by if isinstance(by, Person) else None), by.full_name
        current.save()
        from tiepcan.households.tasks import see_to

        see_to(current)
    return current


def stop(*, file: Import, by: Doer) -> Import:
    """Stop what the worker does with a file; the registry stays as it was."""
    may_import(file.unit, by)
    with act("file.stopped", by=by):
        current = Import.objects.select_for_update(of=("self",)).select_related("unit").get(pk=file.pk)
        if not current.is_under_way:
            raise NotAllowed(f"Không còn gì để dừng: {current.get_state_display().lower()}.")
        current.stop_asked = True
        if current.state in (ImportState.WAITING, ImportState.QUEUED):
            current.state, current.finished_at = ImportState.STOPPED, clock.now()
        elif current.state == ImportState.UNDO_ASKED:
            current.state, current.stop_asked, current.message = ImportState.DONE, False, undoing.STOPPED
        current.save()
    return current


def discard(*, file: Import, by: Doer) -> Import:
    """Give a file up before it is written; its rows are forgotten."""
    may_import(file.unit, by)
    with act("file.discarded", by=by):
        current = _locked(file, ImportState.READ, "Chỉ bỏ được tệp đang ở bước xem trước.")
        current.lines.all().delete()
        current.problems.all().delete()
        current.state, current.finished_at = ImportState.DISCARDED, clock.now()
        current.save()
    return current


def _have_it_read(file: Import) -> None:
    from tiepcan.households.tasks import see_to

    file.state, file.message, file.progress, file.stop_asked = ImportState.WAITING, "", 0, False
    file.save()
    see_to(file)


def _locked(file: Import, state: ImportState, otherwise: str) -> Import:
    current = Import.objects.select_for_update(of=("self",)).select_related("unit").get(pk=file.pk)
    if current.content_gone:
        raise NotAllowed(current.content_gone)
    if current.state != state:
        said = current.get_state_display().lower()
        raise (Stale if current.state not in GIVEN_UP else NotAllowed)(f"{otherwise} Bây giờ: {said}.")
    return current
