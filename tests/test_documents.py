"""A paper on its way out: drafted, checked for form, proposed, signed, numbered, issued, recalled; who may do what."""

import uuid
from datetime import date
from typing import Any

import pytest

from tests.factories import a_person, a_plan, an_outcome, the_city
from tests.test_periodic_reports import at
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import drafting, issuing, signatories
from tiepcan.paperwork.drafting import Handed
from tiepcan.paperwork.models import Document, Number, Signatory, Stage
from tiepcan.paperwork.workflow import Act, acts_of
from tiepcan.paperwork.writing.records import Grid, HeadCell, Paper, Text

pytestmark = pytest.mark.django_db
ADDRESS = "http://localhost/kiem-tra/"


@pytest.fixture(autouse=True)
def june() -> Any:
    with at(date(2019, 6, 19)):
        yield


def the_committee() -> Organisation:
    """The city's committee."""
    return Organisation.objects.get_or_create(
        unit=the_city(), kind=OrganisationKind.COMMITTEE, defaults={"name": "UBND thành phố Thanh Hóa"}
    )[0]


def a_table() -> Grid:
    heads = ("Chỉ số", "Chỉ tiêu (hộ)", "Đã ghi nhận")
    return Grid(
        heads=(tuple(map(HeadCell, heads)),),
        rows=(("Sử dụng dịch vụ viễn thông", "200", "87"), ("Tài sản tiếp cận thông tin", "21", "8")),
        total=None,
        widths_mm=(80, 40, 40),
        align=("left", "right", "right"),
    )


def a_paper(**facts: Any) -> Paper:
    given: dict[str, Any] = {
        "parent_body": "UBND tỉnh Thanh Hóa",
        "issuing_body": "Ủy ban nhân dân\nthành phố Thanh Hóa",
        "symbol": "BC-UBND",
        "place": "Thanh Hóa",
        "kind": "Báo cáo",
        "title": "Kết quả thực hiện chỉ tiêu tiếp cận thông tin 6 tháng đầu năm 2019",
        "addressed_to": ("Sở Thông tin và Truyền thông",),
        "body": (
            Text("Ủy ban nhân dân thành phố báo cáo như sau:"),
            a_table(),
            Text("Trên đây là báo cáo./."),
        ),
        "recipients": ("Như trên", "Phòng Lao động, Thương binh và Xã hội", "UBND các phường, xã"),
        "drafting": "VHTT",
    }
    return Paper(**(given | facts))


def people() -> dict[str, Person]:
    """The coordinator drafts, the deputy signs, the clerk numbers."""
    body = the_committee()
    return {
        "drafter": a_person(Role.COORDINATOR),
        "signer": a_person(
            Role.LEADER, organisation=body, position="Phó Chủ tịch UBND", full_name="Nguyễn Thị Ký Mẫu"
        ),
        "clerk": a_person(Role.CLERK, organisation=body, position="Văn thư"),
    }


def a_signatory(person: Person | None, body: Organisation | None = None, **facts: Any) -> Signatory:
    body = body or the_committee()
    given = {
        "name": person.full_name if person else "Đặng Văn Thí Ký", "position": "Phó Chủ tịch", "capacity": "deputy",
        "head": "Chủ tịch", "since": date(2019, 1, 1), "person": person,
    }  # fmt: skip
    return Signatory.objects.create(body=body, **(given | facts))


def a_draft(by: Person, **facts: Any) -> Document:
    return drafting.draft(id=uuid.uuid4(), body=the_committee(), handed=Handed(a_paper(**facts)), by=by)


def proposed(document: Document, signatory: Signatory, by: Person) -> Document:
    return issuing.propose(
        document=document, signatory=signatory, address=ADDRESS, seen=document.digest, by=by
    )


def issued(by: dict[str, Person] | None = None, **facts: Any) -> Document:
    """A paper that was signed on paper and issued today."""
    by = by or people()
    signatory = Signatory.objects.filter(person=by["signer"]).first() or a_signatory(by["signer"])
    document = proposed(a_draft(by["drafter"], **facts), signatory, by["drafter"])
    document = issuing.sign(document=document, key=None, seen=document.digest, by=by["signer"])
    return issuing.issue(document=document, address=ADDRESS, seen=document.digest, by=by["clerk"])


