"""Every route is walked by every role, with words planted in every unit's rows: a word of another's is a leak.

Who may see what is written down here once more, apart from the program: `MAY_READ` and the table of routes.
"""

import io
import logging
import re
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pghistory.models import Context
from PIL import Image

from tests.factories import a_client, a_household, a_person, a_unit, the_city
from tests.papers.truth import Truth
from tests.papers.writers import as_text
from tiepcan.accounts import wall
from tiepcan.accounts.console import CONSOLE, Console
from tiepcan.accounts.doors import routes
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.devices import actions as devices
from tiepcan.devices.models import Device, DeviceKind, HandOver, Pledge
from tiepcan.households import actions as households
from tiepcan.households.models import (
    Household,
    HouseholdQuerySet,
    Import,
    ImportProblem,
    ImportRow,
    ImportState,
    Member,
    Pair,
    ReviewRound,
)
from tiepcan.paperwork import arrived, contacts, drafting, incoming, issuing, recipients, registers
from tiepcan.paperwork.models import Contact, Document, Incoming, Number, Register, Signatory
from tiepcan.paperwork.models.wordings import Wording
from tiepcan.paperwork.wording.lines import Lines
from tiepcan.paperwork.wording.lines import to_plain as words_to_plain
from tiepcan.paperwork.wordings import docx_of
from tiepcan.paperwork.writing.records import Grid, HeadCell
from tiepcan.paperwork.writing.records import Paper as Written
from tiepcan.paperwork.writing.records import Text as TextOf
from tiepcan.plans import actions as plans
from tiepcan.plans.division import Method
from tiepcan.plans.drafts import reading_of
from tiepcan.plans.models import (
    AppendixRow,
    Basis,
    Division,
    DivisionShare,
    Draft,
    Duty,
    DutyReport,
    LegalBasis,
    Milestone,
    MilestoneKind,
    Paper,
    Plan,
    Recipient,
    Target,
    Version,
)
from tiepcan.reporting import actions as reporting
from tiepcan.reporting import filings, periodic, recurrences, reminders, route
from tiepcan.reporting.calendars import key_of
from tiepcan.reporting.models import ConsolidatedReport, Filing, Recurrence
from tiepcan.reporting.wordings import CONSOLIDATED
from tiepcan.standards.models import Indicator, Means, Source
from tiepcan.supports import actions as supports
from tiepcan.supports.models import Entry, Evidence, Outcome, OutcomeQuerySet, Support
from tiepcan.telecom.models import Line, Month, Problem, Subscription
from tiepcan.units.models import Unit
from tiepcan.verification.models import Round, Sampled, Visit
from tiepcan.verification.queries import Status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are what the walk is about: none of them needs a line in the log."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


TELECOM = "telecom_service"
WORD = re.compile(
    r"zq(alpha|bravo|city|other|charlie)(household|list|device|duty|paper|draft|division|plan|people|report|document|register)"
)


# ---- who may read what, apart from the program's own tables

WORKS_ON_HOUSEHOLDS = {Role.COORDINATOR, Role.OFFICER, Role.VERIFIER}
KEEPS_REGISTERS = {*WORKS_ON_HOUSEHOLDS, Role.CLERK}
READS_FIGURES = {*WORKS_ON_HOUSEHOLDS, Role.LEADER, Role.SUPERVISOR}


def below(home: Unit, owner: Unit) -> bool:
    return owner.path.startswith(home.path)


def same(home: Unit, owner: Unit) -> bool:
    return owner.path == home.path


def theirs(home: Unit, owner: Unit) -> bool:
    """As `below`, and of an operator its own alone (`reaches`)."""
    return below(home, owner)


def in_line(home: Unit, owner: Unit) -> bool:
    """A plan is addressed downwards."""
    return below(home, owner) or below(owner, home)


def anywhere(_home: Unit, _owner: Unit) -> bool:
    return True


Scope = Callable[[Unit, Unit], bool]
MAY_READ: dict[str, tuple[set[Any], Scope]] = {
    "household": (WORKS_ON_HOUSEHOLDS, below),
    "device": (WORKS_ON_HOUSEHOLDS, below),  # a hand-over says which device it was
    "list": ({*WORKS_ON_HOUSEHOLDS, Role.OPERATOR}, below),  # of subscriptions: an operator's own
    "file": ({Role.OFFICER, Role.COORDINATOR}, below),  # of households, on its way into the registry
    "duty": (set(Role), below),
    "paper": (READS_FIGURES, below),  # what was handed in
    "report": (READS_FIGURES, below),
    "draft": ({Role.COORDINATOR}, same),
    "division": ({Role.COORDINATOR}, same),
    "plan": (set(Role), in_line),
    "document": ({*KEEPS_REGISTERS, Role.LEADER}, same),  # papers that go out, of the unit's committee
    "register": (KEEPS_REGISTERS, same),  # numbers, address book, papers that came in
    "people": ({Role.ADMINISTRATOR}, below),
}


# ---- the planted rows


@dataclass
class Rows:
    """One unit and one row of everything that it can have."""

    name: str
    unit: Unit
    plan: Plan = field(init=False)
    version: Version = field(init=False)
    duty: Duty = field(init=False)
    milestone: Milestone = field(init=False)
    recipient: Recipient = field(init=False)
    done: DutyReport = field(init=False)
    draft: Draft = field(init=False)
    ready: Draft = field(init=False)
    """A draft that nothing waits for: the plan can be opened."""
    finding: str = field(init=False)
    division: Division = field(init=False)
    household: Household = field(init=False)
    waiting: Household = field(init=False)
    left: Household = field(init=False)
    """One that was taken off the lists."""
    member: Member = field(init=False)
    pair: Pair = field(init=False)
    apart: Pair = field(init=False)
    """Two that were said to be different households."""
    joined: Pair = field(init=False)
    """Two that were merged."""
    file: Import = field(init=False)
    """A file of households that was read; `under_way` one that waits for the worker."""
    written: Import = field(init=False)
    under_way: Import = field(init=False)
    announced: Round = field(init=False)
    """A round of verification that can be drawn; `drawn` was, `complete` can be signed, `signed` was by one office."""
    drawn: Round = field(init=False)
    complete: Round = field(init=False)
    signed: Round = field(init=False)
    unvisited: Sampled = field(init=False)
    disputed: Sampled = field(init=False)
    outcome: Outcome = field(init=False)
    returned: Outcome = field(init=False)
    """An outcome that waits for the ward's answer."""
    evidence: Evidence = field(init=False)
    pledge: Pledge = field(init=False)
    spare: Device = field(init=False)
    """A device in the unit's own store."""
    given: HandOver = field(init=False)
    report: ConsolidatedReport = field(init=False)
    periodic: Filing = field(init=False)
    drafted: Filing = field(init=False)
    month: Month = field(init=False)
    """An operator's list with a row that waits; `closable` one without."""
    closable: Month = field(init=False)
    unmatched: Line = field(init=False)
    subscription: Subscription = field(init=False)
    organisation: Organisation = field(init=False)
    person: Person = field(init=False)
    recurrence: Recurrence = field(init=False)
    body: Organisation = field(init=False)
    """The unit's committee."""
    being_drafted: Document = field(init=False)
    outgoing: Document = field(init=False)
    """A paper that was issued: it went to the Labour Office, by the exchange, and on paper to one who has it and one who has not."""
    titled: Document = field(init=False)
    """One that names nobody in its title: whoever has a code may see that."""
    number: Number = field(init=False)
    """Of a paper made outside."""
    fresh: Register = field(init=False)
    signatory: Signatory = field(init=False)
    contact: Contact = field(init=False)
    incoming: Incoming = field(init=False)
    wording: Wording = field(init=False)
    """A version that was tried and waits; another one of the same form is in use."""
    asked: Milestone | None = None
    """The date of the plan above for which the unit hands in; none for who issues the plan."""

    def word(self, kind: str) -> str:
        return f"zq{self.name}{kind}"


@dataclass
class World:
    rows: list[Rows]

    def __getitem__(self, name: str) -> Rows:
        return next(rows for rows in self.rows if rows.name == name)


_WITH_PAPERS = {"bao-cao", "van-ban", "kiem-tra", "bao-nhan", ""}
"""Places where papers on their way are told of. Setting and signing them takes longer than all other rows together."""


def planted(places: Collection[str] = _WITH_PAPERS) -> World:
    """Two wards of the city and the city itself; another city, of no province, with a ward of its own."""
    other = _new_unit("thanh-pho-khac", "thanh_pho", "Khác", None)
    charlie = _new_unit("phuong-khac", "phuong", "Ngoài Vùng", other)
    world = World(
        [
            Rows("city", the_city()),
            Rows("alpha", a_unit("Hàm Rồng")),
            Rows("bravo", a_unit("Nam Ngạn")),
            Rows("other", other),
            Rows("charlie", charlie),
        ]
    )
    # Opened from the bottom up: the latest plan of a year is the one that outcomes count for.
    for name, *listed in (
        ("alpha", "alpha"),
        ("bravo", "bravo"),
        ("charlie", "charlie"),
        ("city", "city", "alpha", "bravo"),
        ("other", "other", "charlie"),
    ):
        _plant_plan(world[name], [world[one].unit for one in listed])
    for rows in world.rows:
        above = world["other" if rows.name in ("other", "charlie") else "city"]
        rows.asked = above.milestone if above is not rows else None
        _plant_draft(rows)
        _plant_division(rows)
        _plant_household(rows, above.plan)
        _plant_files(rows)
        _plant_rounds(rows)
        _plant_pairs(rows)
        _plant_devices(rows)
        _plant_people(rows)
        _plant_months(rows)
        if _WITH_PAPERS & set(places):
            _plant_documents(rows)
        reporting.hand_in(
            milestone=above.milestone,
            unit=rows.unit,
            paper_code=f"9/{rows.word('paper')}",
            handed_in_on=date(2019, 6, 10),
            note=rows.word("paper"),
            by=CONSOLE,
        )
        _plant_periodic(rows, above.plan)
    for rows in world.rows:
        rows.report = reporting.consolidate(
            id=uuid.uuid4(),
            plan=rows.plan,
            as_of=date(2019, 6, 11),
            by=Console(full_name=rows.word("report")),
        )
        rows.recurrence = recurrences.set_recurrence(
            plan=rows.plan, what=rows.word("recurrence"), every="month", day=5, by=CONSOLE
        )
        route.confirm(report=rows.report, seen=rows.report.digest, by=CONSOLE)
    return world


