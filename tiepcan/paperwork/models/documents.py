"""Papers that go out, from draft to issue: what they say, what was done with them, their tables that answer, where they went."""

import uuid
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Organisation, Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.codes import spelled
from tiepcan.paperwork.kinds import name_of
from tiepcan.paperwork.models.registers import Number
from tiepcan.paperwork.models.signatories import Signatory
from tiepcan.paperwork.writing.plain import from_plain
from tiepcan.paperwork.writing.records import Paper


class Stage(models.TextChoices):
    """Where a paper stands on its way out (tình trạng của văn bản đi)."""

    DRAFT = "draft", "Dự thảo"
    PROPOSED = "proposed", "Chờ ký"
    RETURNED = "returned", "Trả lại"
    SIGNED = "signed", "Đã ký, chờ vào số"
    ISSUED = "issued", "Đã phát hành"
    RECALLED = "recalled", "Đã thu hồi"
    CANCELLED = "cancelled", "Đã hủy số"
    DROPPED = "dropped", "Đã bỏ"


WRITTEN = (Stage.DRAFT, Stage.RETURNED)
"""Stages in which what a paper says may change."""
ENDED = (Stage.RECALLED, Stage.CANCELLED, Stage.DROPPED)
"""Stages after which another paper may be made of the same row."""
OUT = (Stage.ISSUED, Stage.RECALLED)
"""Stages of papers that recipients have."""


class Signed(models.TextChoices):
    """How a paper was signed (cách ký)."""

    BY_CERTIFICATE = "certificate", "Ký số"
    ON_PAPER = "paper", "Ký trên giấy"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, person: Person) -> Self:
        """Papers that the person drafts or keeps; of leaders those that left the drafter's table; what came to their organisation."""
        received = Dispatch.objects.filter(
            document=models.OuterRef("pk"), organisation=person.organisation_id
        )
        mine = Q(Q(stage__in=OUT) & models.Exists(received))
        if person.may(May.KEEP_REGISTERS) or person.may(May.DRAFT_PAPERS):
            mine |= Q(body__in=bodies_of(person)) | Q(drafted_by=person.organisation_id)
        if person.may(May.SIGN_REPORTS):
            mine |= Q(body=person.organisation_id) & ~Q(stage__in=[*WRITTEN, Stage.DROPPED])
        return self.filter(mine)


@audited(exclude=["paper", "search_key"])
class Document(models.Model):
    """One paper that goes out (văn bản đi), from its draft to its issue.

    `paper` is what it says (`writing.plain`), `digest` that of it: whoever decides, decides on what they saw. `origin` names the
    row that it was made of ("reporting.report:<key>"); `sources` say how its tables were computed, by their keys.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="documents", verbose_name="cơ quan ban hành"
    )
    drafted_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="drafts", verbose_name="đơn vị soạn thảo"
    )
    kind = models.CharField("loại văn bản", max_length=10, blank=True)
    symbol = models.CharField("ký hiệu", max_length=60)
    title = models.CharField("trích yếu", max_length=500)
    paper = models.JSONField("nội dung")
    digest = models.CharField("mã băm nội dung", max_length=64)
    draft = models.PositiveSmallIntegerField("dự thảo lần", default=1)
    stage = models.CharField("tình trạng", max_length=20, choices=Stage.choices, default=Stage.DRAFT)
    signatory = models.ForeignKey(
        Signatory, models.PROTECT, null=True, related_name="documents", verbose_name="người ký"
    )
    signed = models.CharField("cách ký", max_length=20, choices=Signed.choices, blank=True)
    number = models.OneToOneField(
        Number, models.PROTECT, null=True, related_name="document", verbose_name="số văn bản"
    )
    origin = models.CharField("lập từ", max_length=120, blank=True, db_index=True)
    expected: Any = models.JSONField("nơi cần nhận", default=list)
    sources: Any = models.JSONField("các bảng tính từ", default=dict)
    kept: Any = models.JSONField(
        "chỗ đã xem", default=list, help_text="Doubts of the check that were looked at."
    )
    pdf = models.FileField("bản .pdf", upload_to="van-ban-di/", blank=True)
    scan = models.FileField("bản quét", upload_to="van-ban-di/", blank=True)
    made_at = models.DateTimeField("lập lúc")
    by_name = models.CharField("người soạn", max_length=120)
    search_key = models.CharField(max_length=1000)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản đi"
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.ISSUED, Stage.RECALLED, Stage.CANCELLED], number__isnull=False)
                | (~Q(stage__in=[Stage.ISSUED, Stage.RECALLED, Stage.CANCELLED]) & Q(number=None)),
                name="paper_has_a_number_once_it_is_issued",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.DRAFT, Stage.RETURNED, Stage.DROPPED]) | ~Q(signatory=None),
                name="paper_that_is_proposed_has_a_signatory",
            ),
            models.UniqueConstraint(
                fields=["body", "origin"],
                condition=~Q(origin="") & ~Q(stage__in=ENDED),
                name="one_paper_of_a_row_is_on_its_way",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="document_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="issued_paper_says_what_it_said",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__stage__in=["issued", "recalled", "cancelled"])
                & (
                    pgtrigger.Q(old__digest__df=pgtrigger.F("new__digest"))
                    | pgtrigger.Q(old__paper__df=pgtrigger.F("new__paper"))
                    | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                    | pgtrigger.Q(old__pdf__df=pgtrigger.F("new__pdf"))
                ),
            ),
        ]

    def __str__(self) -> str:
        said = f"{self.kind_name} {self.number.code}" if self.number else f"Dự thảo {self.kind_name.lower()}"
        return f"{said}: {self.title}"

    @property
    def kind_name(self) -> str:
        return name_of(self.kind)

    @property
    def says(self) -> Paper:
        """What it says, as the record that is written to files."""
        return from_plain(self.paper)

    @property
    def is_written(self) -> bool:
        return self.stage in WRITTEN

    @property
    def is_out(self) -> bool:
        return self.stage in OUT


@audited()
class Stamp(models.Model):
    """Something that was done with a paper on its way out (bước xử lý văn bản đi), in its order; never changed."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="stamps", verbose_name="văn bản")
    act = models.CharField("việc", max_length=20)
    at = models.DateTimeField("lúc")
    by_name = models.CharField("người làm", max_length=120)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    organisation = models.CharField("cơ quan", max_length=200, blank=True)
    reason = models.CharField("lý do", max_length=1000, blank=True)
    digest = models.CharField("mã băm", max_length=64)

    class Meta:
        verbose_name = "bước xử lý văn bản đi"
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="stamp_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


