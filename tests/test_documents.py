"""A paper on its way out: drafted, checked for form, proposed, signed, numbered, issued, recalled; who may do what."""

import io
import uuid
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.factories import a_client, a_person, a_plan, an_outcome, the_city
from tests.keys import PASSPHRASE, a_holder
from tests.pages import text_of
from tests.test_periodic_reports import at
from tests.threads import at_once
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork import drafting, issuing, signatories, signatures
from tiepcan.paperwork.drafting import Handed
from tiepcan.paperwork.models import Document, Number, Signatory, Stage
from tiepcan.paperwork.workflow import Act, acts_of
from tiepcan.paperwork.writing.numbers import reference
from tiepcan.paperwork.writing.records import Annex, Grid, HeadCell, Paper, Text
from tiepcan.reporting.printed import COMPUTED, sources_of

pytestmark = pytest.mark.django_db
SITE = "http://localhost"


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
    return issuing.propose(document=document, signatory=signatory, site=SITE, seen=document.digest, by=by)


def issued(by: dict[str, Person] | None = None, **facts: Any) -> Document:
    """A paper that was signed on paper and issued today."""
    by = by or people()
    signatory = Signatory.objects.filter(person=by["signer"]).first() or a_signatory(by["signer"])
    document = proposed(a_draft(by["drafter"], **facts), signatory, by["drafter"])
    document = issuing.sign(document=document, key=None, seen=document.digest, by=by["signer"])
    return issuing.issue(document=document, site=SITE, seen=document.digest, by=by["clerk"])


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


def test_the_annex_names_the_number_of_the_paper_that_was_signed_on_paper():
    attached = reference(
        kind="Báo cáo", number=None, symbol="BC-UBND", day=None, year=2019, issuer="UBND thành phố"
    )
    document = issued(annexes=(Annex("Kết quả", attached, (Text("Hết."),)),))

    assert (
        document.says.annexes[0].attached_to
        == "Báo cáo số 01/BC-UBND ngày 19 tháng 6 năm 2019 của UBND thành phố"
    )


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
    (Stage.ISSUED, {"drafter": set(), "signer": set(), "clerk": {Act.SCAN, Act.CANCEL}}),
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
        document = issuing.issue(document=document, site=SITE, seen=document.digest, by=by["clerk"])

    assert {name: set(acts_of(document, person)) for name, person in by.items()} == allowed


def test_the_coordinator_gives_no_number_where_a_clerk_has_an_account():
    by = people()
    document = proposed(a_draft(by["drafter"]), a_signatory(by["signer"]), by["drafter"])
    document = issuing.sign(document=document, key=None, seen=document.digest, by=by["signer"])

    with pytest.raises(NotAllowed, match="văn thư"):
        issuing.issue(document=document, site=SITE, seen=document.digest, by=by["drafter"])
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
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(written, "PNG")

    with pytest.raises(NotAllowed, match="nền trong suốt"):
        signatories.transparent(written.getvalue())


def test_a_consolidated_reports_table_is_computed_again():
    plan = a_plan()
    an_outcome(plan=plan)
    arguments = sources_of(plan, date(2019, 6, 14))

    for key, computation in COMPUTED.items():
        grid = computation.then(arguments[key])
        assert grid.key == key


def a_key_file(name: str) -> tuple[bytes, str]:
    """A .p12 of somebody, with its passphrase."""
    return a_holder(name).p12(), PASSPHRASE


def signed_by_certificate(by: dict[str, Person]) -> Document:
    document = proposed(a_draft(by["drafter"]), a_signatory(by["signer"]), by["drafter"])
    key = signatures.Key.from_pkcs12(*a_key_file("Nguyễn Thị Ký Mẫu"))
    return issuing.sign(document=document, key=key, seen=document.digest, by=by["signer"])