def _plant_periodic(rows: Rows, plan: Plan) -> None:
    """One that was accepted, and one that is still being written."""
    year, rows.drafted = (
        filings.open_filing(plan=plan, unit=rows.unit, kind=kind, by=CONSOLE)
        for kind in ("year", "half_year")
    )
    for report in (year, rows.drafted):
        texts = {part.key: (rows.word("periodic"), 0) for part in report.parts.all()}
        periodic.write(report=report, texts=texts, by=CONSOLE)
    year = filings.propose(filing=year, by=CONSOLE)
    year = filings.submit(filing=year, paper_code="1/BC", seen=year.digest, by=CONSOLE)
    rows.periodic = filings.accept(filing=year, seen=year.digest, by=CONSOLE)
    # Somebody who can be chased for the half year's.
    reminders.keep_address(person=a_person(Role.OFFICER, rows.unit), email="chua-nop@example.org")


def _new_unit(key: str, kind: str, name: str, parent: Unit | None) -> Unit:
    path = f"{parent.path if parent else '/'}{key}/"
    return Unit.objects.create(id=key, code="999", kind=kind, name=name, parent=parent, path=path)


def _plant_plan(rows: Rows, listed: list[Unit]) -> None:
    word = rows.word("plan")
    paper = Paper(name=f"{word}.txt", size=1, sha256=word, uploaded_at=clock.now())
    paper.file.save(f"{paper.pk}.bin", ContentFile(word.encode()), save=False)
    paper.save(force_insert=True)
    order = {"alpha": 1, "bravo": 1, "charlie": 1, "city": 2, "other": 2}[rows.name]
    rows.plan = Plan.objects.create(
        issuer=rows.unit, year=2019, number="7", symbol=word, opened_on=date(2019, 3, order)
    )
    rows.version = version = Version.objects.create(
        plan=rows.plan, ordinal=1, number="7", symbol=word, kind="Kế hoạch", issued_on=date(2019, 3, 1),
        place=word, issuer_name=word, title=word, signatory=word, signatory_position=word, paper=paper,
    )  # fmt: skip
    for n, unit in enumerate(listed, start=1):
        row = AppendixRow.objects.create(
            version=version, unit=unit, row=n, printed_name=word, poor_households=9
        )
        Target.objects.create(row=row, indicator_id=TELECOM, households=3)
    LegalBasis.objects.create(version=version, order=1, kind="Quyết định", subject=word, issuer=word)
    rows.duty = Duty.objects.create(version=version, order=1, organisation=word, text=word)
    rows.milestone = Milestone.objects.create(
        version=version, order=1, kind=MilestoneKind.HALF_YEAR, due_before=date(2019, 6, 20), what=word
    )
    Milestone.objects.create(
        version=version, order=2, kind=MilestoneKind.YEAR, due_before=date(2019, 10, 5), what=word
    )
    rows.recipient = Recipient.objects.create(version=version, order=1, text=word)
    rows.done = DutyReport.objects.create(
        id=uuid.uuid4(), duty=rows.duty, organisation=rows.word("duty"), unit=rows.unit,
        done_on=date(2019, 6, 1), what=rows.word("duty"), by_name=rows.word("duty"),
    )  # fmt: skip


def _plant_draft(rows: Rows) -> None:
    word = rows.word("draft")

    def received(truth: Truth, name: str, amends: Plan | None = None) -> Draft:
        text = as_text(truth).replace("Nguyễn Văn Giả Tưởng", f"Nguyễn {word}")
        return plans.receive(
            id=uuid.uuid4(), raw=text.encode(), name=name, unit=rows.unit, amends=amends, by=CONSOLE
        )

    rows.draft = received(Truth(broken=True), f"{word}.txt")
    rows.finding = next(f.key for f in reading_of(rows.draft).waiting if f.severity != "error")
    # The year has its plan already: what can still be opened is a paper that amends it.
    rows.ready = received(Truth(), f"{word}-2.txt", rows.plan)


def _plant_division(rows: Rows) -> None:
    word = rows.word("division")
    rows.division = Division.objects.create(
        id=uuid.uuid4(), unit=rows.unit, plan=rows.plan, indicator_id=TELECOM, total=3, basis=Basis.POOR,
        method=Method.LARGEST_REMAINDER, made_at=clock.now(), by_name=word,
    )  # fmt: skip
    DivisionShare.objects.create(
        division=rows.division, order=1, unit=rows.unit, weight=9, households=3, reason=word
    )


def _plant_household(rows: Rows, plan: Plan) -> None:
    word = rows.word("household")
    by = Console(full_name=word, organisation_name=word)
    rows.household = a_household(
        rows.unit, code=f"{word}-1", head_name=f"Ví dụ {word}", hamlet=word, by=CONSOLE,
        lacks=(TELECOM, "information_asset"),
    )  # fmt: skip
    # A second one still waits: lists of those who wait must not tell of it either.
    rows.waiting = a_household(
        rows.unit, code=f"{word}-2", head_name=f"Ví dụ chờ {word}", hamlet=word, by=CONSOLE
    )
    rows.member = Member.objects.create(household=rows.household, ordinal=2, name=f"Ví dụ {word}")
    rows.left = Household.objects.create(
        unit=rows.unit,
        code=f"{word}-3",
        head_name=f"Ví dụ xa {word}",
        left_on=date(2019, 5, 1),
        left_why="away",
    )
    for year, locked in ((2016, None), (2017, clock.now()), (2019, None)):
        ReviewRound.objects.create(
            unit=rows.unit, year=year, started_at=clock.now(), started_by=word, locked_at=locked,
            locked_by=word if locked else "",
        )  # fmt: skip
    rows.outcome = supports.record(
        id=uuid.uuid4(),
        plan=plan,
        household=rows.household,
        indicator=Indicator.objects.get(pk=TELECOM),
        means=Means.objects.filter(indicator=TELECOM)[0],
        happened_on=date(2019, 6, 1),
        provider=word,
        note=word,
        files=[(f"{word}.pdf", b"%PDF-1.4 " + word.encode())],
        by=by,
    )
    supports.give_back(outcome=rows.outcome, reason=word, by=by)
    supports.answer(outcome=rows.outcome, note=word, by=by)
    rows.evidence = rows.outcome.evidence.get()
    rows.returned = supports.record(
        id=uuid.uuid4(),
        plan=plan,
        household=rows.household,
        indicator=Indicator.objects.get(pk="information_asset"),
        means=Means.objects.filter(indicator="information_asset")[0],
        happened_on=date(2019, 6, 1),
        by=by,
    )
    supports.give_back(outcome=rows.returned, reason=word, by=by)


def _plant_rounds(rows: Rows) -> None:
    word = rows.word("household")

    def a_round(day: int, **facts: Any) -> Round:
        return Round.objects.create(
            plan=rows.plan, name="Đợt xác minh", as_of=date(2019, 6, day), ends_on=date(2019, 6, 28), seed="48215",
            seed_origin="xổ số", announced_on=date(2019, 6, 1), announced_by="A", **facts,
        )  # fmt: skip

    def sampled(found: Round, outcome: Outcome, place: int) -> Sampled:
        return Sampled.objects.create(
            round=found, outcome=outcome, unit=rows.unit, unit_code=rows.unit.code,
            indicator_key=outcome.indicator_id, household_code=f"{word}-1", digest="0" * 64, place=place, is_drawn=True,
        )  # fmt: skip

    def visit(of: Sampled, finding: str) -> None:
        Visit.objects.create(
            sampled=of, number=1, visited_on=date(2019, 6, 9), finding=finding, answerer="head", reason=word,
            at=clock.now(), by_name=word, organisation=word,
        )  # fmt: skip

    rows.announced = a_round(6)
    # It counted on the day of the round that can be drawn.
    counted = Outcome.objects.create(
        plan=rows.plan, household=rows.left, unit=rows.unit, indicator_id=TELECOM,
        means=rows.outcome.means, happened_on=date(2019, 6, 1),
    )  # fmt: skip
    Entry.objects.create(
        outcome=counted,
        kind="recorded",
        on=date(2019, 6, 2),
        at=clock.now(),
        recorded=1,
        by_name=word,
        organisation=word,
    )
    rows.drawn, rows.complete, rows.signed = (a_round(day, drawn_at=clock.now()) for day in (7, 8, 9))
    rows.disputed = sampled(rows.drawn, rows.outcome, 1)
    visit(rows.disputed, "disagrees")
    rows.unvisited = sampled(rows.drawn, rows.returned, 2)
    visit(sampled(rows.complete, rows.outcome, 1), "agrees")
    rows.signed.frozen = {
        "households": 1, "drawn": 1, "statuses": dict.fromkeys(Status, 0), "lower": 1, "upper": 1, "strata": [],
    }  # fmt: skip
    rows.signed.save()


