"""Workbooks on their way into the registry (nhập bảng tính)."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.tables import audited
from tiepcan.common import clock
from tiepcan.households.models.household import Household, PovertyClass
from tiepcan.units.models import Unit


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, person: Person) -> Self:
        """Files of the person's own unit and the units below it, for people who keep households."""
        if not person.may(May.IMPORT_HOUSEHOLDS):
            return self.none()
        return self.filter(unit__path__startswith=person.unit.path)

    def standing(self) -> Self:
        """Those that the same file would open again: not given up, not failed, not taken back."""
        return self.exclude(state__in=GIVEN_UP)


class ImportState(models.TextChoices):
    """Where a file stands on its way (tình trạng tệp nhập)."""

    WAITING = "waiting", "Chờ đọc"
    READING = "reading", "Đang đọc"
    READ = "read", "Xem trước"
    QUEUED = "queued", "Chờ ghi"
    WRITING = "writing", "Đang ghi"
    DONE = "done", "Đã ghi vào sổ"
    FAILED = "failed", "Không đọc được"
    STOPPED = "stopped", "Đã dừng, không ghi gì"
    DISCARDED = "discarded", "Đã bỏ"
    UNDO_ASKED = "undo_asked", "Chờ hoàn tác"
    UNDOING = "undoing", "Đang hoàn tác"
    UNDONE = "undone", "Đã hoàn tác"


GIVEN_UP = (ImportState.FAILED, ImportState.STOPPED, ImportState.DISCARDED, ImportState.UNDONE)
UNDER_WAY = (
    ImportState.WAITING,
    ImportState.READING,
    ImportState.QUEUED,
    ImportState.WRITING,
    ImportState.UNDO_ASKED,
    ImportState.UNDOING,
)
"""States in which the worker has something to do."""
BEING_UNDONE = (ImportState.UNDO_ASKED, ImportState.UNDOING)


@audited(exclude=["progress", "understanding", "stamps", "marks"])
class Import(models.Model):
    """One file of households for one unit and the review of one year (lần nhập). All of it is written, or nothing.

    `unit` is a ward, or the unit above several when the file names its wards itself. `understanding` is what the
    reading made of the sheets, `choices` what a person decided about columns; counts are rows of the file and add up
    to `rows`. `finished_at` is when the reading or the writing ended; a writing that was taken back keeps it. Since
    `forgotten_at` the file itself, its rows and its problems are gone, and this row is what stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="imports", verbose_name="địa bàn")
    year = models.PositiveSmallIntegerField("năm rà soát")
    name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("mã băm", max_length=64)
    size = models.PositiveIntegerField("dung lượng", help_text="Bytes.")
    file = models.FileField("tệp", upload_to="nhap-ho/", blank=True)
    state = models.CharField(
        "tình trạng", max_length=10, choices=ImportState.choices, default=ImportState.WAITING
    )
    created_at = models.DateTimeField("gửi lúc")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="người gửi")
    by_name = models.CharField("tên người gửi", max_length=120)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)
    understanding = models.JSONField(default=dict, blank=True)
    choices = models.JSONField("cách hiểu cột", default=dict, blank=True)
    without_rejected = models.BooleanField("ghi phần còn lại", default=False)
    rows = models.PositiveIntegerField("số dòng", default=0)
    accepted = models.PositiveIntegerField("thêm mới", default=0)
    changed = models.PositiveIntegerField("thay đổi", default=0)
    unchanged = models.PositiveIntegerField("giữ nguyên", default=0)
    rejected = models.PositiveIntegerField("bị từ chối", default=0)
    skipped = models.PositiveIntegerField("bỏ qua", default=0)
    progress = models.PositiveIntegerField(default=0, help_text="Rows that the step under way has passed.")
    stamps = models.JSONField(
        default=dict, blank=True, help_text="Changes of each unit that the preview saw."
    )
    marks = models.JSONField(
        default=dict, blank=True, help_text="Last event of each kept table when the rows were written."
    )
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người hoàn tác"
    )
    undone_by_name = models.CharField("tên người hoàn tác", max_length=120, blank=True)
    forgotten_at = models.DateTimeField("xóa nội dung lúc", null=True, blank=True)
    stop_asked = models.BooleanField("xin dừng", default=False)
    message = models.TextField("lời báo", blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập bảng tính"
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "sha256"],
                condition=~Q(state__in=GIVEN_UP),
                name="file_is_taken_in_once_for_a_unit_and_year",
            ),
            models.CheckConstraint(
                condition=Q(
                    rows=models.F("accepted")
                    + models.F("changed")
                    + models.F("unchanged")
                    + models.F("rejected")
                    + models.F("skipped")
                ),
                name="import_counts_add_up_to_its_rows",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_being_undone(self) -> bool:
        return self.state in BEING_UNDONE

    @property
    def ended_at(self) -> datetime | None:
        """When nothing was left to do with it; None before."""
        return self.undone_at or self.finished_at

    @property
    def content_gone(self) -> str:
        """Why the file's rows can no longer be shown or used, as a sentence; empty while they are kept."""
        if self.forgotten_at is None:
            return ""
        day = self.forgotten_at.astimezone(clock.VIETNAM).date()
        ended = self.ended_at
        # One that nobody decided about ended by being forgotten: its days count from its coming.
        since = self.created_at if ended is None or ended == self.forgotten_at else ended
        days = (day - since.astimezone(clock.VIETNAM).date()).days
        return f"Nội dung tệp đã được xóa ngày {day:%d/%m/%Y}, sau {days} ngày."

    @property
    def covered(self) -> dict[str, list[str]]:
        """For each sheet that was read, the indicators that its columns tell of."""
        return {
            table["sheet"]: sorted(
                column["meaning"].partition(":")[2]
                for column in table["columns"]
                if column["meaning"].startswith(("lack:", "have:"))
            )
            for table in self.understanding.get("tables", [])
        }