def test_a_paper_goes_from_draft_to_issue_with_the_next_number_and_todays_day():
    document = issued()

    assert (document.stage, str(document.number)) == (Stage.ISSUED, "01/BC-UBND")
    assert document.number is not None and document.number.issued_on == clock.today()
    assert [one.act for one in document.stamps.all()] == ["draft", "propose", "sign", "issue"]
    assert document.says.signature is not None
    assert document.says.signature.authority == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH")
    assert (document.says.number, document.says.issued_on) == ("1", date(2019, 6, 19))
    with document.pdf.open("rb") as file:
        assert file.read(5) == b"%PDF-"


def test_numbers_of_a_kind_follow_each_other_and_other_kinds_have_their_own():
    by = people()

    codes = [
        str(issued(by).number),
        str(issued(by).number),
        str(issued(by, symbol="KH-UBND", kind="Kế hoạch").number),
    ]

    assert codes == ["01/BC-UBND", "02/BC-UBND", "01/KH-UBND"]


TURNS = [
    (Stage.DRAFT, {"drafter": {Act.WRITE, Act.PROPOSE, Act.DROP}, "signer": set(), "clerk": set()}),
    (
        Stage.PROPOSED,
        {"drafter": {Act.TAKE_BACK}, "signer": {Act.SIGN, Act.GIVE_BACK}, "clerk": {Act.GIVE_BACK}},
    ),
    (Stage.SIGNED, {"drafter": set(), "signer": {Act.GIVE_BACK}, "clerk": {Act.ISSUE, Act.GIVE_BACK}}),
    (Stage.ISSUED, {"drafter": set(), "signer": set(), "clerk": {Act.SCAN, Act.CANCEL, Act.RECALL}}),
]


@pytest.mark.parametrize(("stage", "allowed"), TURNS)
def test_who_may_do_what_at_each_stage(stage: str, allowed: dict[str, set[Act]]):
    by = people()
    document = a_draft(by["drafter"])
    if stage != Stage.DRAFT:
        document = proposed(document, a_signatory(by["signer"]), by["drafter"])
    if stage in (Stage.SIGNED, Stage.ISSUED):
        document = issuing.sign(document=document, key=None, seen=document.digest, by=by["signer"])
    if stage == Stage.ISSUED:
        document = issuing.issue(document=document, address=ADDRESS, seen=document.digest, by=by["clerk"])

    assert {name: set(acts_of(document, person)) for name, person in by.items()} == allowed


def test_the_coordinator_gives_no_number_where_a_clerk_has_an_account():
    by = people()
    document = proposed(a_draft(by["drafter"]), a_signatory(by["signer"]), by["drafter"])
    document = issuing.sign(document=document, key=None, seen=document.digest, by=by["signer"])

    with pytest.raises(NotAllowed, match="văn thư"):
        issuing.issue(document=document, address=ADDRESS, seen=document.digest, by=by["drafter"])
    assert not Number.objects.exists()


def test_what_is_signed_is_what_was_seen():
    by = people()
    document = proposed(a_draft(by["drafter"]), a_signatory(by["signer"]), by["drafter"])

    with pytest.raises(NotAllowed, match="đã thay đổi"):
        issuing.sign(document=document, key=None, seen="0" * 64, by=by["signer"])


def test_an_absent_deputy_signs_nothing():
    by = people()
    signatory = a_signatory(by["signer"], away_from=date(2019, 6, 17), away_until=date(2019, 6, 21))

    with pytest.raises(NotAllowed, match=r"vắng đến hết ngày 21/06/2019"):
        proposed(a_draft(by["drafter"]), signatory, by["drafter"])


def test_a_report_to_nobody_is_not_proposed():
    by = people()
    document = a_draft(by["drafter"], addressed_to=())

    with pytest.raises(NotAllowed, match="Kính gửi"):
        proposed(document, a_signatory(by["signer"]), by["drafter"])
    document.refresh_from_db()
    assert document.stage == Stage.DRAFT


def test_the_pictures_background_must_be_transparent():
    import io

    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(written, "PNG")

    with pytest.raises(NotAllowed, match="nền trong suốt"):
        signatories.transparent(written.getvalue())


def test_a_consolidated_reports_table_is_computed_again():
    from tiepcan.reporting.printed import COMPUTED, sources_of

    plan = a_plan()
    an_outcome(plan=plan)
    arguments = sources_of(plan, date(2019, 6, 14))

    for key, computation in COMPUTED.items():
        grid = computation.then(arguments[key])
        assert grid.key == key