def _plant_files(rows: Rows) -> None:
    word = rows.word("file")
    rows.file, rows.under_way = (
        Import.objects.create(
            unit=rows.unit, year=2018, name=f"{word}.xlsx", sha256=f"{rows.name}-{state}", size=9, state=state,
            created_at=clock.now(), by_name=word, rows=2, accepted=1, rejected=1,
            understanding={"tables": [], "summary": {}}, file=ContentFile(b"a,b", name=f"{word}.csv"),
        )
        for state in (ImportState.READ, ImportState.WAITING)
    )  # fmt: skip
    # One that was written today: it can be taken back.
    rows.written = Import.objects.create(
        unit=rows.unit, year=2018, name=f"{word}-3.xlsx", sha256=f"{rows.name}-written", size=9,
        state=ImportState.DONE, created_at=clock.now(), finished_at=clock.now(), by_name=word, marks={"x": 1},
    )  # fmt: skip
    # One that may be written together with others, unseen.
    Import.objects.create(
        unit=rows.unit, year=2018, name=f"{word}-2.xlsx", sha256=f"{rows.name}-clean", size=9,
        state=ImportState.READ, created_at=clock.now(), by_name=word, rows=1, accepted=1,
    )  # fmt: skip
    for file in (rows.file, rows.under_way):
        ImportRow.objects.create(
            file=file, sheet=word, row=3, outcome="accepted", head_name=f"Ví dụ {word}", unit=rows.unit
        )
        ImportRow.objects.create(
            file=file,
            sheet=word,
            row=2,
            outcome="rejected",
            head_name=f"Ví dụ {word}",
            code=word,
            reason=word,
        )
        ImportProblem.objects.create(
            file=file, sheet=word, row=2, column=1, code="x", message=word, value=word
        )


def _plant_pairs(rows: Rows) -> None:
    word = rows.word("household")
    twin, other = (
        a_household(rows.unit, code=f"{word}-{n}", head_name=f"Ví dụ {word}", hamlet=word, by=CONSOLE)
        for n in (4, 5)
    )

    def of(*records: Household) -> Pair:
        first, second = sorted(records, key=lambda record: record.pk)
        return Pair.objects.create(first=first, second=second, score=60, reasons=[word], found_at=clock.now())

    rows.pair = of(rows.household, rows.waiting)
    rows.apart = households.keep_apart(pair=of(rows.waiting, twin), reason=word, by=Console(full_name=word))
    rows.joined = of(twin, other)
    households.merge(pair=rows.joined, keep=twin, values_of={}, by=Console(full_name=word))


def _plant_devices(rows: Rows) -> None:
    word, by = rows.word("device"), Console(full_name=rows.word("household"))
    facts = {
        "unit": rows.unit,
        "kind": DeviceKind.objects.get(pk="tv_32"),
        "source": Source.objects.get(pk="charity"),
    }
    rows.pledge = devices.pledge(
        id=uuid.uuid4(), who=word, quantity=9, paper=word, pledged_on=date(2019, 6, 1), by=by, **facts
    )  # fmt: skip
    receipt = devices.receive(
        id=uuid.uuid4(), serials=[f"{word}-1", f"{word}-2"], provider=word, received_on=date(2019, 6, 1), minutes=word,
        pledge=rows.pledge, by=by, **facts,
    )  # fmt: skip
    rows.spare, handed = receipt.devices.order_by("serial")
    rows.given = devices.hand_over(
        id=uuid.uuid4(), device=handed, household=rows.household, on=date(2019, 6, 10), condition="good",
        receiver=rows.word("household"), signature=(f"{rows.word('household')}.pdf", b"%PDF-1.4 x"),
        by=a_person(Role.OFFICER, rows.unit),  # whose office can undo it
    )  # fmt: skip


def _plant_months(rows: Rows) -> None:
    word = rows.word("list")
    operator = a_person(Role.OPERATOR, rows.unit).organisation
    subscriber = a_household(
        rows.unit, code=f"{word}-1", head_name=f"Ví dụ {word}", hamlet=word, by=Console(full_name=word)
    )

    def a_month(on: date, *states: str) -> Month:
        found = Month.objects.create(
            operator=operator, unit=rows.unit, month=on, name=f"{word}.csv", sha256="0" * 64, size=1,
            sent_at=clock.now(), sent_by=word, file=ContentFile(b"a,b", name=f"{word}.csv"), unused=[word],
        )  # fmt: skip
        for n, state in enumerate(states, start=2):
            Line.objects.create(
                month=found, on=on, sheet=word, row=n, unit=rows.unit, name=f"Ví dụ {word}", service="mobile",
                number=word, state=state, household=subscriber if state == "provided" else None, asked=20000,
                amount=20000 if state == "provided" else 0, refusal="said" if state == "refused" else "", said=word,
                reason=word, told=state != "refused",
            )  # fmt: skip
        return found

    rows.month = a_month(date(2019, 5, 1), "provided", "refused", "unmatched")
    rows.closable = a_month(date(2019, 4, 1), "provided")
    rows.unmatched = rows.month.lines.get(state="unmatched")
    Problem.objects.create(month=rows.month, sheet=word, row=9, column=1, message=word, value=word)
    support = Support.objects.create(
        household=subscriber, unit=rows.unit, indicator_id=TELECOM, means_id="subscription", provider=word,
        began_on=date(2019, 3, 1), note=word,
    )  # fmt: skip
    rows.subscription = Subscription.objects.create(
        household=subscriber, operator=operator, service="mobile", number=word, support=support,
        began_on=date(2019, 3, 1), uncounted=word,
    )  # fmt: skip


def _plant_documents(rows: Rows) -> None:
    word, register = rows.word("document"), rows.word("register")
    clerk, leader = (a_person(role, rows.unit) for role in (Role.CLERK, Role.LEADER))
    drafter = a_person(Role.COORDINATOR, rows.unit)
    rows.body = clerk.organisation
    rows.signatory = Signatory.objects.create(
        body=rows.body,
        person=leader,
        name=f"Lê {word}",
        position="Chủ tịch",
        capacity="head",
        since=date(2019, 1, 1),
    )
    facts = {"body": rows.body, "by": clerk}
    rows.contact = contacts.add(id=uuid.uuid4(), name=f"Sở {word}", organ_id="H56.21", **facts)
    contacts.add(id=uuid.uuid4(), name=rows.body.name, organ_id="H56.47", **facts)

    def drafted(title: str, *recipients: str) -> Document:
        grid = Grid(
            ((HeadCell("Đơn vị"), HeadCell("Hộ")),), ((word, "7"),), None, (80, 40), ("left", "right")
        )
        said = Written(
            parent_body=None, issuing_body="Ủy ban nhân dân", symbol="TB-UBND", place="Thanh Hóa", kind="Thông báo",
            title=title, body=(TextOf(f"Nội dung {word}"), grid), recipients=recipients,
        )  # fmt: skip
        return drafting.draft(
            id=uuid.uuid4(),
            body=rows.body,
            handed=drafting.Handed(said, expected=[f"Nơi {word}"]),
            by=drafter,
        )

    def gone_out(document: Document) -> Document:
        site, seen = "http://localhost", document.digest
        document = issuing.propose(
            document=document, signatory=rows.signatory, site=site, seen=seen, by=drafter
        )
        document = issuing.sign(document=document, key=None, seen=document.digest, by=leader)
        return issuing.issue(document=document, site="http://localhost", seen=document.digest, by=clerk)

    labour = a_person(Role.VERIFIER, rows.unit).organisation
    rows.being_drafted = drafted(f"Dự thảo {word}", f"Nơi khác {word}")
    rows.outgoing = gone_out(drafted(f"Việc {word}", f"Sở {word}", f"Nhà {word}", f"Hội {word}", labour.name))
    recipients.by_hand(dispatch=rows.outgoing.dispatches.get(name=f"Hội {word}"), by=clerk)
    rows.titled = gone_out(drafted("Thông báo chung", "Nhà văn hóa"))
    recipients.by_hand(dispatch=rows.titled.dispatches.get(), by=clerk)
    rows.number = registers.enter(
        id=uuid.uuid4(),
        body=rows.body,
        symbol="BC-UBND",
        title=f"Báo cáo {register}",
        signer="",
        recipients=1,
        by=clerk,
    )
    wording = {
        "body": rows.body, "form": CONSOLIDATED.key, "lines": words_to_plain(CONSOLIDATED.lines), "note": register,
        "made_at": clock.now(), "tried_at": clock.now() - timedelta(hours=1), "by_name": register,
    }  # fmt: skip
    Wording.objects.create(ordinal=1, state="in_use", used_from=clock.now(), **wording)
    rows.wording = Wording.objects.create(ordinal=2, **wording)
    rows.fresh = registers.register_of(rows.body, "GM", 2019)
    rows.incoming = incoming.enter(
        id=uuid.uuid4(), arrived_on=clock.today(), sender=f"Sở {register}", title=register, file=arrived.checked(
            "a.pdf", b"%PDF-1.4 x"
        ), **facts,
    )  # fmt: skip


def _to(name: str) -> Callable[[Rows], dict[str, Any]]:
    """The recipient of the paper that went out, by the first word of its name."""

    def values(rows: Rows) -> dict[str, Any]:
        [one] = [one for one in rows.outgoing.dispatches.all() if one.name.startswith(name)]
        return {"pk": rows.outgoing.pk, "dispatch": one.pk}

    return values


def _other_words() -> Lines:
    """The form's own wording with one word more."""
    return tuple(
        replace(one, text=one.text.replace("như sau", "cụ thể như sau")) for one in CONSOLIDATED.lines
    )


def _form_of(rows: Rows) -> dict[str, Any]:
    return {"body": rows.body.pk, "form": CONSOLIDATED.key}


def _seen(name: str) -> Callable[[Rows], dict[str, Any]]:
    return lambda rows: {"seen": getattr(rows, name).digest}