class RowOutcome(models.TextChoices):
    """What becomes of one row of a file (kết quả của dòng)."""

    ACCEPTED = "accepted", "Thêm mới"
    CHANGED = "changed", "Thay đổi"
    UNCHANGED = "unchanged", "Giữ nguyên"
    REJECTED = "rejected", "Bị từ chối"
    SKIPPED = "skipped", "Bỏ qua"


class ImportRow(models.Model):
    """One row of a file as it was read (dòng của tệp), and what becomes of it. None of a fact: the file has no such column.

    Working material beside the file itself: what a row changed in the registry is in the history of the household.
    """

    file = models.ForeignKey(
        Import,
        models.CASCADE,
        related_name="lines",
        verbose_name="lần nhập",
        db_constraint=False,
        db_index=False,
    )
    sheet = models.CharField("trang tính", max_length=120)
    row = models.PositiveIntegerField("dòng")
    outcome = models.CharField("kết quả", max_length=10, choices=RowOutcome.choices, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    household = models.ForeignKey(
        Household,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name="hộ",
        db_constraint=False,
        db_index=False,
    )
    unit = models.ForeignKey(
        Unit,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name="phường, xã",
        db_constraint=False,
        db_index=False,
    )
    code = models.CharField("số hồ sơ", max_length=30, null=True)  # noqa: DJ001 - None: not in the file
    head_name = models.CharField("họ tên chủ hộ", max_length=120, null=True)  # noqa: DJ001
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True)
    sex = models.CharField("giới tính", max_length=6, null=True)  # noqa: DJ001
    ethnicity = models.CharField("dân tộc", max_length=40, null=True)  # noqa: DJ001
    disability = models.BooleanField("người khuyết tật", null=True)
    identity = models.BinaryField("số định danh (mã hóa)", null=True)
    identity_digest = models.BinaryField(null=True)
    hamlet = models.CharField("thôn, tổ dân phố", max_length=120, null=True)  # noqa: DJ001
    members = models.PositiveSmallIntegerField("số nhân khẩu", null=True)
    poverty = models.CharField("phân loại", max_length=20, choices=PovertyClass.choices, null=True)  # noqa: DJ001
    income_score = models.DecimalField("điểm thu nhập", max_digits=6, decimal_places=2, null=True)
    deprivation_score = models.DecimalField("điểm thiếu hụt", max_digits=6, decimal_places=2, null=True)
    lacks = ArrayField(models.CharField(max_length=50), verbose_name="thiếu hụt", null=True)
    answers = models.JSONField("câu trả lời", null=True)
    readings = models.JSONField("cách hiểu tiêu chí", null=True)
    note = models.CharField("ghi chú", max_length=400, null=True)  # noqa: DJ001
    open = models.JSONField(null=True, help_text="Ticks in columns that wait for a choice, by heading key.")
    search_key = models.TextField(null=True)  # noqa: DJ001
    sort_key = models.TextField(null=True)  # noqa: DJ001
    fresh = models.UUIDField(
        db_default=models.Func(function="gen_random_uuid", output_field=models.UUIDField()),
        help_text="The key that a new household gets.",
    )
    changes = models.JSONField("thay đổi", null=True, help_text="[[field, before, after], …]")

    class Meta:
        verbose_name = "dòng của tệp nhập"
        ordering = ["id"]
        indexes = [models.Index(fields=["file", "outcome", "id"], name="import_row_by_outcome")]


class ImportProblem(models.Model):
    """One bad cell of a file (ô sai): where it is, what is in it, what is wrong and how to mend it."""

    file = models.ForeignKey(
        Import,
        models.CASCADE,
        related_name="problems",
        verbose_name="lần nhập",
        db_constraint=False,
        db_index=False,
    )
    sheet = models.CharField("trang tính", max_length=120)
    row = models.PositiveIntegerField("dòng")
    column = models.PositiveSmallIntegerField("cột")
    code = models.SlugField("mã lỗi", max_length=40)
    message = models.CharField("lỗi", max_length=400)
    value = models.CharField("trong tệp", max_length=200, blank=True)

    class Meta:
        verbose_name = "ô sai của tệp nhập"
        ordering = ["id"]
        indexes = [models.Index(fields=["file", "id"], name="import_problem_by_file")]


@audited()
class ColumnChoice(models.Model):
    """What an office said that a heading means (cách hiểu cột), remembered for its next files."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="column_choices", verbose_name="địa bàn")
    heading = models.CharField("tiêu đề cột", max_length=300, help_text="Folded words of the heading.")
    meaning = models.CharField("nghĩa", max_length=60)

    class Meta:
        verbose_name = "cách hiểu cột"
        constraints = [
            models.UniqueConstraint(fields=["unit", "heading"], name="heading_means_one_thing_in_a_unit")
        ]
