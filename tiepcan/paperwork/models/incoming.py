"""Papers that came in, and the registers that gave them their numbers."""

import uuid
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from tiepcan.accounts.models import Organisation, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.paperwork.bodies import bodies_of

# A paper that is entered alone moves its register on: a change from anywhere else arrives at this depth.
_MOVED_BY_ITS_PAPERS_ALONE = """
IF TG_OP = 'INSERT' THEN
    IF NEW.last <> NEW.first - 1 THEN
        RAISE EXCEPTION 'a register begins empty' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END IF;
IF pg_trigger_depth() > 1 THEN RETURN NEW; END IF;
RAISE EXCEPTION 'a register is moved on by its papers' USING ERRCODE = 'check_violation';
"""


class IncomingRegisterQuerySet(models.QuerySet["IncomingRegister"]):
    def visible_to(self, person: Person) -> Self:
        """Registers of the bodies whose registers the person keeps."""
        if not person.may(May.KEEP_REGISTERS):
            return self.none()
        return self.filter(body__in=bodies_of(person))


@audited()
class IncomingRegister(models.Model):
    """One register of papers that came in (sổ văn bản đến): one body, one year, one sequence from 1.

    `first` is the first number kept here: above 1 where the year began in a paper book. `last` is the number given last;
    the trigger of `Incoming` keeps it.
    """

    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="incoming_registers", verbose_name="cơ quan nhận"
    )
    year = models.PositiveSmallIntegerField("năm")
    first = models.PositiveIntegerField("số đầu", default=1)
    last = models.PositiveIntegerField("số cuối", default=0)

    objects = IncomingRegisterQuerySet.as_manager()

    class Meta:
        verbose_name = "sổ văn bản đến"
        ordering = ["-year", "body"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "year"], name="incoming_register_once_for_a_body_and_year"
            ),
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first") - 1),
                name="incoming_register_counts_from_its_first_number",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="incoming_register_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="incoming_register_moves_by_its_papers",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_MOVED_BY_ITS_PAPERS_ALONE,
            ),
        ]

    def __str__(self) -> str:
        return f"Sổ văn bản đến năm {self.year}"


class Urgency(models.TextChoices):
    """How urgent a paper is (mức độ khẩn): Decree 30/2020/NĐ-CP, Appendix I, part I, section II.10."""

    PLAIN = "plain", "Thường"
    URGENT = "urgent", "Khẩn"
    VERY_URGENT = "very_urgent", "Thượng khẩn"
    AT_ONCE = "at_once", "Hỏa tốc"


class IncomingState(models.TextChoices):
    """What became of a paper that came in (tình trạng xử lý)."""

    WAITING = "waiting", "Chờ xử lý"
    HANDLED = "handled", "Đã xử lý"


class IncomingQuerySet(models.QuerySet["Incoming"]):
    def visible_to(self, person: Person) -> Self:
        """Papers in the registers that the person keeps."""
        if not person.may(May.KEEP_REGISTERS):
            return self.none()
        return self.filter(register__body__in=bodies_of(person))

    def waiting(self) -> Self:
        return self.filter(state=IncomingState.WAITING)

    def naming(self, words: str) -> Self:
        """Those of which each of these words begins one of theirs; `words` as `words_of` folds them."""
        found = self
        for word in words.split():
            found = found.filter(search_key__contains=f" {word}")
        return found


_NEXT_ONLY = """
SELECT * INTO book FROM paperwork_incomingregister WHERE id = NEW.register_id FOR UPDATE;
IF NEW.number <> book.last + 1 THEN
    RAISE EXCEPTION 'number % does not follow % of its register', NEW.number, book.last
        USING ERRCODE = 'check_violation';
END IF;
IF extract(year FROM NEW.arrived_on) <> book.year THEN
    RAISE EXCEPTION 'a paper of % is not of the year %', NEW.arrived_on, book.year USING ERRCODE = 'check_violation';
END IF;
UPDATE paperwork_incomingregister SET last = NEW.number WHERE id = NEW.register_id;
RETURN NEW;
"""


