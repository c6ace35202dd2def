"""What is done with the filings of units: opened, put before the leader, handed in, returned, accepted, supplemented.

What a filing says is the matter of its kind (`local_plans`, `periodic`); the way that it goes is one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from tiepcan.accounts.console import Doer
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.digests import digest_of
from tiepcan.common.refusals import NotAllowed
from tiepcan.plans.models import Plan
from tiepcan.reporting import local_plans, periodic
from tiepcan.reporting.models import Filing, Step, Submission
from tiepcan.reporting.papers import issue_filing
from tiepcan.reporting.queries import submission_for, submissions_of
from tiepcan.reporting.steps import allowed, milestone_of, moved, record
from tiepcan.reporting.workflow import SHOWN_ABOVE, Act
from tiepcan.units.models import Unit


class Contents(Protocol):
    """What a kind of filing tells of itself."""

    def begin(self, filing: Filing, before: Filing | None, /) -> None: ...
    def keys(self, filing: Filing, /) -> Iterable[str]: ...
    def missing(self, filing: Filing, /) -> list[str]: ...
    def content_of(self, filing: Filing, /) -> dict[str, Any]: ...


def contents_of(filing: Filing) -> Contents:
    return local_plans if filing.is_plan else periodic


def open_filing(*, plan: Plan, unit: Unit, kind: str, by: Doer) -> Filing:
    """What the unit files for a date: the one that is there, or a new one whose figures end with the date's last day.

    Raises NotAllowed for a unit that owes none, and for who does not write for it.
    """
    if (isinstance(by, Person) and by.unit.pk != unit.pk) or not by.may_change(May.HAND_IN, unit):
        raise NotAllowed("Chỉ cán bộ của phường, xã mở được kế hoạch, báo cáo của phường, xã mình.")
    milestone = milestone_of(plan, kind)
    if milestone is None or not plan.version_on(clock.today()).rows.filter(unit=unit).exists():
        raise NotAllowed(f"{unit} không phải nộp mục này theo {plan}.")
    new = Filing(plan=plan, unit=unit, kind=kind, cut_off=milestone.last_day)
    with act(_verb(new, "local_plan.opened", "report.opened"), by=by):
        # Two who open at once get one: the key decides, and the second finds what the first made.
        Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        mine = Filing.objects.filter(plan=plan, unit=unit, kind=kind)
        if known := mine.order_by("ordinal").last():
            return known
        return _opened(new, None, by)


def _verb(filing: Filing, of_plan: str, of_report: str) -> str:
    """What history calls an act on a filing: plans and reports are told apart there."""
    return of_plan if filing.is_plan else of_report


def _opened(filing: Filing, before: Filing | None, by: Doer) -> Filing:
    filing.save(force_insert=True)
    contents_of(filing).begin(filing, before)
    record(filing, Act.SUPPLEMENT if filing.ordinal else Act.OPEN, by, reason=filing.why)
    return filing


def content_for(filing: Filing, person: Person) -> dict[str, Any]:
    """What a person reads: of the own unit's what is being written or decided on, of others' what was handed in last."""
    if person.unit.pk == filing.unit_id:
        writing = filing.is_being_written or not filing.content
        return contents_of(filing).content_of(filing) if writing else dict(filing.content or {})
    handed = filing.steps.filter(act=Act.SUBMIT).last()
    assert handed is not None  # without one `visible_to` shows nothing
    return kept_content(handed)


def worded_at(filing: Filing, person: Person, step: Step | None = None) -> datetime | None:
    """When the words that a person reads, or those of a step, were put before the leader; None while they are written.

    Papers keep the wording of that moment, whatever the office changes later.
    """
    if step is None and person.unit.pk == filing.unit_id and (filing.is_being_written or not filing.content):
        return None
    proposed = filing.steps.filter(act=Act.PROPOSE)
    if step is None and person.unit.pk != filing.unit_id:
        step = filing.steps.filter(act=Act.SUBMIT).last()
    if step is not None:
        proposed = proposed.filter(at__lte=step.at)
    last = proposed.last()
    return last.at if last else None


def kept_content(step: Step) -> dict[str, Any]:
    """What a step was about, of a step that keeps it."""
    assert step.content is not None
    return dict(step.content)


def steps_for(filing: Filing, person: Person) -> QuerySet[Step]:
    """The steps that a person may know of, in their order."""
    steps = filing.steps.all()
    return steps if person.unit.pk == filing.unit_id else steps.filter(act__in=SHOWN_ABOVE)


def propose(*, filing: Filing, by: Doer) -> Filing:
    """Put a filing before the unit's leader: its figures and words are frozen until somebody decides."""
    with act(_verb(filing, "local_plan.proposed", "report.proposed"), by=by):
        current = allowed(filing, Act.PROPOSE, by)
        if lacking := contents_of(current).missing(current):
            raise NotAllowed(
                f"Còn {len(lacking)} mục chưa đủ: {'; '.join(lacking)}. Không có gì để nêu thì ghi “Không có”."
            )
        current.content = contents_of(current).content_of(current)
        current.digest = digest_of(current.content)
        return moved(current, Act.PROPOSE, by, content=current.content)