def a_picture() -> bytes:
    """A transparent .png."""
    written = io.BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(written, "PNG")
    return written.getvalue()


def _plant_people(rows: Rows) -> None:
    word = rows.word("people")
    rows.organisation = Organisation.objects.create(
        kind=OrganisationKind.OFFICE, name=f"Công ty {word}", unit=rows.unit
    )
    rows.person = a_person(Role.PARTNER, organisation=rows.organisation, username=word, full_name=word)


# ---- the routes, each with its rows, who may use it, and what is sent


@dataclass(frozen=True)
class Route:
    roles: str
    """Who passes the door: coordinator, officer, verifier, leader, partner, supervisor, administrator, telecom operator, clerk;
    "*" is whoever has signed in, "everyone" also who has not."""
    methods: str = "GET"
    values: Callable[[Rows], dict[str, Any] | None] | None = None
    """Parts of the address from an owner's rows; without it the address belongs to nobody."""
    scope: Scope = anywhere
    data: Callable[[Rows], dict[str, Any]] = lambda rows: {}
    query: Callable[[Rows], str] = lambda rows: ""
    headers: dict[str, str] = field(default_factory=dict)
    refusing: bool = False
    """The page opens within `scope`; what is sent is refused outside of the person's own units."""
    moved: bool = False
    """Leads elsewhere also on GET."""
    within: str = ""
    """Of those who pass the door, the roles that the rows are there for; all of them unless told."""

    def lets(self, role: str) -> bool:
        return self.roles in ("*", "everyone") or letter(role) in self.roles

    def reaches(self, person: Person, owner: Unit) -> bool:
        """Whether the rows are within the person's reach; an operator's is its own company, here its own unit's."""
        if self.within and letter(person.role) not in self.within:
            return False
        return self.scope(person.unit, owner) and (self.scope is not theirs or reaches(person, owner))


LETTERS = {Role.OPERATOR: "t", Role.CLERK: "k"}
"""Of roles whose first letter another one has."""


def letter(role: str) -> str:
    return LETTERS.get(Role(role), role[0])


def reaches(person: Person, owner: Unit) -> bool:
    return person.role != Role.OPERATOR or same(person.unit, owner)


def _pk(name: str) -> Callable[[Rows], dict[str, Any]]:
    return lambda rows: {"pk": getattr(rows, name).pk}


def _version_of(rows: Rows) -> dict[str, Any]:
    return {"version": rows.draft.version}


def _paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, as_text(Truth()).encode(), "text/plain")


# Who may come in, by the first letters of roles; no two roles share one.
COV, COVLS, COVK = "cov", "covls", "covk"
_PAPER = "van-ban/<uuid:pk>/"
_RECIPIENT = _PAPER + "noi-nhan/<int:dispatch>/"
_WORDING = "van-ban/mau/<int:body>/<slug:form>/"
_CAME = "van-ban/so-den/<uuid:pk>/"


def _round(year: int) -> Callable[[Rows], dict[str, Any]]:
    return lambda rows: {"unit": rows.unit.pk, "year": year}