def test_a_paper_is_signed_numbered_and_sealed_and_no_signature_breaks():
    by = people()
    document = signed_by_certificate(by)
    seal = signatures.Key.from_pkcs12(*a_key_file("UBND thành phố Thanh Hóa"))

    document = issuing.issue(document=document, seal=seal, site=SITE, seen=document.digest, by=by["clerk"])

    with document.pdf.open("rb") as file:
        raw = file.read()
    found = signatures.verify_limited(raw, [])
    assert [one.intact and one.kept for one in found.signatures] == [True, True]
    assert [one.field for one in found.signatures] == [signatures.LEADER, signatures.SEAL]
    changed = raw.replace(b"/Type", b"/Tipe", 1)
    assert signatures.verify_limited(changed, []).verdict != found.verdict


def test_the_passphrase_of_a_key_is_neither_kept_nor_shown():
    by = people()
    document = proposed(a_draft(by["drafter"]), a_signatory(by["signer"]), by["drafter"])
    raw, passphrase = a_key_file("Nguyễn Thị Ký Mẫu")

    page = a_client(by["signer"]).post(
        f"/van-ban/{document.pk}/buoc/ky/",
        {
            "seen": document.digest,
            "how": "key",
            "passphrase": passphrase + "x",
            "key_file": SimpleUploadedFile("k.p12", raw),
        },
    )

    document.refresh_from_db()
    assert document.stage == Stage.PROPOSED and passphrase not in page.content.decode()
    assert "mật khẩu" in text_of(page).lower()


def test_a_file_signed_elsewhere_must_be_the_one_that_was_proposed():
    by = people()
    document = proposed(a_draft(by["drafter"]), a_signatory(by["signer"]), by["drafter"])
    with document.pdf.open("rb") as file:
        ours = file.read()
    key = signatures.Key.from_pkcs12(*a_key_file("Nguyễn Thị Ký Mẫu"))
    signed = signatures.sign(ours, key, field=signatures.LEADER, picture=None, at=clock.now())
    other = proposed(a_draft(by["drafter"], title="Văn bản khác"), document.signatory, by["drafter"])

    with pytest.raises(NotAllowed):
        issuing.sign(document=other, key=None, returned=signed, seen=other.digest, by=by["signer"])
    issuing.sign(document=document, key=None, returned=signed, seen=document.digest, by=by["signer"])

    document.refresh_from_db()
    assert (document.stage, document.signed) == (Stage.SIGNED, "certificate")


def test_two_who_write_the_same_draft_keep_both_texts():
    by = people()
    document = a_draft(by["drafter"])
    client, address = a_client(by["drafter"]), f"/van-ban/{document.pk}/sua/"
    typed = {
        "seen": document.digest,
        "title": "Tên thứ nhất",
        "block-0": "Một.",
        "block-1": "Hai.",
        "recipients": "Như trên",
    }

    client.post(address, typed)
    page = client.post(address, typed | {"title": "Tên thứ hai"})

    text = page.content.decode()
    assert "đã thay đổi" in text and "Tên thứ hai" in text and "Tên thứ nhất" in text
    document.refresh_from_db()
    assert document.title == "Tên thứ nhất" and document.draft == 2


def test_a_doubt_that_was_looked_at_does_not_come_back_and_a_recipient_is_added_with_one_press():
    by = people()
    document = drafting.draft(
        id=uuid.uuid4(), body=the_committee(), handed=Handed(a_paper(), expected=["Đài Truyền thanh – Truyền hình"]), by=by["drafter"]
    )  # fmt: skip
    client = a_client(by["drafter"])
    assert "Nơi nhận thiếu “Đài Truyền thanh – Truyền hình”" in text_of(
        client.get(f"/van-ban/{document.pk}/")
    )

    client.post(
        f"/van-ban/{document.pk}/them-dong/",
        {"line": "Đài Truyền thanh – Truyền hình", "seen": document.digest},
    )

    document.refresh_from_db()
    assert "Đài Truyền thanh – Truyền hình" in document.says.recipients
    assert "Nơi nhận thiếu" not in text_of(client.get(f"/van-ban/{document.pk}/"))


