"""The demonstration's papers: who signs, the register of a few days of June, and one report that went out."""

import random
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, time

from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.common import clock
from tiepcan.paperwork import contacts, drafting, incoming, issuing, recipients, registers, signatories
from tiepcan.paperwork.checks import checked
from tiepcan.paperwork.models import Document, Number
from tiepcan.plans.models import Plan
from tiepcan.reporting import actions, papers
from tiepcan.reporting.outputs import Said, signer_of

SITE = "http://localhost:8000"
_FIRST = 398
"""The number after the last of the paper book."""
_ENTERED = (
    (3, "Thu ngân sách 5 tháng đầu năm", "Đặng Văn Thí Ký", 4),
    (3, "Công tác y tế dự phòng tháng 5", "Đặng Văn Thí Ký", 5),
    (4, "Tiếp cận dịch vụ thông tin: số liệu nhanh", "Nguyễn Thị Hình Mẫu", 1),
    (4, "Cải cách hành chính quý II", "Đặng Văn Thí Ký", 7),
)
_AFTER = (
    (10, "Hạ tầng viễn thông, tiếp cận internet tại 17 xã", "Đặng Văn Thí Ký", 6),
    (11, "Tiến độ thu ngân sách", "Đặng Văn Thí Ký", 4),
)
_CANCELLED = 2
"""Which of the entered ones was cancelled, from 0."""
_CONTACTS = (
    ("Văn phòng HĐND và UBND thành phố Thanh Hóa", "", "H56.47.01"),
    ("UBND thành phố Thanh Hóa", "", "H56.47"),
    ("Doanh nghiệp C", "vanthu@doanh-nghiep-c.example", ""),
)
_RECEIVED = (
    (
        5,
        "Sở Thông tin và Truyền thông",
        "1207/STTTT-CNTT",
        "Báo nhận Báo cáo tiến độ chỉ tiêu tiếp cận thông tin",
        "Công văn",
    ),
    (10, "Doanh nghiệp C", "88/DNC", "Hẹn giao 5 máy thu thanh cho hộ nghèo", "Công văn"),
)


def tell(plan: Plan, people: Mapping[str, Person], chance: random.Random) -> None:
    """Everything, each on its day."""
    clerk, deputy = people["vanthu"], people["lanhdao"]
    body = Organisation.objects.get(unit=plan.issuer_id, kind=OrganisationKind.COMMITTEE)
    with _on(2, month=1):
        _who_signs(body, deputy, clerk)
        for name, email, organ_id in _CONTACTS:
            contacts.add(id=_key(chance), body=body, name=name, email=email, organ_id=organ_id, by=clerk)
    with _on(3):
        registers.begin_at(body=body, kind="BC", year=2019, first=_FIRST, by=clerk)
    given = _entered(_ENTERED, body, clerk, chance)
    with _on(4, 15):
        registers.cancel(number=given[_CANCELLED], reason="Sai kỳ báo cáo.", by=clerk)
    _report(plan, body, people, chance)
    _entered(_AFTER, body, clerk, chance)
    for day, sender, code, title, kind in _RECEIVED:
        with _on(day, 8):
            incoming.enter(
                id=_key(chance), body=body, arrived_on=clock.today(), sender=sender, code=code,
                dated=clock.today(), kind=kind, title=title, first=1822, by=clerk,
            )  # fmt: skip


def _on(day: int, hour: int = 9, *, month: int = 6) -> AbstractContextManager[None]:
    return clock.set_to(datetime.combine(date(2019, month, day), time(hour, 2), clock.VIETNAM))


def _key(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def _who_signs(body: Organisation, deputy: Person, clerk: Person) -> None:
    since = date(2019, 1, 1)
    signatories.add(
        body=body, name="Đặng Văn Thí Ký", position="Chủ tịch", capacity="head", since=since,
        away_from=date(2019, 6, 17), away_until=date(2019, 6, 21), by=clerk,
    )  # fmt: skip
    signatories.add(
        body=body, person=deputy, name=deputy.full_name, position="Phó Chủ tịch", capacity="deputy", head="Chủ tịch",
        assigned_by="02/QĐ-UBND", since=since, by=clerk,
    )  # fmt: skip


def _entered(
    rows: tuple[tuple[int, str, str, int], ...], body: Organisation, clerk: Person, chance: random.Random
) -> list[Number]:
    given = []
    for day, title, signer, count in rows:
        with _on(day):
            given.append(
                registers.enter(
                    id=_key(chance),
                    body=body,
                    symbol="BC-UBND",
                    title=title,
                    signer=signer,
                    recipients=count,
                    by=clerk,
                )
            )
    return given


def _report(plan: Plan, body: Organisation, people: Mapping[str, Person], chance: random.Random) -> Document:
    """The report of the first five months, signed on paper, issued, and received by some."""
    coordinator, deputy, clerk = people["dieuphoi"], people["lanhdao"], people["vanthu"]
    with _on(4, 16):
        report = actions.consolidate(
            id=_key(chance),
            plan=plan,
            as_of=date(2019, 5, 31),
            said=Said(
                signer_of(plan.version_on(date(2019, 5, 31))),
                difficulties="Một số thôn chưa có hạ tầng cáp; một số hộ đi làm xa, chưa gặp được.",
                proposals="Đề nghị doanh nghiệp viễn thông hoàn thành kéo cáp trong quý III.",
            ),
            by=coordinator,
        )
        document = drafting.draft(id=_key(chance), body=body, handed=papers.of_report(report), by=coordinator)
        for line in (one.add for one in checked(document) if one.add):
            document = drafting.add_recipient(
                document=document, line=line, seen=document.digest, by=coordinator
            )
        [signatory] = body.signatories.filter(person=deputy)
        document = issuing.propose(
            document=document, signatory=signatory, site=SITE, seen=document.digest, by=coordinator
        )
    with _on(5, 9):
        document = issuing.sign(document=document, key=None, seen=document.digest, by=deputy)
        document = issuing.issue(document=document, site=SITE, seen=document.digest, by=clerk)
    with _on(5, 10):
        for name in ("xacminh", "sotttt", "thieukhanh"):
            person = people[name]
            if one := document.dispatches.filter(organisation=person.organisation_id).first():
                recipients.acknowledge(dispatch=one, incoming_number="", by_name=person.full_name, by=person)
    return document