_FILE = "ho-ngheo/nhap/<uuid:pk>/"
_DEVICE = "thiet-bi/may/<uuid:pk>/"
_GIVEN = "thiet-bi/ban-giao/<uuid:pk>/"
_PERIODIC = "bao-cao/cua/<uuid:pk>/"
_MONTH = "vien-thong/<uuid:pk>/"
_SUBSCRIPTION = "vien-thong/thue-bao/<uuid:pk>/"
_PLEDGE = "thiet-bi/cam-ket/<uuid:pk>/"
_DRAFT = "ke-hoach/van-ban/<uuid:pk>/"
_ROUND = "ho-ngheo/ra-soat/<slug:unit>/<int:year>/"
ROUTES: dict[str, list[Route]] = {
    "": [Route("*", moved=True)],
    "giao-dien/": [Route("*")],
    "suc-khoe/": [Route("everyone")],
    "dang-nhap/": [Route("everyone", "GET POST", moved=True)],
    "dang-xuat/": [Route("*", "POST")],
    "dat-mat-khau/": [Route("everyone", "GET POST")],
    "lap-he-thong/": [Route("everyone", "GET POST", moved=True)],
    "tai-khoan/": [Route("a")],
    "tai-khoan/them/": [Route("a", "GET POST", lambda rows: {}, anywhere, lambda rows: {
        "full_name": "Lê Thị Thử", "organisation": rows.organisation.pk, "role": "partner", "username": "le.thu",
    }, refusing=True)],
    "tai-khoan/them-co-quan/": [Route("a", "GET POST", lambda rows: {}, anywhere, lambda rows: {
        "kind": "company", "name": "Công ty Thử", "unit": rows.unit.pk,
    }, refusing=True)],
    "tai-khoan/co-quan/<int:pk>/": [Route("a", "GET POST", _pk("organisation"), below, lambda rows: {"name": "Tên mới"})],
    "tai-khoan/<int:pk>/cap-ma/": [Route("a", "POST", _pk("person"), below)],
    "tai-khoan/<int:pk>/dong/": [Route("a", "GET POST", _pk("person"), below, lambda rows: {"reason": "chuyển việc"})],
    "ke-hoach/": [Route("*")],
    "ke-hoach/van-ban/": [
        Route("c", "GET POST", data=lambda rows: {"id": uuid.uuid4(), "file": _paper("moi.txt")}),
        Route("c", "GET POST", lambda rows: {}, below, lambda rows: {"id": uuid.uuid4(), "file": _paper("sua.txt")},
              lambda rows: f"?dieu-chinh={rows.plan.pk}"),
    ],
    _DRAFT: [Route("c", "GET", _pk("draft"), same)],
    _DRAFT + "tep/": [Route("c", "GET", _pk("draft"), same)],
    _DRAFT + "sua/<slug:section>/<slug:name>/": [Route(
        "c", "GET POST", lambda rows: {"pk": rows.draft.pk, "section": "signatory", "name": "0"}, same,
        lambda rows: {"name": "Lê Thử", "position": "Chủ tịch", "authority": "TM.", **_version_of(rows)},
    )],
    _DRAFT + "xac-nhan/<slug:finding>/": [Route(
        "c", "POST", lambda rows: {"pk": rows.draft.pk, "finding": rows.finding}, same,
        lambda rows: {"reason": "đúng", **_version_of(rows)},
    )],
    _DRAFT + "bo/": [Route("c", "POST", _pk("draft"), same, _version_of)],
    _DRAFT + "mo/": [Route("c", "POST", _pk("ready"), same, lambda rows: {
        "reason": "điều chỉnh", "version": rows.ready.version,
    })],
    "ke-hoach/<int:pk>/": [Route("*", "GET", _pk("plan"), in_line)],
    "ke-hoach/<int:pk>/lich-su/": [Route("*", "GET", _pk("plan"), in_line)],
    "ke-hoach/<int:pk>/ban/<int:ordinal>/tep/": [
        Route("*", "GET", lambda rows: {"pk": rows.plan.pk, "ordinal": 1}, in_line)
    ],
    "ke-hoach/<int:pk>/chi-tieu/<slug:unit>/": [
        Route("*", "GET", lambda rows: {"pk": rows.plan.pk, "unit": rows.unit.pk}, in_line)
    ],
    "ke-hoach/<int:pk>/chia/": [Route("c", "GET POST", _pk("plan"), below, lambda rows: {
        "id": uuid.uuid4(), "indicator": TELECOM, "total": "3", "basis": "poor", "method": "largest_remainder",
    })],
    "ke-hoach/chia/<uuid:pk>/": [Route("c", "GET", _pk("division"), same)],
    "ke-hoach/chia/<uuid:pk>/dieu-chinh/": [Route("c", "GET POST", _pk("division"), same, lambda rows: {
        "id": uuid.uuid4(), "number": "8", "symbol": "QĐ-UBND", "issued_on": "01/06/2019", "title": "Sửa", "position": "Chủ tịch", "signatory": "Lê Thử",
        "reason": "chia lại", "file": _paper("ky.txt"),
    })],
    "ke-hoach/nhiem-vu/<int:pk>/": [Route("covpt", "GET POST", _pk("duty"), in_line, lambda rows: {
        "id": uuid.uuid4(), "done_on": "01/06/2019", "what": "đã tập huấn",
    })],
    "ke-hoach/viec-da-lam/<uuid:pk>/bo/": [
        Route("covpt", "GET POST", _pk("done"), below, lambda rows: {"reason": "ghi nhầm"})
    ],
    "ke-hoach/noi-nhan/<int:pk>/": [
        Route("c", "POST", _pk("recipient"), in_line, lambda rows: {"on": "01/06/2019"}, refusing=True)
    ],
    "ho-ngheo/": [
        Route(COV, "GET POST", data=lambda rows: {"q": "vi du"}),
        Route(COV, "GET POST", data=lambda rows: {"q": "vi du", "lack": TELECOM}, headers={"HX-Request": "true"}),
        Route(COV, "GET POST", lambda rows: {}, anywhere, query=lambda rows: f"?sau={rows.household.pk}"),
    ],
    "ho-ngheo/them/": [Route("o", "GET POST", lambda rows: {}, anywhere, lambda rows: {
        "id": uuid.uuid4(), "unit": rows.unit.pk, "code": "M-1", "head_name": "Lê Thử", "members": "2",
        "poverty": "poor_income",
    }, refusing=True)],
    "ho-ngheo/<uuid:pk>/": [Route(COV, "GET", _pk("household"), below)],
    "ho-ngheo/<uuid:pk>/sua/": [Route("o", "GET POST", _pk("household"), below, lambda rows: {
        "code": "M-2", "head_name": "Lê Thử", "members": "2", "version": rows.household.version,
    })],
    "ho-ngheo/<uuid:pk>/ra-soat/": [
        Route("o", "GET POST", _pk("household"), below, lambda rows: {"poverty": "near_poor", "version": rows.household.version})
    ],
    "ho-ngheo/<uuid:pk>/lich-su/": [Route(COV, "GET", _pk("household"), below)],
    "ho-ngheo/<uuid:pk>/thanh-vien/them/": [Route("o", "GET POST", _pk("household"), below, lambda rows: {
        "name": "Lê Thị Thử", "relation": "con", "version": rows.household.version,
    })],
    "ho-ngheo/<uuid:pk>/thanh-vien/<int:member>/": [Route("o", "GET POST", lambda rows: {
        "pk": rows.household.pk, "member": rows.member.pk,
    }, below, lambda rows: {"name": "Lê Thị Thử", "version": rows.household.version})],
    "ho-ngheo/<uuid:pk>/thanh-vien/<int:member>/bo/": [Route("o", "GET POST", lambda rows: {
        "pk": rows.household.pk, "member": rows.member.pk,
    }, below, lambda rows: {"reason": "ghi nhầm", "version": rows.household.version})],
    "ho-ngheo/<uuid:pk>/doi-chu-ho/": [Route("o", "GET POST", _pk("household"), below, lambda rows: {
        "member": rows.member.pk, "reason": "đã mất", "version": rows.household.version,
    })],
    "ho-ngheo/<uuid:pk>/nhay-cam/": [
        Route(COV, "GET POST", _pk("household"), below, lambda rows: {"reason": "lập danh sách cấp thẻ"}),
        Route(COV, "GET POST", _pk("waiting"), below, lambda rows: {
            "reason": "ghi bổ sung", "luu": "1", "sua-version": rows.waiting.version, "sua-ethnicity": "Thái", "sua-reason": "ghi bổ sung",
        }) ,
    ],
    "ho-ngheo/<uuid:pk>/chuyen/": [Route("o", "GET POST", _pk("waiting"), below, lambda rows: {
        "to": a_unit("Quảng Thắng").pk, "moved_on": "01/06/2019", "code": "M-9", "version": rows.waiting.version,
    })],
    "ho-ngheo/<uuid:pk>/tach/": [Route("o", "GET POST", _pk("household"), below, lambda rows: {
        "id": uuid.uuid4(), "code": "M-8", "head_name": "Lê Thử", "members": "1", "version": rows.household.version,
    })],
    "ho-ngheo/<uuid:pk>/ra-khoi-so/": [Route("o", "GET POST", _pk("household"), below, lambda rows: {
        "why": "away", "left_on": "01/06/2019", "version": rows.household.version,
    })],
    "ho-ngheo/<uuid:pk>/tro-lai/": [Route("o", "GET POST", _pk("left"), below, lambda rows: {
        "reason": "đã về", "version": rows.left.version,
    })],
    "ho-ngheo/chuyen-di/": [Route(COV)],
    "ho-ngheo/ra-soat/": [Route(COV)],
    _ROUND: [Route(COV, "GET", _round(year), below) for year in (2015, 2016, 2018, 2019)],
    _ROUND + "<slug:kind>/<slug:figure>/": [
        Route(COV, "GET", lambda rows, figure=figure, year=year: {  # type: ignore[misc]
            "unit": rows.unit.pk, "year": year, "kind": "ngheo", "figure": figure,
        }, below)
        for figure, year in (("nam-nay", 2018), ("nam-truoc", 2019), ("chua-ra-soat", 2019))
    ],
    _ROUND + "bat-dau/": [Route("o", "POST", _round(2015), below)],
    _ROUND + "giu-nguyen/": [Route("o", "POST", _round(2019), below, lambda rows: {"households": [rows.household.pk]})],
    _ROUND + "khoa/": [Route("o", "GET POST", _round(2016), below)],
    _ROUND + "mo-lai/": [Route("c", "GET POST", _round(2017), below, lambda rows: {"reason": "sửa số liệu"})],
    "ho-ngheo/xuat/": [Route(COV, "POST")],
    "ho-ngheo/bang-tinh/": [
        Route(COV, "POST", lambda rows: None if rows.name == "city" else {}, below, lambda rows: {"ward": rows.unit.pk})
    ],
    "ho-ngheo/nhap/": [Route("co", "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "year": 2018, "chosen": SimpleUploadedFile("ds.csv", b"a,b"),
    })],
    "ho-ngheo/nhap/ghi-het/": [Route("co", "POST")],
    _FILE: [Route("co", "GET", _pk("file"), below), Route("co", "GET", _pk("under_way"), below)],
    _FILE + "dong/<slug:outcome>/": [
        Route("co", "GET", lambda rows: {"pk": rows.file.pk, "outcome": "rejected"}, below)
    ],
    _FILE + "hieu/": [
        Route("co", "POST", _pk("file"), below, lambda rows: {"unit": rows.unit.pk})
    ],
    _FILE + "ghi/": [Route("co", "POST", _pk("file"), below, lambda rows: {"without_rejected": "on"})],
    _FILE + "dung/": [Route("co", "POST", _pk("under_way"), below)],
    _FILE + "bo/": [Route("co", "POST", _pk("file"), below)],
    _FILE + "hoan-tac/": [Route("co", "POST", _pk("written"), below)],
    _FILE + "danh-dau/": [Route("co", "GET", _pk("file"), below)],
    "ho-ngheo/nghi-trung/": [
        Route(COV),
        Route(COV, "GET", lambda rows: {}, anywhere, query=lambda rows: f"?sau={rows.pair.pk}"),
    ],
    "ho-ngheo/nghi-trung/tim/": [Route("co", "POST", lambda rows: {}, anywhere)],
    "ho-ngheo/nghi-trung/<int:pk>/": [
        Route(COV, "GET", _pk(name), below) for name in ("pair", "apart", "joined")
    ],
    "ho-ngheo/nghi-trung/<int:pk>/quyet-dinh/": [
        Route("o", "POST", _pk("pair"), below, lambda rows, decision=decision: {  # type: ignore[misc]
            "decision": decision, "seen": f"{rows.pair.first.version}-{rows.pair.second.version}",
            "value_head_name": "first", "reason": "hai hộ",
        })
        for decision in ("first", "different", "")
    ],
    "ho-ngheo/nghi-trung/<int:pk>/tach-lai/": [
        Route("o", "POST", _pk("joined"), below, lambda rows: {"reason": "nhầm"})
    ],
    "ho-ngheo/nghi-trung/<int:pk>/xet-lai/": [Route("o", "POST", _pk("apart"), below)],
    "chuan-ngheo/": [Route(COVLS)],
    "chuan-ngheo/<slug:standard>/cach-hieu/<slug:indicator>/": [Route(
        "c", "GET POST", lambda rows: {"standard": "2016-2021", "indicator": TELECOM}, anywhere,
        lambda rows: {"reading": "2016-2021-telecom_service-both"},
    )],
    "ket-qua/ghi/": [
        Route("o", "GET POST", data=lambda rows: {"q": "vi du"}),
        Route("o", "GET POST", lambda rows: {}, below, lambda rows: {
            "id": uuid.uuid4(), "indicator": TELECOM, "happened_on": "01/06/2019", "source": "enterprise",
            "means": Means.objects.filter(indicator=TELECOM)[0].pk,
        }, lambda rows: f"?ho={rows.waiting.pk}"),
    ],
    "ket-qua/cho-xac-minh/": [Route("v")],
    "ket-qua/<uuid:pk>/": [Route(COV, "GET", _pk("outcome"), below)],
    "ket-qua/<uuid:pk>/xac-minh/": [Route("v", "POST", _pk("outcome"), below)],
    "ket-qua/<uuid:pk>/tra-lai/": [
        Route("v", "POST", _pk("outcome"), below, lambda rows: {"tra-reason": "ảnh mờ"})
    ],
    "ket-qua/<uuid:pk>/bo-sung/": [Route("o", "POST", _pk("returned"), below, lambda rows: {"note": "đã chụp lại"})],
    "ket-qua/<uuid:pk>/rut/": [Route("o", "POST", _pk("outcome"), below, lambda rows: {"rut-reason": "nhầm hộ"})],
    "ket-qua/<uuid:pk>/minh-chung/": [Route("o", "POST", _pk("outcome"), below, lambda rows: {
        "files": SimpleUploadedFile("them.pdf", b"%PDF-1.4 x", "application/pdf"),
    })],
    "ket-qua/<uuid:pk>/lich-su/": [Route(COV, "GET", _pk("outcome"), below)],
    "ket-qua/<uuid:pk>/khong-tinh/": [
        Route("v", "POST", _pk("outcome"), below, lambda rows: {"khong-reason": "hộ không dùng"})
    ],
    "minh-chung/<uuid:pk>/": [Route(COV, "GET", _pk("evidence"), below)],
    "xac-minh/": [Route(COV)],
    "xac-minh/mo-dot/": [Route("v", "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "name": "Đợt", "as_of": "14/06/2019", "ends_on": "28/06/2019", "seed": "1", "seed_origin": "xổ số",
    })],
    "xac-minh/<uuid:pk>/": [Route(COV, "GET", _pk("drawn"), in_line)],
    "xac-minh/<uuid:pk>/rut-mau/": [Route("v", "POST", _pk("announced"), in_line, refusing=True)],
    "xac-minh/<uuid:pk>/mau/<slug:status>/": [
        Route(COV, "GET", lambda rows: {"pk": rows.drawn.pk, "status": "tat-ca"}, in_line)
    ],
    "xac-minh/<uuid:pk>/danh-sach.csv": [Route(COV, "GET", _pk("drawn"), in_line)],
    "xac-minh/<uuid:pk>/ky/": [Route("cv", "POST", _pk("complete"), below)],
    "xac-minh/<uuid:pk>/bien-ban.docx": [Route("cv", "GET", _pk("signed"), below)],
    "xac-minh/<uuid:pk>/lich-su/": [Route("cv", "GET", _pk("drawn"), below)],
    "xac-minh/phieu/<int:pk>/": [Route("v", "GET POST", _pk("unvisited"), below, lambda rows: {
        "id": uuid.uuid4(), "finding": "agrees", "checks": ["asked"], "visited_on": "12/06/2019",
    })],
    "xac-minh/phieu/<int:pk>/chap-nhan/": [Route("v", "POST", _pk("disputed"), below)],
    "xac-minh/phieu/<int:pk>/khong-tinh/": [
        Route("v", "POST", _pk("disputed"), below, lambda rows: {"reason": "hộ không dùng"})
    ],
    "thiet-bi/": [Route("co")],
    "thiet-bi/so/<slug:figure>/": [
        Route("co", "GET POST", lambda rows, figure=figure: {"figure": figure}, anywhere, lambda rows: {"q": "zq"})  # type: ignore[misc]
        for figure in ("nhan", "kho-duoi", "giao-theo-ke-hoach")
    ],
    "thiet-bi/nhap-xuat/": [Route("co")],
    "thiet-bi/loai/them/": [Route("c", "GET POST", data=lambda rows: {"name": "Ti vi 43 inch", "means": "television"})],
    "thiet-bi/nhan/": [Route("co", "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "kind": "tv_32", "source": "charity", "provider": "Nhà hảo tâm", "received_on": "01/06/2019",
        "serials": "M-1",
    })],
    "thiet-bi/cap/": [Route("co", "GET POST", lambda rows: {}, anywhere, lambda rows: {
        "id": uuid.uuid4(), "to": a_unit().pk, "on": "10/06/2019", "devices": [rows.spare.pk],
    }, refusing=True)],
    "thiet-bi/cam-ket/them/": [Route("co", "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "who": "Nhà hảo tâm", "source": "charity", "kind": "tv_32", "quantity": "2", "pledged_on": "01/06/2019",
    })],
    _PLEDGE: [Route("co", "GET", _pk("pledge"), below)],
    _PLEDGE + "thoi/": [Route("co", "POST", _pk("pledge"), below, lambda rows: {"thoi-reason": "không còn"})],
    _PLEDGE + "cong-van/": [Route("co", "POST", _pk("pledge"), below, lambda rows: {
        "cv-to": "Nhà hảo tâm", "cv-position": "Chủ tịch", "cv-name": "Lê Thử",
    })],
    "thiet-bi/de-nghi/": [Route("co", "GET POST", data=lambda rows: {
        "to": "Sở", "position": "Chủ tịch", "name": "Lê Thử",
    })],
    "thiet-bi/de-nghi/<slug:indicator>/<slug:figure>/<str:unit>/": [Route("co", "GET", lambda rows: {
        "indicator": "information_asset", "figure": "con-cho", "unit": rows.unit.pk,
    }, below)],
    _DEVICE: [
        Route("co", "GET", _pk("spare"), below),
        Route("co", "GET", lambda rows: {"pk": rows.given.device_id}, below),
    ],
    _DEVICE + "lich-su/": [Route("co", "GET", lambda rows: {"pk": rows.given.device_id}, below)],
    _DEVICE + "<slug:step>/": [Route("co", "POST", lambda rows: {"pk": rows.spare.pk, "step": "dua-di-sua"}, below, lambda rows: {
        "dua-di-sua-id": uuid.uuid4(), "dua-di-sua-on": "10/06/2019", "dua-di-sua-reason": "không lên hình",
    })],
    "thiet-bi/ban-giao/": [
        Route("o", "GET POST", data=lambda rows: {"q": "vi du"}),
        Route("o", "GET POST", lambda rows: {}, below, lambda rows: {"q": "vi du"}, lambda rows: f"?may={rows.spare.pk}", moved=True),
        Route("o", "GET POST", lambda rows: {}, below, lambda rows: {
            "id": uuid.uuid4(), "on": "10/06/2019", "condition": "good", "who": "head",
            "paper": SimpleUploadedFile("ky.pdf", b"%PDF-1.4 x", "application/pdf"),
        }, lambda rows: f"?may={rows.spare.pk}&ho={rows.waiting.pk}", moved=True),
    ],
    _GIVEN: [Route(COV, "GET", _pk("given"), below)],
    _GIVEN + "bien-ban/": [Route(COV, "GET", _pk("given"), below)],
    _GIVEN + "hoan-tac/": [Route("o", "POST", _pk("given"), below, lambda rows: {"ht-reason": "nhầm hộ"})],
    _GIVEN + "tinh-trang/": [Route("co", "POST", _pk("given"), below, lambda rows: {
        "hoi-id": uuid.uuid4(), "hoi-on": "11/06/2019", "hoi-found": "works",
    })],
    "thiet-bi/hoi-lai/": [Route("co")],
    "vien-thong/": [Route("ct", "GET POST", data=lambda rows: {
        "operator": rows.month.operator_id, "month": "2019-03", "file": SimpleUploadedFile(
            "t.csv", "Họ tên,Phường xã,Dịch vụ,Số tiền\nLê Văn Thử,Hàm Rồng,di động,20000\n".encode(), "text/csv"),
    })],
    "vien-thong/thue-bao/": [Route("covt")],
    _SUBSCRIPTION: [Route("covt", "GET", _pk("subscription"), theirs)],
    _SUBSCRIPTION + "thoi/": [Route("c", "POST", _pk("subscription"), theirs, lambda rows: {"on": "01/06/2019", "why": "cắt"})],
    _MONTH: [Route("ct", "GET", _pk("month"), theirs)],
    _MONTH + "ho/<slug:figure>/": [
        Route("ct", "GET", lambda rows, figure=figure: {"pk": rows.month.pk, "figure": figure}, theirs)  # type: ignore[misc]
        for figure in ("de-nghi", "moi")
    ],
    _MONTH + "dong/<uuid:line>/": [Route(
        "c", "GET POST", lambda rows: {"pk": rows.month.pk, "line": rows.unmatched.pk}, theirs,
        lambda rows: {"version": "1", "code": rows.waiting.code},
    )],
    _MONTH + "danh-dau/": [Route("ct", "GET", _pk("month"), theirs)],
    _MONTH + "chot/": [Route("c", "GET POST", _pk("closable"), theirs, lambda rows: {"version": "1"})],
    _MONTH + "bang-ke.docx": [Route("ct", "GET", _pk("month"), theirs)],
    _MONTH + "bang-ke.xlsx": [Route("ct", "GET", _pk("month"), theirs)],
    "tong-quan/": [Route(COVLS)],
    "tong-quan/<int:pk>/": [Route(COVLS, "GET", _pk("plan"), in_line)],
    "tong-quan/<int:pk>/don-vi/<slug:unit>/": [
        Route(COVLS, "GET", lambda rows: {"pk": rows.outcome.plan_id, "unit": rows.unit.pk}, below)
    ],
    "tong-quan/<int:pk>/luy-ke/<slug:indicator>/": [
        Route(COVLS, "GET", lambda rows: {"pk": rows.plan.pk, "indicator": TELECOM}, in_line)
    ],
    "so-lieu/<int:pk>/<slug:indicator>/<slug:figure>/": [
        Route(COVLS, "GET", lambda rows, figure=figure: {  # type: ignore[misc]
            "pk": rows.plan.pk, "indicator": TELECOM, "figure": figure,
        }, in_line)
        for figure in ("ghi-nhan", "con-cho", "da-ho-tro", "chua-minh-chung")
    ] + [
        # The figure of one unit in the plan that is addressed to it.
        Route(COVLS, "GET", lambda rows: {
            "pk": rows.outcome.plan_id, "indicator": TELECOM, "figure": "ghi-nhan",
        }, below, query=lambda rows: f"?don-vi={rows.unit.pk}"),
    ],
    "thoi-han/": [Route(COVLS)],
    "thoi-han/nhac/": [Route("co", "POST", data=lambda rows: {"email": "thu@example.org"})],
    "thoi-han/dinh-ky/<int:pk>/": [Route("c", "GET POST", _pk("plan"), below, lambda rows: {
        "what": "Báo cáo quý", "every": "quarter", "day": "10",
    })],
    "thoi-han/dinh-ky/viec/<int:pk>/": [Route("c", "GET POST", _pk("recurrence"), below, lambda rows: {"thoi": "1"})],
    "thoi-han/lich/<str:key>.ics": [Route("everyone", "GET", lambda rows: {"key": key_of(rows.person)})],
    "thoi-han/<int:pk>/<slug:unit>/": [
        Route("co", "GET POST",
              lambda rows: {"pk": rows.asked.pk, "unit": rows.unit.pk} if rows.asked else None, below, data)
        for data in (
            lambda rows: {"paper_code": "1/BC", "handed_in_on": "01/06/2019"},
            lambda rows: {"bo": "1", "bo-reason": "ghi nhầm"},
            lambda rows: {"gia-han": "1", "han-until": "30/12/2019", "han-reason": "mưa lũ"},
        )
    ],
    "bao-cao/": [Route(COVLS, "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "as_of": "11/06/2019", "difficulties": "Không", "proposals": "Không", "position": "Chủ tịch", "name": "Lê Thử",
    })],
    "bao-cao/danh-gia/<int:pk>/": [Route("c", "GET", _pk("plan"), below)],
    "bao-cao/danh-gia/<int:pk>/du-thao/": [Route("c", "GET", _pk("plan"), below)],
    "bao-cao/ky/<int:pk>/<slug:period>/": [Route(COVLS, "GET", lambda rows: {"pk": rows.plan.pk, "period": "h1"}, in_line)],
    "bao-cao/ky/<int:pk>/<slug:period>/nhac/": [Route("c", "POST", lambda rows: {"pk": rows.plan.pk, "period": "h1"}, in_line, refusing=True)],
    "bao-cao/ky/<int:pk>/<slug:period>/mo/": [Route("co", "POST", lambda rows: {"pk": rows.plan.pk, "period": "h1"}, in_line, refusing=True)],
    _PERIODIC: [Route(COVLS, "GET", _pk("periodic"), below)],
    _PERIODIC + "viet/": [Route("co", "POST", _pk("drafted"), same, lambda rows: {"work": "khác", "v-work": "1"})],
    _PERIODIC + "tep/": [Route(COVLS, "GET", _pk("periodic"), below)],
    _PERIODIC + "<slug:step>/": [Route(
        "col", "POST", lambda rows: {"pk": rows.periodic.pk, "step": "bo-sung"}, below,
        lambda rows: {"ly-do-reason": "sót một việc"}, refusing=True,
    )],
    "bao-cao/<uuid:pk>/": [Route(COVLS, "GET", _pk("report"), below)],
    "bao-cao/<uuid:pk>/tep/": [Route(COVLS, "GET", _pk("report"), below)],
    "bao-cao/<uuid:pk>/xac-nhan/": [Route(COVLS, "GET", _pk("report"), below)],
    "bao-cao/<uuid:pk>/van-ban/": [Route("c", "POST", _pk("report"), below, refusing=True)],
    "bao-cao/<uuid:pk>/<slug:step>/": [Route(
        "cvl", "POST", lambda rows: {"pk": rows.report.pk, "step": "ky"}, below, lambda rows: {"seen": rows.report.digest},
    )],
    "van-ban/": [Route("*"), Route("*", "GET", lambda rows: {}, query=lambda rows: "?tim=zq")],
    "van-ban/soan/": [Route(COV, "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "body": rows.body.pk, "kind": "TB", "symbol": "TB-UBND", "title": "Nghỉ lễ", "text": "Nghỉ.", "recipients": "Các phòng",
    })],
    "van-ban/soan/giay-moi/": [Route(COV, "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "body": rows.body.pk, "about": "đánh giá", "when": "08 giờ 00", "where": "Phòng họp", "chair": "Chủ tịch", "invited": "Các phòng",
    })],
    _PAPER: [Route("*", "GET", _pk("being_drafted"), same, within=COVK), Route("*", "GET", _pk("outgoing"), same, within="covkl")],
    _PAPER + "sua/": [Route(COV, "GET POST", _pk("being_drafted"), same, lambda rows: {
        "title": "Khác", "block-0": "Khác", "recipients": "Các phòng", **_seen("being_drafted")(rows),
    }, moved=True)],
    _PAPER + "buoc/<slug:step>/": [
        Route("*", "POST", lambda rows: {"pk": rows.being_drafted.pk, "step": "bo"}, same, _seen("being_drafted"), within=COVK),
        Route("*", "POST", lambda rows: {"pk": rows.outgoing.pk, "step": "thu-hoi"}, same, lambda rows: {
            "reason": "sai", **_seen("outgoing")(rows),
        }, within="covkl"),
    ],
    _PAPER + "them-dong/": [Route(COV, "POST", _pk("being_drafted"), same, lambda rows: {
        "line": f"Nơi {rows.word('document')}", **_seen("being_drafted")(rows),
    })],
    _PAPER + "giu/": [Route(COV, "POST", _pk("being_drafted"), same, lambda rows: {"point": "bases"})],
    _PAPER + "tai/<slug:form>/": [
        Route("*", "GET", lambda rows, form=form: {"pk": rows.outgoing.pk, "form": form}, same, within="covkl")  # type: ignore[misc]
        for form in ("docx", "pdf")
    ],
    _PAPER + "noi-nhan/them/": [Route(COVK, "POST", _pk("being_drafted"), same, lambda rows: {"contact": rows.contact.pk})],
    _PAPER + "noi-nhan/gui-lai/": [Route(COVK, "POST", _pk("outgoing"), same)],
    _PAPER + "noi-nhan/nhac/": [Route(COVK, "POST", _pk("outgoing"), same)],
    _RECIPIENT: [Route(COVK, "GET POST", _to("Nhà"), same, lambda rows: {"name": "Nhà khác", "way": "paper"})],
    _RECIPIENT + "da-gui/": [Route(COVK, "POST", _to("Nhà"), same)],
    _RECIPIENT + "goi-tin/": [Route(COVK, "GET", _to("Sở"), same)],
    _PAPER + "bao-nhan/": [Route("*", "POST", _pk("outgoing"), same, within="v")],
    "bao-nhan/<uuid:key>/": [Route("everyone", "GET POST", lambda rows: {"key": rows.titled.dispatches.get().key})],
    "van-ban/so-di/": [Route(COVK), Route(COVK, query=lambda rows: "?tim=zq")],
    "van-ban/so-di/vao-so/": [Route(COVK, "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "body": rows.body.pk, "symbol": "BC-UBND", "title": "Thu ngân sách", "recipients": "1",
    })],
    "van-ban/so-di/<int:pk>/huy/": [Route(COVK, "GET POST", _pk("number"), same, lambda rows: {"seen": "-", "reason": "sai"})],
    "van-ban/so-di/<int:pk>/bat-dau/": [Route(COVK, "POST", _pk("fresh"), same, lambda rows: {"first": "5"})],
    "van-ban/nguoi-ky/": [Route(COVK)],
    "van-ban/nguoi-ky/them/": [Route(COVK, "GET POST", data=lambda rows: {
        "body": rows.body.pk, "name": "Lê Thử", "position": "Phó Chủ tịch", "capacity": "deputy", "head": "Chủ tịch", "since": "01/01/2019", "version": "0",
    })],
    "van-ban/nguoi-ky/<int:pk>/": [Route(COVK, "GET POST", _pk("signatory"), same, lambda rows: {
        "body": rows.body.pk, "name": "Lê Thử", "position": "Chủ tịch", "capacity": "head", "since": "01/01/2019", "version": "1",
    })],
    "van-ban/nguoi-ky/dau/<int:pk>/": [Route(COVK, "POST", _pk("body"), same, lambda rows: {
        "picture": SimpleUploadedFile("dau.png", a_picture(), "image/png"),
    })],
    "van-ban/dia-chi/": [Route(COVK)],
    "van-ban/dia-chi/them/": [Route(COVK, "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "body": rows.body.pk, "name": "Sở Thử", "organ_id": "H56.22",
    })],
    "van-ban/dia-chi/<uuid:pk>/": [Route(COVK, "GET POST", _pk("contact"), same, lambda rows: {"name": "Sở Khác", "version": "1"})],
    "van-ban/dia-chi/<uuid:pk>/thoi/": [Route(COVK, "POST", _pk("contact"), same, lambda rows: {"version": "1"})],
    "van-ban/so-den/": [Route(COVK), Route(COVK, query=lambda rows: "?q=zq")],
    "van-ban/so-den/in/": [Route(COVK)],
    "van-ban/so-den/them/": [Route(COVK, "GET POST", data=lambda rows: {
        "id": uuid.uuid4(), "body": rows.body.pk, "arrived_on": f"{clock.today():%d/%m/%Y}", "sender": "Sở Thử", "title": "Mời họp", "urgency": "plain", "first": "1",
    })],
    "van-ban/so-den/goi-tin/": [Route(COVK, "POST", data=lambda rows: {
        "message": SimpleUploadedFile("a.edxml", b"<x/>", "application/xml"),
    })],
    _CAME: [Route(COVK, "GET", _pk("incoming"), same)],
    _CAME + "xu-ly/": [Route(COVK, "POST", _pk("incoming"), same, lambda rows: {"note": "đã trả lời"})],
    _CAME + "tep/": [Route(COVK, "GET", _pk("incoming"), same)],
    _CAME + "lich-su/": [Route(COVK, "GET", _pk("incoming"), same)],
    "van-ban/mau/": [Route("cok")],
    _WORDING: [Route("cok", "GET POST", _form_of, same, lambda rows: {
        "id": uuid.uuid4(), "note": "sửa", "file": SimpleUploadedFile(
            "mau.docx", docx_of(rows.body, CONSOLIDATED, _other_words())),
    })],
    _WORDING + "tep/": [Route("cok", "GET", _form_of, same)],
    _WORDING + "mac-dinh/": [Route("cok", "POST", _form_of, same)],
    "van-ban/mau/<uuid:pk>/": [Route("cok", "GET", _pk("wording"), same)],
    "van-ban/mau/<uuid:pk>/thu/": [Route("cok", "POST", _pk("wording"), same)],
    "van-ban/mau/<uuid:pk>/dung/": [Route("cok", "POST", _pk("wording"), same)],
    "van-ban/mau/<uuid:pk>/tep/": [Route("cok", "GET", _pk("wording"), same)],
    "van-ban/mau/<uuid:pk>/ban-thu/": [Route("cok", "GET", _pk("wording"), same)],
    "kiem-tra/": [Route("everyone", "GET POST", data=lambda rows: {"code": "TC-2222-2222"})],
    "kiem-tra/<str:code>/": [Route("everyone", "GET POST", lambda rows: {"code": rows.titled.tables.get().spelled}, data=lambda rows: {
        "figure": "0", "written": "9",
    })],
}  # fmt: skip