_NOT_OF_AN_ISSUED_PAPER = """
    IF (SELECT d.stage FROM paperwork_document d WHERE d.id = OLD.document_id) IN ('issued', 'recalled', 'cancelled') THEN
        RAISE EXCEPTION 'a table of an issued paper stays as it was printed';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class PrintedTableQuerySet(models.QuerySet["PrintedTable"]):
    def visible_to(self, person: Person) -> Self:
        """Tables of the papers that the person sees."""
        return self.filter(document__in=Document.objects.visible_to(person))


@audited()
class PrintedTable(models.Model):
    """One table of a paper as it is printed (bảng in trên văn bản), to be asked about by its code.

    `cells` are the printed rows with the total last, `heads` the words over each column, from the top down. `source` says
    how it was computed ({"key": ..., arguments}); empty for tables of words. Once the paper is issued the row stays.
    """

    code = models.CharField("mã bảng", max_length=8, unique=True, help_text="Without prefix and dashes.")
    document = models.ForeignKey(Document, models.PROTECT, related_name="tables", verbose_name="văn bản")
    place = models.PositiveSmallIntegerField("bảng thứ", help_text="From 0, in print order.")
    caption = models.CharField("tên bảng", max_length=500)
    heads: Any = models.JSONField("đầu bảng")
    cells: Any = models.JSONField("các ô")
    source: Any = models.JSONField("tính từ", default=dict)
    digest = models.CharField("dấu số liệu", max_length=64)
    frozen_at = models.DateTimeField("khóa lúc")

    objects = PrintedTableQuerySet.as_manager()

    class Meta:
        verbose_name = "bảng in trên văn bản"
        ordering = ["document", "place"]
        constraints = [
            models.UniqueConstraint(fields=["document", "place"], name="table_once_at_a_place"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="printed_table_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_NOT_OF_AN_ISSUED_PAPER,
            ),
        ]

    @property
    def spelled(self) -> str:
        """The code as it is printed: "TC-7K3M-92QF"."""
        return spelled(self.code)


class WayOut(models.TextChoices):
    """How a paper reaches a recipient (cách gửi)."""

    SYSTEM = "system", "Trong hệ thống"
    MAIL = "mail", "Thư điện tử"
    EXCHANGE = "exchange", "Trục liên thông"
    PAPER = "paper", "Bản giấy"


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def visible_to(self, person: Person) -> Self:
        """Of the papers that the person keeps, and what came to their own organisation."""
        received = Q(organisation=person.organisation_id, document__stage__in=OUT)
        return self.filter(Q(document__body__in=bodies_of(person)) | received)


@audited()
class Dispatch(models.Model):
    """One recipient of a paper (nơi nhận): by which way it goes, and how far it has come.

    `line` is the line of "Nơi nhận" or "Kính gửi" that it answers: "UBND các phường, xã" are many. `failure` is why it could
    not be sent the last time.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="dispatches", verbose_name="văn bản")
    line = models.CharField("dòng nơi nhận", max_length=300)
    name = models.CharField("nơi nhận", max_length=200)
    way = models.CharField("cách gửi", max_length=20, choices=WayOut.choices)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        related_name="received",
        verbose_name="cơ quan trong hệ thống",
    )
    email = models.EmailField("thư điện tử", blank=True)
    organ_id = models.CharField("mã định danh", max_length=13, blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True)
    opened_at = models.DateTimeField("mở lúc", null=True)
    acknowledged_at = models.DateTimeField("báo nhận lúc", null=True)
    acknowledged_by = models.CharField("người báo nhận", max_length=120, blank=True)
    incoming_number = models.CharField("số đến", max_length=30, blank=True)
    failure = models.CharField("lỗi gửi", max_length=300, blank=True)
    reminded_at = models.DateTimeField("nhắc lúc", null=True)
    key = models.UUIDField("mã báo nhận", default=uuid.uuid4, unique=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = "nơi nhận"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "organisation"],
                condition=Q(organisation__isnull=False),
                name="organisation_receives_a_paper_once",
            ),
            models.CheckConstraint(
                condition=~Q(way=WayOut.SYSTEM) | Q(organisation__isnull=False),
                name="who_receives_here_is_here",
            ),
            models.CheckConstraint(
                condition=~Q(way=WayOut.MAIL) | ~Q(email=""), name="mail_needs_an_address"
            ),
        ]
