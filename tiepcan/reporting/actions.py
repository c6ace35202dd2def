"""What is done for a plan's dates, and making the consolidated report."""

import uuid
from datetime import date

from django.core.files.base import ContentFile
from django.db import IntegrityError

from tiepcan.accounts.console import Doer
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.wordings import issuing_body_of, wording_for
from tiepcan.paperwork.writing.docx import write_docx
from tiepcan.paperwork.writing.plain import to_plain
from tiepcan.plans.models import Milestone, Plan
from tiepcan.plans.queries import duties_done
from tiepcan.reporting import figures, outputs
from tiepcan.reporting.models import ConsolidatedReport, Extension, Filing, Step, Submission
from tiepcan.reporting.models.filings import HANDED_IN
from tiepcan.reporting.queries import submission_for, submissions_of
from tiepcan.reporting.wordings import CONSOLIDATED
from tiepcan.units.models import Unit


def hand_in(
    *, milestone: Milestone, unit: Unit, paper_code: str, handed_in_on: date, note: str = "", by: Doer
) -> Submission:
    """Note that a unit handed in what a date asks for. The same again is the same; another paper is refused."""
    plan = milestone.version.plan
    if not by.may_change(May.HAND_IN, unit):
        raise NotAllowed("Chỉ cán bộ của phường, xã, hoặc người điều phối kế hoạch, ghi được việc nộp này.")
    if not milestone.is_for_units or not plan.version_on(clock.today()).rows.filter(unit=unit).exists():
        raise NotAllowed(f"{unit} không phải nộp mục này theo {plan}.")
    known = submission_for(submissions_of(plan), milestone, unit)
    if known and known.paper_code == paper_code.strip():
        return known
    if known:
        raise NotAllowed(f"Đã ghi nộp văn bản {known.paper_code} ngày {known.handed_in_on:%d/%m/%Y}.")
    try:
        with act("submission.handed_in", by=by):
            return Submission.objects.create(
                milestone=milestone,
                unit=unit,
                paper_code=paper_code.strip(),
                handed_in_on=handed_in_on,
                note=note.strip(),
                by_name=by.full_name,
            )
    except IntegrityError:
        raise NotAllowed("Mục này vừa được người khác ghi là đã nộp. Xem lại trang.") from None


def take_back(*, submission: Submission, reason: str, by: Doer) -> None:
    """Take back a submission noted by mistake; history keeps it with the reason."""
    if not by.may_change(May.HAND_IN, submission.unit):
        raise NotAllowed("Chỉ cán bộ của phường, xã, hoặc người điều phối kế hoạch, bỏ được việc nộp này.")
    if not reason.strip():
        raise NotAllowed("Ghi lý do bỏ việc nộp này.")
    kind, plan = submission.milestone.kind, submission.milestone.version.plan_id
    filings = Filing.objects.filter(plan=plan, unit=submission.unit, kind=kind)
    if Step.objects.filter(filing__in=filings, act=HANDED_IN).exists():
        raise NotAllowed(
            "Văn bản này đã nộp trong chương trình nên không bỏ ghi nộp được. Có sai thì lập bản bổ sung, điều chỉnh."
        )
    with act("submission.taken_back", by=by, reason=reason.strip()):
        submission.delete()


def extend(*, milestone: Milestone, unit: Unit, until: date, reason: str, by: Doer) -> Extension:
    """Grant one unit more time for a date, until the end of a day; once more takes the place of before.

    Raises NotAllowed for who does not coordinate the plan, without a reason, and for a day that gives no more time.
    """
    plan = milestone.version.plan
    if not by.may_change(May.CONSOLIDATE, plan.issuer):
        raise NotAllowed("Chỉ người điều phối kế hoạch cho phép gia hạn.")
    if not milestone.is_for_units or not plan.version_on(clock.today()).rows.filter(unit=unit).exists():
        raise NotAllowed(f"{unit} không phải nộp mục này theo {plan}.")
    if not reason.strip():
        raise NotAllowed("Ghi lý do gia hạn.")
    if until <= milestone.last_day:
        raise NotAllowed(f"Hạn của kế hoạch là hết {milestone.last_day:%d/%m/%Y}; gia hạn phải sau ngày đó.")
    if submission_for(submissions_of(plan), milestone, unit):
        raise NotAllowed(f"{unit} đã nộp mục này, không cần gia hạn.")
    with act("extension.granted", by=by, reason=reason.strip()):
        granted, _ = Extension.objects.update_or_create(
            milestone=milestone,
            unit=unit,
            defaults={
                "until": until,
                "reason": reason.strip(),
                "granted_on": clock.today(),
                "by_name": by.full_name,
            },
        )
        return granted


def consolidate(
    *, plan: Plan, as_of: date, said: outputs.Said | None = None, id: uuid.UUID | None = None, by: Doer
) -> ConsolidatedReport:
    """Freeze the plan's figures as of the end of a day and write the consolidated report of them (.docx).

    `said` is what figures cannot say; without it whoever signed the plan signs the report. The same key twice is
    one report.
    """
    if not by.may_change(May.CONSOLIDATE, plan.issuer):
        raise NotAllowed("Chỉ người điều phối kế hoạch của địa bàn này lập được báo cáo tổng hợp.")
    begun = plan.versions_on(as_of)[0].issued_on
    if not begun <= as_of <= clock.today():
        raise NotAllowed(f"Ngày chốt số liệu phải từ {begun:%d/%m/%Y} đến hôm nay {clock.today():%d/%m/%Y}.")
    if id and (known := ConsolidatedReport.objects.filter(pk=id).first()):
        if (known.plan_id, known.as_of) == (plan.pk, as_of):
            return known
        raise NotAllowed("Biểu mẫu này đã lập một báo cáo khác. Mở lại trang “Báo cáo” rồi lập tiếp.")
    computed = figures.figures_of(plan, as_of)
    frozen = figures.plain(computed)
    content = outputs.consolidated(
        computed,
        submissions_of(plan),
        duties_done(plan, as_of),
        said or outputs.Said(outputs.signer_of(computed.version)),
        wording_for(issuing_body_of(plan.issuer), CONSOLIDATED),
    )
    report = ConsolidatedReport(
        id=id or uuid.uuid4(),
        plan=plan,
        version=computed.version,
        as_of=as_of,
        figures=frozen,
        digest=digest_of(frozen),
        paper=to_plain(content),
        made_at=clock.now(),
        by_name=by.full_name,
    )
    report.file.save(f"{report.pk}.docx", ContentFile(write_docx(content)), save=False)
    try:
        with act("report.consolidated", by=by):
            report.save(force_insert=True)
    except BaseException:
        report.file.delete(save=False)
        raise
    return report