@audited(exclude=["search_key", "twin_key"])
class Incoming(models.Model):
    """One paper that came in (văn bản đến) under its number (số đến), given once, in its order, and never again.

    Decree 30/2020/NĐ-CP, Article 22. What was entered stays; only what became of the paper changes. `file` is kept as it
    came, under a name that says nothing; `signature` is what its check found ({"verdict", "sentence"}), empty when it could
    not be checked. `twin_why` says why it was entered although the register had one like it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    register = models.ForeignKey(
        IncomingRegister, models.PROTECT, related_name="papers", verbose_name="sổ văn bản đến"
    )
    number = models.PositiveIntegerField("số đến")
    arrived_on = models.DateField("ngày đến")
    sender = models.CharField("cơ quan gửi", max_length=200)
    code = models.CharField("số, ký hiệu", max_length=60, blank=True)
    dated = models.DateField("ngày văn bản", null=True)
    kind = models.CharField("tên loại", max_length=100, blank=True)
    title = models.CharField("trích yếu", max_length=500)
    urgency = models.CharField("mức độ khẩn", max_length=20, choices=Urgency.choices, default=Urgency.PLAIN)
    due_on = models.DateField("hạn xử lý", null=True)
    twin_why = models.CharField("vì sao vào sổ lần nữa", max_length=300, blank=True)
    twin_key = models.CharField(max_length=500, blank=True)
    name = models.CharField("tên tệp", max_length=200, blank=True)
    media_type = models.CharField("loại tệp", max_length=100, blank=True)
    size = models.PositiveIntegerField("dung lượng", default=0, help_text="Bytes.")
    sha256 = models.CharField("mã băm", max_length=64, blank=True)
    file = models.FileField("tệp", upload_to="van-ban-den/", blank=True)
    signature: Any = models.JSONField("chữ ký số", null=True)
    entered_at = models.DateTimeField("vào sổ lúc")
    by_name = models.CharField("người vào sổ", max_length=120)
    state = models.CharField(
        "tình trạng", max_length=20, choices=IncomingState.choices, default=IncomingState.WAITING
    )
    handled_note = models.CharField("kết quả xử lý", max_length=1000, blank=True)
    handled_at = models.DateTimeField("xử lý xong lúc", null=True)
    handled_by = models.CharField("người xử lý", max_length=120, blank=True)
    search_key = models.CharField(max_length=1100)

    objects = IncomingQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản đến"
        ordering = ["-register__year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="incoming_number_once_in_a_register"),
            models.UniqueConstraint(
                fields=["register", "twin_key"],
                condition=Q(twin_why="") & ~Q(twin_key=""),
                name="incoming_paper_once_without_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=IncomingState.WAITING, handled_at=None, handled_note="")
                | Q(state=IncomingState.HANDLED, handled_at__isnull=False) & ~Q(handled_note=""),
                name="incoming_paper_is_handled_with_a_note",
            ),
        ]
        indexes = [models.Index(fields=["register", "state", "-number"], name="incoming_by_state")]
        triggers = [
            pgtrigger.Protect(name="incoming_paper_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="incoming_paper_is_as_it_came",
                exclude=["state", "handled_note", "handled_at", "handled_by", "signature"],
            ),
            pgtrigger.Trigger(
                name="incoming_number_follows_the_last",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("book", "paperwork_incomingregister%ROWTYPE")],
                func=_NEXT_ONLY,
            ),
        ]

    def __str__(self) -> str:
        return f"Số đến {self.number}: {self.title}"

    @property
    def is_waiting(self) -> bool:
        return self.state == IncomingState.WAITING

    @property
    def called(self) -> str:
        """Kind and code, as papers are spoken of: "Công văn 12/STTTT-VP"."""
        return " ".join(part for part in (self.kind, self.code) if part) or "Văn bản không số"