# ---- the walk


@dataclass(frozen=True)
class Walker:
    """Somebody who asks; without a person, somebody who has not signed in."""

    person: Person | None
    client: Client

    def __str__(self) -> str:
        return f"{self.person.role} of {self.person.unit}" if self.person else "nobody"

    def reads(self, owner: Unit, kind: str) -> bool:
        roles, scope = MAY_READ[kind]
        if self.person is None or self.person.role not in roles:
            return False
        return scope(self.person.unit, owner) and (kind != "list" or reaches(self.person, owner))


def walkers(*units: Unit) -> Iterator[Walker]:
    yield Walker(None, Client(raise_request_exception=False))
    for unit in units:
        for role in Role:
            person = a_person(role, unit)
            client = a_client(person)
            client.raise_request_exception = False
            yield Walker(person, client)


@dataclass
class Walk:
    """What was asked, and everything that should not have been."""

    world: World
    asked: int = 0
    answered: int = 0
    wrote: set[str] = field(default_factory=set)
    """Routes where somebody changed their own unit's rows: a refusal elsewhere then says something."""
    leaks: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def all_routes(self, walker: Walker, below: str = "") -> None:
        """Every way of every route whose address matches `below`, with every unit's rows."""
        for pattern, ways in ROUTES.items():
            if not re.match(below, pattern):
                continue
            for way in ways:
                # Who does not pass the door is turned away before any row is looked for: one unit's tells as much as all.
                stops = way.roles != "everyone" and not (walker.person and way.lets(walker.person.role))
                owners = self.world.rows if way.values and not stops else [self.world["alpha"]]
                for rows in owners:
                    values = way.values(rows) if way.values else {}
                    if values is not None:
                        self.one(walker, pattern, way, rows, values, again=rows is not owners[0])

    def one(
        self,
        walker: Walker,
        pattern: str,
        way: Route,
        rows: Rows,
        values: dict[str, Any],
        *,
        again: bool = False,
    ) -> None:
        """Both methods with one unit's rows; one that the route has not is asked `again` of no other unit."""
        url = "/" + re.sub(r"<\w+:(\w+)>", lambda part: str(values[part[1]]), pattern) + way.query(rows)
        for method in way.methods.split() if again else ("GET", "POST"):
            kept = SimpleCookie({name: crumb.value for name, crumb in walker.client.cookies.items()})
            with transaction.atomic():
                before = Context.objects.count()
                if method == "POST":
                    response = walker.client.post(url, way.data(rows), headers=way.headers)
                else:
                    response = walker.client.get(url, headers=way.headers)
                said = _everything_said(response)
                wrote = Context.objects.count() > before
                transaction.set_rollback(True)
            walker.client.cookies = kept
            self.asked += 1
            self.answered += response.status_code == 200
            if wrote:
                self.wrote.add(pattern)
            where = f"{method} {url} of {rows.name} by {walker}: {response.status_code}"
            self._look_for_words(walker, where, said)
            self._look_at_status(walker, way, rows, method, response, where, wrote)

    def _look_for_words(self, walker: Walker, where: str, said: str) -> None:
        for name, kind in sorted(set(WORD.findall(said.casefold()))):
            if not walker.reads(self.world[name].unit, kind):
                self.leaks.append(f"{where} tells {name}'s {kind}")

    def _look_at_status(
        self, walker: Walker, way: Route, rows: Rows, method: str, response: Any, where: str, wrote: bool
    ) -> None:
        status = response.status_code
        within = way.refusing and walker.person and below(walker.person.unit, rows.unit)
        if walker.person is None and way.roles != "everyone":
            asked = "?next=" if method == "GET" else ""
            good = status == 302 and response["Location"].startswith(f"/dang-nhap/{asked}")
        elif walker.person and not way.lets(walker.person.role):
            good = status == 403
        elif method not in way.methods:
            good = status == 405
        elif way.values and walker.person and not way.reaches(walker.person, rows.unit):
            good = status == 404
        else:
            good = status in ((200,) if method == "GET" and not way.moved else (200, 302))
            if way.refusing and not within and wrote:
                self.problems.append(f"{where}, and it wrote")
            return None if good else self.problems.append(where)
        if not good:
            self.problems.append(where)
        if wrote:
            self.problems.append(f"{where}, and it wrote")
        return None