def test_an_invitation_is_drafted_in_the_words_of_the_office():
    by = people()
    answer = a_client(by["drafter"]).post(
        "/van-ban/soan/giay-moi/",
        {
            "id": uuid.uuid4(), "body": the_committee().pk, "about": "họp đánh giá kết quả 6 tháng", "when": "08 giờ 00, ngày 18/06/2019",
            "where": "Phòng họp số 2", "chair": "Phó Chủ tịch", "invited": "Phòng Lao động, Thương binh và Xã hội\nUBND các phường, xã",
        },
    )  # fmt: skip

    document = Document.objects.get()
    assert answer.status_code == 302 and (document.kind, document.symbol) == ("GM", "GM-UBND")
    said = " ".join(block.text for block in document.says.body if not isinstance(block, Grid))
    assert "Phòng họp số 2" in said and "08 giờ 00" in said


def test_the_same_draft_sent_twice_is_one_paper():
    by = people()
    key, other = uuid.uuid4(), a_draft(by["drafter"])
    handed = {"id": key, "body": the_committee(), "by": by["drafter"]}

    first, again = (drafting.draft(handed=Handed(a_paper()), **handed) for _ in range(2))

    assert first == again != other and Document.objects.count() == 2
    with pytest.raises(NotAllowed, match="đã lập một văn bản khác"):
        drafting.draft(handed=Handed(a_paper(), origin="reporting.report:1"), **handed)


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_the_paper_of_one_row_at_once_have_one_paper():
    by = people()
    handed = Handed(a_paper(), origin="reporting.report:1")

    said = at_once(
        *[lambda: drafting.draft(id=uuid.uuid4(), body=the_committee(), handed=handed, by=by["drafter"])] * 4
    )

    assert len({document.pk for document in said}) == 1 == Document.objects.count()


def test_one_row_has_one_paper_on_its_way_until_that_one_ended():
    by = people()
    handed = Handed(a_paper(), origin="reporting.report:1")
    first = drafting.draft(id=uuid.uuid4(), body=the_committee(), handed=handed, by=by["drafter"])

    assert drafting.draft(id=uuid.uuid4(), body=the_committee(), handed=handed, by=by["drafter"]) == first
    drafting.drop(document=first, seen=first.digest, by=by["drafter"])
    assert drafting.draft(id=uuid.uuid4(), body=the_committee(), handed=handed, by=by["drafter"]) != first


def test_the_year_of_a_signed_paper_is_the_year_of_its_number():
    by = people()
    document = proposed(a_draft(by["drafter"]), a_signatory(by["signer"]), by["drafter"])
    document = issuing.sign(document=document, key=None, seen=document.digest, by=by["signer"])

    with at(date(2020, 1, 2)), pytest.raises(NotAllowed, match="trình ký lại"):
        issuing.issue(document=document, site=SITE, seen=document.digest, by=by["clerk"])
    assert not Number.objects.exists()


def test_both_formats_say_the_same_and_follow_the_day():
    document = issued()

    assert document.says.rules == "circular-01"  # June 2019 is before Decree 30/2020/NĐ-CP
    with at(date(2020, 3, 5)):
        assert a_draft(a_person(Role.COORDINATOR)).says.rules == "decree-30"


def test_nobody_but_the_signatory_signs_with_a_key():
    by = people()
    document = proposed(a_draft(by["drafter"]), a_signatory(None), by["drafter"])
    key = signatures.Key.from_pkcs12(*a_key_file("Đặng Văn Thí Ký"))

    with pytest.raises(NotAllowed, match="Chỉ chính người ký"):
        issuing.sign(document=document, key=key, seen=document.digest, by=by["drafter"])
    issuing.sign(document=document, key=None, seen=document.digest, by=by["drafter"])


def test_a_paper_that_nobody_has_is_not_recalled_and_one_that_went_out_is_not_cancelled():
    by = people()
    document = issued(by)

    with pytest.raises(NotAllowed, match="chưa gửi nơi nào"):
        issuing.recall(document=document, reason="Sai.", seen=document.digest, by=by["clerk"])
    cancelled = issuing.cancel(document=document, reason="Sai.", seen=document.digest, by=by["clerk"])

    assert (cancelled.stage, Number.objects.get().state) == (Stage.CANCELLED, "cancelled")
