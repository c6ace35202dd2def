"""Files of households are kept for a time and then forgotten: their bytes, their rows, their problems (xóa nội dung tệp).

What they changed in the registry stays in its history, and the file's own row stays with its counts and its hash: the
same file sent again is still known.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Coalesce

from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.households.models import GIVEN_UP, Import, ImportState
from tiepcan.households.models.imports import ImportQuerySet


def due() -> ImportQuerySet:
    """Files whose time is over and whose content is still there; never one that the worker has something to do with."""
    now = clock.now()
    ended = Q(
        state__in=(ImportState.DONE, *GIVEN_UP),
        ended__lte=now - timedelta(days=settings.FORGET_FILES_AFTER),
    )
    undecided = Q(
        state=ImportState.READ, created_at__lte=now - timedelta(days=settings.FORGET_UNDECIDED_FILES_AFTER)
    )
    return Import.objects.annotate(ended=Coalesce("undone_at", "finished_at", "created_at")).filter(
        ended | undecided, forgotten_at=None
    )


def forget(file: Import) -> bool:
    """Forget a file's content, if its time is over. Returns whether it was.

    One that waited for a decision is given up by it, so that the same file may come again.
    """
    with act("file.forgotten", by=None):
        current = Import.objects.select_for_update(of=("self",)).get(pk=file.pk)
        # Asked of the row that is held: somebody may have decided about it since it was found.
        if not due().filter(pk=file.pk).exists():
            return False
        current.lines.all().delete()
        current.problems.all().delete()
        if current.file:
            # Before the rows are gone for good: cut off in between, the next run finds the file and ends it.
            current.file.delete(save=False)
        current.file = ""
        current.forgotten_at = clock.now()
        if current.state == ImportState.READ:
            current.state, current.finished_at = ImportState.DISCARDED, current.forgotten_at
        # What the reading understood quotes cells, and what was last said of it may name households.
        current.understanding, current.stamps, current.marks, current.message = {}, {}, {}, ""
        current.save()
    return True