def _everything_said(response: HttpResponse) -> str:
    """Body (unpacked when it is a .docx), headers, cookies and the messages that the next page would show."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    messages = [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]
    headers = [f"{name}: {value}" for name, value in response.items()]
    return "\n".join([body.decode("utf-8", "ignore"), *headers, response.cookies.output(), *messages])


WRITE_NO_ROWS = {
    "dang-nhap/",
    "dang-xuat/",
    "dat-mat-khau/",
    "lap-he-thong/",
    "ho-ngheo/",
    "ho-ngheo/xuat/",
    "ho-ngheo/bang-tinh/",
    "thiet-bi/so/<slug:figure>/",
    "kiem-tra/",
    "kiem-tra/<str:code>/",
    "van-ban/<uuid:pk>/noi-nhan/gui-lai/",  # a job alone, which sends what was not sent
    "van-ban/so-den/goi-tin/",
    "thiet-bi/de-nghi/",
    "thiet-bi/cam-ket/<uuid:pk>/cong-van/",
}
"""Forms that change no row of the domain here: sessions, searches, and what `test_accounts` looks at."""


def test_every_route_has_its_place_in_the_walk():
    assert {pattern for pattern, _ in routes()} == set(ROUTES)


NOTHING_TO_READ = {"dang-xuat", "giao-dien", "lap-he-thong"}
"""Places that only lead on."""


def place_of(pattern: str) -> str:
    """The part of the site that a route belongs to: its address's first word."""
    return pattern.partition("/")[0]