def recall(*, filing: Filing, by: Doer) -> Filing:
    """Take a filing back from the leader's table to write on."""
    with act(_verb(filing, "local_plan.recalled", "report.recalled"), by=by):
        return moved(allowed(filing, Act.RECALL, by), Act.RECALL, by)


def decline(*, filing: Filing, reason: str, seen: str, by: Doer) -> Filing:
    """The leader gives the filing back to its writer with a reason."""
    with act(_verb(filing, "local_plan.declined", "report.declined"), by=by, reason=reason.strip()):
        current = allowed(filing, Act.DECLINE, by, seen)
        if not reason.strip():
            raise NotAllowed("Ghi lý do trả lại, để người soạn biết phải sửa gì.")
        return moved(current, Act.DECLINE, by, reason=reason.strip())


def submit(*, filing: Filing, paper_code: str = "", site: str = "", seen: str, by: Doer) -> Filing:
    """The leader signs and the unit hands the filing in; what was `seen` (its digest) is what is handed in.

    `paper_code` is that of a paper signed outside; with `site` in its place (the root of the program's addresses) the paper
    is issued here, with the next number of the unit's register. The plan's date counts as met from now on. Raises Changed when the filing is not what was seen any more.
    """
    with act(_verb(filing, "local_plan.submitted", "report.submitted"), by=by):
        current = allowed(filing, Act.SUBMIT, by, seen)
        current.paper_code = paper_code.strip() or _code_given(current, site, by)
        milestone = milestone_of(current.plan, current.kind)
        if milestone and not submission_for(submissions_of(current.plan), milestone, current.unit):
            # Somebody may note a paper for the date at this moment: then theirs stands.
            Submission.objects.get_or_create(
                milestone=milestone,
                unit=current.unit,
                defaults={
                    "paper_code": current.paper_code,
                    "handed_in_on": clock.today(),
                    "by_name": by.full_name,
                },
            )
        return moved(current, Act.SUBMIT, by, content=current.content)


def _code_given(filing: Filing, site: str, by: Doer) -> str:
    """The number that the unit's own register gives; only a leader who signs here takes one."""
    if not site or not isinstance(by, Person) or not by.may(May.SIGN_REPORTS):
        sign = "KH" if filing.is_plan else "BC"
        raise NotAllowed(f"Ghi số, ký hiệu của văn bản đã ký, ví dụ 45/{sign}-UBND.")
    return str(issue_filing(filing, site=site, by=by).number)


def give_back(*, filing: Filing, marks: Mapping[str, str], seen: str, by: Doer) -> Filing:
    """Return a filing with the headings or lines that are to be mended, each with what is asked of it."""
    asked = {key: words.strip() for key, words in marks.items() if words.strip()}
    with act(_verb(filing, "local_plan.returned", "report.returned"), by=by, reason=" ".join(asked.values())):
        current = allowed(filing, Act.RETURN, by, seen)
        if not asked or set(asked) - set(contents_of(current).keys(current)):
            raise NotAllowed("Ghi ở mục cần sửa điều phải bổ sung; ít nhất một mục.")
        return moved(current, Act.RETURN, by, marks=asked)


def accept(*, filing: Filing, seen: str, by: Doer) -> Filing:
    """Accept what was `seen`: from now on it is corrected by supplements alone."""
    with act(_verb(filing, "local_plan.accepted", "report.accepted"), by=by):
        return moved(allowed(filing, Act.ACCEPT, by, seen), Act.ACCEPT, by)


def supplement(*, filing: Filing, why: str, by: Doer) -> Filing:
    """Open the next supplement to an accepted report, or amendment of an accepted plan, beginning from its words. The accepted one stays as it is."""
    with act(_verb(filing, "local_plan.supplemented", "report.supplemented"), by=by, reason=why.strip()):
        current = allowed(filing, Act.SUPPLEMENT, by)
        if not why.strip():
            raise NotAllowed(
                f"Ghi lý do {current.supplement}: điều gì trong {current.noun} đã duyệt chưa đúng hoặc còn thiếu."
            )
        later = Filing.objects.filter(
            plan=current.plan, unit=current.unit, kind=current.kind, ordinal__gt=current.ordinal
        )
        if known := later.first():
            return known
        return _opened(
            Filing(
                plan=current.plan,
                unit=current.unit,
                kind=current.kind,
                ordinal=current.ordinal + 1,
                why=why.strip(),
                cut_off=current.cut_off,
            ),
            current,
            by,
        )


def same_date(filing: Filing, person: Person) -> list[Filing]:
    """The unit's other filings for the date that the person may see: what this one corrects, and its supplements."""
    same = Filing.objects.visible_to(person).filter(plan=filing.plan, unit=filing.unit, kind=filing.kind)
    return list(same.exclude(pk=filing.pk).select_related("plan", "unit"))


def mended_since(filing: Filing, written: Mapping[str, datetime | None]) -> set[str]:
    """Of headings or lines by when they were last written: those that were written on after the filing came back."""
    last = filing.steps.filter(act=Act.RETURN).last()
    return {key for key, at in written.items() if last and at and at > last.at}