_SIZES = Counter(map(place_of, ROUTES))
_SMALL = sorted(place for place in _SIZES if _SIZES[place] <= 4 and place != "dang-xuat")
# A world is planted for each walk: small places share one, but the one whose walkers sign out.
WALKS = [*([place] for place in sorted(_SIZES) if place not in _SMALL), _SMALL]


@pytest.mark.parametrize(
    "places", WALKS, ids=lambda places: places[0] if len(places) == 1 else "small places"
)
def test_no_role_reads_or_changes_rows_of_others_and_everyone_reaches_their_own(places, settings):
    settings.MAIL_IS_SET_UP = True  # who chases others writes what was sent
    world = planted(places)
    walk = Walk(world)
    here = {pattern: ways for pattern, ways in ROUTES.items() if place_of(pattern) in places}
    addresses = f"({'|'.join(map(re.escape, places))})(/|$)"
    for walker in walkers(world["alpha"].unit, world["city"].unit):
        walk.all_routes(walker, addresses)
    supervisor = a_person(Role.SUPERVISOR, Unit.objects.get(pk="tinh-thanh-hoa-38"))
    walk.all_routes(Walker(supervisor, a_client(supervisor)), addresses)

    assert not walk.leaks, "\n".join(walk.leaks)
    assert not walk.problems, "\n".join(walk.problems)
    writing = {pattern for pattern, ways in here.items() if any("POST" in way.methods for way in ways)}
    assert writing - walk.wrote == WRITE_NO_ROWS & set(here)
    # Two methods by 20 people, of whom somebody is answered.
    assert walk.asked >= 2 * 20 * sum(map(len, here.values()))
    assert walk.answered or set(places) <= NOTHING_TO_READ


def test_the_walk_reports_guards_that_were_taken_out(monkeypatch):
    """Each guard is taken out once; the walk that found nothing above finds what then leaks."""
    world = planted()

    def walk_of(role: str, unit: str, below: str) -> Walk:
        walk, person = Walk(world), a_person(role, world[unit].unit)
        walk.all_routes(Walker(person, a_client(person)), below)
        return walk

    for queryset, pages in (
        (HouseholdQuerySet, "ho-ngheo/|ket-qua/ghi"),
        (OutcomeQuerySet, "ket-qua/<|minh-"),
    ):
        assert not walk_of(Role.OFFICER, "alpha", pages).leaks
        with monkeypatch.context() as without:
            without.setattr(queryset, "visible_to", lambda rows, person: rows.all())
            behind = walk_of(Role.OFFICER, "alpha", pages)
            without.setattr(wall, "within", nullcontext)
            walk = walk_of(Role.OFFICER, "alpha", pages)
        # The database is the second wall: with the first one gone nothing comes through, with both gone it does.
        assert not behind.leaks
        assert [leak for leak in walk.leaks if "of bravo" in leak and "tells bravo's household" in leak]
        assert [problem for problem in walk.problems if "of bravo" in problem and ": 200" in problem]

    with monkeypatch.context() as without:  # every door is open
        without.setattr(Person, "may", lambda person, what: True)
        walk = walk_of(Role.LEADER, "city", "ho-ngheo/|tai-khoan/")
    assert [leak for leak in walk.leaks if "household" in leak]
    assert [leak for leak in walk.leaks if "people" in leak]

    with monkeypatch.context() as without:  # an act asks for nobody's unit
        without.setattr(Person, "covers", lambda person, unit: True)
        walk = walk_of(Role.COORDINATOR, "alpha", "ke-hoach/noi-nhan/")
    assert [problem for problem in walk.problems if "of city" in problem and "it wrote" in problem]


def test_a_coordinator_of_a_ward_does_not_see_what_the_plan_above_would_divide():
    """The form shows how many households of each unit lack something: numbers of sister wards."""
    world = planted()
    client = a_client(a_person(Role.COORDINATOR, world["alpha"].unit))

    assert client.get(f"/ke-hoach/{world['city'].plan.pk}/").status_code == 200
    assert client.get(f"/ke-hoach/{world['city'].plan.pk}/chia/").status_code == 404
    assert client.get(f"/ke-hoach/{world['alpha'].plan.pk}/chia/").status_code == 200
