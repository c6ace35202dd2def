"""Every page that a role can reach, for people who cannot see it all, cannot use a mouse, or have a small screen."""

import re
import uuid
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, sign_in
from tests.factories import PASSWORD, a_household, a_person, a_plan, a_unit
from tests.papers import writers
from tests.papers.truth import ROWS, Truth
from tests.workbooks import HEAD, a_list, a_row
from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import Role
from tiepcan.config.demonstration import ACCOUNTS
from tiepcan.config.demonstration.story import TODAY
from tiepcan.households import actions as households
from tiepcan.households import tasks
from tiepcan.households.importing import actions as importing
from tiepcan.households.models import Household, Import, Pair, PairState
from tiepcan.paperwork import drafting, issuing
from tiepcan.paperwork.models import Document, Number, Signatory
from tiepcan.paperwork.writing.records import Paper as Written
from tiepcan.paperwork.writing.records import Text as TextOf
from tiepcan.plans import actions as plans
from tiepcan.plans.division import Claim
from tiepcan.plans.models import MilestoneKind, Plan
from tiepcan.reporting import actions as reporting
from tiepcan.reporting import filings, recurrences
from tiepcan.reporting.models import Filing
from tiepcan.standards.models import Indicator

LEVELS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
DESK, PHONE, NARROWEST = (1366, 768), (360, 740), (320, 640)
BY_ROLE = {account.role: account.username for account in reversed(ACCOUNTS)}
"""One account of the demonstration for each role."""
SAME_PAGE_AGAIN = 1
"""Addresses of one route that a walk opens: every page of a route is made of the same parts."""


SHIFTS = (
    (Role.OFFICER, Role.PARTNER, Role.OPERATOR, Role.LEADER),
    (Role.COORDINATOR, Role.VERIFIER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.CLERK),
)
"""Who walks in one test: two tests share the work between two cores."""


@pytest.mark.parametrize("roles", SHIFTS, ids=lambda roles: str(roles[0]))
def test_no_page_of_any_role_shuts_anybody_out(
    demonstration: str, open_window: Open, subtests, roles: tuple[Role, ...]
) -> None:
    """WCAG 2.2 AA at 1366 px in light and at 360 px in dark; and nothing to scroll sideways at 360 and 320 px."""
    assert {role for shift in SHIFTS for role in shift} == set(BY_ROLE) == set(Role)
    papers, registry = _what_the_story_leaves_out(), _a_registry_at_work()
    seen: set[str] = set()
    for role in roles:
        page = open_window()
        with subtests.test(role=role):
            sign_in(page, demonstration, BY_ROLE[role])
            pages = chain(
                _walk(page, seen),
                _each(page, demonstration, [*papers.get(role, []), *registry.get(role, [])], seen),
            )
            problems = [
                problem for n, route in enumerate(pages) for problem in problems_of(page, route, whole=n == 0)
            ]
            assert not problems, "\n".join(problems)
        page.context.close()


@pytest.mark.parametrize("path", ["dang-nhap/", "dat-mat-khau/", "khong-co-trang-nay/"])
def test_no_page_shuts_out_who_has_not_signed_in(place: str, open_window: Open, path: str) -> None:
    a_person(Role.OFFICER)
    page = open_window(refused=(404,))
    page.goto(f"{place}/{path}")
    problems = list(problems_of(page, path))
    assert not problems, "\n".join(problems)


def _what_the_story_leaves_out() -> dict[Role, list[str]]:
    """A paper that waits with its doubts, a division, a report and a plan in work; the addresses by role that the walk may not come upon."""
    plan, by = Plan.objects.get(), Person.objects.get(username=BY_ROLE[Role.COORDINATOR])
    rows = [(*ROWS[0][:1], 31, 50, None), *ROWS[1:], ("Phường Không Có Thật", 5, 1, None)]
    raw, name = writers.docx(Truth(rows=rows))
    plans.receive(id=uuid.uuid4(), raw=raw, name=name, unit=plan.issuer, amends=plan, by=by)
    claims = [
        (row.unit, Claim(str(row.unit), row.poor_households or 0)) for row in plan.versions.get().rows.all()
    ]
    plans.divide(
        id=uuid.uuid4(), plan=plan, indicator=Indicator.objects.get(pk="telecom_service"), total=150, claims=claims,
        basis="poor", method="largest_remainder", by=by,
    )  # fmt: skip
    report = reporting.consolidate(plan=plan, as_of=TODAY, by=by)
    officer = Person.objects.get(username=BY_ROLE[Role.OFFICER])
    ward = Filing.objects.get(plan=plan, unit=officer.unit, kind=MilestoneKind.LOCAL_PLAN)
    amended = filings.supplement(filing=ward, why="Thêm việc của Đoàn Thanh niên.", by=officer)
    of_all = [reverse("reporting:period", args=[plan.pk, period]) for period in ("ke-hoach", "h1")]
    again = recurrences.set_recurrence(plan=plan, what="Báo cáo Sở", every="quarter", day=10, by=by)
    of_all.append(reverse("reporting:recurrence", args=[again.pk]) + "?ky=2019-06-01")
    papers = _papers_on_their_way(by)
    return {
        **papers,
        Role.OFFICER: [reverse("reporting:filing", args=[one.pk]) for one in (ward, amended)],
        Role.COORDINATOR: [*of_all, *papers[Role.COORDINATOR]],
        Role.VERIFIER: [reverse("reporting:report", args=[report.pk])],
    }


def _papers_on_their_way(by: Person) -> dict[Role, list[str]]:
    """A draft, a paper that waits for a signature, and one that waits for its number, each at who has it."""
    deputy = Person.objects.get(username=BY_ROLE[Role.LEADER])
    body = deputy.organisation
    signatory = Signatory.objects.get(person=deputy)

    def a_draft(title: str) -> Document:
        said = Written(
            parent_body=None, issuing_body=body.name, symbol="TB-UBND", place="Thanh Hóa", kind="Thông báo", title=title,
            body=(TextOf("Nghỉ lễ ngày 2/9/2019."),), recipients=("Các phòng",),
        )  # fmt: skip
        handed = drafting.Handed(said, expected=["Đài địa phương"])
        return drafting.draft(id=uuid.uuid4(), body=body, handed=handed, by=by)

    def proposed(title: str) -> Document:
        draft = a_draft(title)
        return issuing.propose(document=draft, signatory=signatory, site="http://x", seen=draft.digest, by=by)

    draft, waiting, signed = a_draft("Nghỉ lễ"), proposed("Trực lễ"), proposed("Họp tổng kết")
    issuing.sign(document=signed, key=None, seen=signed.digest, by=deputy)
    entered = Number.objects.filter(document=None, state="issued")[0]
    one = reverse("paperwork:direct", args=[draft.pk, draft.dispatches.get().pk])
    return {
        Role.COORDINATOR: [
            reverse("paperwork:document", args=[draft.pk]),
            reverse("paperwork:write", args=[draft.pk]),
            one,
        ],
        Role.LEADER: [reverse("paperwork:document", args=[waiting.pk])],
        Role.CLERK: [
            reverse("paperwork:document", args=[signed.pk]),
            reverse("paperwork:cancel_number", args=[entered.pk]),
        ],
    }


def _a_registry_at_work() -> dict[Role, list[str]]:
    """Files at every stage and a round that has just begun; the addresses by role that the walk may not come upon."""
    by = Person.objects.get(username=BY_ROLE[Role.OFFICER])
    first, second = Household.objects.filter(unit=by.unit).order_by("code")[:2]
    member = households.keep_member(
        household=first, version=first.version, name="Trần Văn Ví Dụ", relation="con", birth_year=1999, by=by
    )
    households.leave(household=second, version=second.version, why="away", left_on=TODAY, by=by)
    households.start_round(unit=by.unit, year=2019, by=by)
    pair = Pair.objects.filter(state=PairState.WAITING).first()
    assert pair is not None
    locked = a_unit("Nam Ngạn").pk
    read, under_way = _files_of(by)

    def at(name: str, *keys: object) -> str:
        return reverse(f"households:{name}", args=keys)

    both = [
        at("import", read.pk), at("pair", pair.pk), at("rounds"), at("round", by.unit.pk, 2019), at("moves"),
        at("import_lines", read.pk, "rejected"), at("import_lines", read.pk, "accepted"),
    ]  # fmt: skip
    return {
        Role.OFFICER: [
            *both, at("import", under_way.pk), at("round_lock", by.unit.pk, 2018), at("come_back", second.pk),
            at("household", first.pk), at("household", second.pk), at("review", first.pk) + "?nam=2019",
            at("edit_member", first.pk, member.pk), at("take_member_off", first.pk, member.pk), at("succeed", first.pk),
            *(at(name, first.pk) for name in ("add_member", "sensitive", "move", "split", "leave")),
        ],
        Role.COORDINATOR: [
            *both, at("round", locked, 2018), at("round_reopen", locked, 2018),
            reverse("standards:choose_reading", args=["2016-2021", "telecom_service"]),
        ],
    }  # fmt: skip


def _files_of(by: Person) -> list[Import]:
    """One that was read, with a column that waits and a bad cell; and one that the worker has not come to."""
    head = [*HEAD[:-2], "ĐT/Net"]
    bad = a_row("TK-99", "Thân Thị Ước Lệ", birth_year=19577)
    lists = [a_list(a_row("TK-98")[:-1], bad[:-1], head=head), a_list(a_row("TK-97"))]
    files = [
        importing.receive(id=uuid.uuid4(), raw=raw, name=f"{n}.xlsx", unit=by.unit, year=2018, by=by)
        for n, raw in enumerate(lists)
    ]
    tasks.read_file.func(key=str(files[0].pk))
    return files


def _each(page: Page, place: str, addresses: list[str], seen: set[str]) -> Iterator[str]:
    """Open these addresses one after the other; what hides behind a reason is shown, too."""
    for address in addresses:
        answer = page.goto(f"{place}{address}")
        assert answer is not None and answer.ok, f"{address} answers {answer and answer.status}"
        if page.get_by_role("main").inner_html() not in seen:
            yield address
        if address.endswith("/nhay-cam/"):
            page.get_by_label("Lý do xem").fill("Đối chiếu căn cước")
            page.get_by_role("button", name="Xem, có ghi nhật ký").click()
            page.get_by_role("heading", name="Đang hiện trên trang này").wait_for()
            yield f"{address}, shown"


def _walk(page: Page, seen: set[str]) -> Iterator[str]:
    """Open, from the home on, one page of every route that the menu and the links of each page lead to.

    What another role's walk has `seen` word for word is only followed on, not asked about again.
    """
    waiting, routes = [page.url], {}
    while waiting:
        address = waiting.pop(0)
        route = _route(address)
        if route is None or routes.get(route, 0) >= SAME_PAGE_AGAIN:
            continue
        routes[route] = routes.get(route, 0) + 1
        answer = page.goto(address)
        assert answer is not None and answer.ok, f"{address} answers {answer and answer.status}"
        waiting += page.evaluate(
            "[...document.links].filter(a => a.origin === location.origin).map(a => a.href)"
        )
        shown = re.sub(r'value="[^"]{32,}"', "", page.get_by_role("main").inner_html())  # keys of forms
        if shown not in seen:
            seen.add(shown)
            yield route


SAME_PARTS = {"den-ngay", "don-vi", "sau"}
"""What is asked of a page and changes its rows alone: another day, another unit, the next fifty."""
DOWNLOADS = re.compile(
    r"/tep/$|^/minh-chung/|/danh-dau/$|/bien-ban/$|/cong-van/$|/du-thao/$|/xac-nhan/$|/tai/\w[\w-]*/$|/goi-tin/$|/ban-thu/$|\.(csv|docx|ics|xlsx)$"
)


def _route(address: str) -> str | None:
    """The name of the page's route; None for a file and for another site."""
    parts = urlsplit(address)
    if DOWNLOADS.search(parts.path):
        return None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    asked = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair} - SAME_PARTS)
    # A figure's pages differ by figure; others by what they are asked.
    return " ".join(
        [f"{found.func.__module__}.{found.func.__name__}", found.kwargs.get("figure", ""), *asked]
    )


ALREADY_THERE = Axe(axe_script="0")
"""Asks a page that has axe from being asked before: reading it takes a third of the time."""


AS_IT_LOOKS = {"type": "rule", "values": ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]}  # fmt: skip
"""What may differ between two themes and widths of one page; names and roles are the same in both."""


def problems_of(page: Page, route: str, *, whole: bool = True) -> Iterator[str]:
    """What axe finds wrong at both widths and themes; unless `whole`, on the phone only what may look otherwise there.

    The frame has a menu of its own on a phone: a role's first page is asked about whole.
    """
    for axe, size, scheme in ((Axe(), DESK, "light"), (ALREADY_THERE, PHONE, "dark")):
        _as_on(page, size, scheme)
        asked = LEVELS if whole or size == DESK else AS_IT_LOOKS
        found = axe.run(page, options={"resultTypes": ["violations"], "runOnly": asked})
        for violation in found.response["violations"]:
            for node in violation["nodes"][:3]:
                yield f"{route}, {size[0]} px {scheme}: {violation['help']}: {node['html'][:200]}: {node['failureSummary']}"
    for size in (PHONE, NARROWEST):
        _as_on(page, size, "light")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size[0]:
            yield f"{route}: {width} px wide on a screen of {size[0]} px"


def _as_on(page: Page, size: tuple[int, int], scheme: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)


@pytest.fixture
def officers_page(place: str, open_window: Open) -> Page:
    """A ward officer's home, with a household that waits."""
    a_plan()
    officer = a_person(Role.OFFICER, username="hamrong", password=PASSWORD)
    a_household(head_name="Trần Thị Ví Dụ", by=officer)
    page = open_window()
    sign_in(page, place, "hamrong", PASSWORD)
    return page


def test_the_first_press_of_tab_leads_past_the_menu(officers_page: Page) -> None:
    officers_page.keyboard.press("Tab")
    expect(officers_page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    officers_page.keyboard.press("Enter")
    officers_page.wait_for_url("**#noi-dung")
    officers_page.keyboard.press("Tab")
    officers_page.wait_for_function("document.querySelector('main').contains(document.activeElement)")


def test_the_keyboard_reaches_everything(officers_page: Page) -> None:
    page = officers_page
    assert _not_reached_by_tab(page) == []
    page.get_by_role("link", name="Ghi kết quả cho hộ Trần Thị Ví Dụ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ghi hộ được tiếp cận")
    assert _not_reached_by_tab(page) == []


MARK_WHAT_CAN_BE_USED = """() => {
  const all = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary");
  // Of a group of radio buttons Tab reaches one, and the arrows the others.
  const names = new Map();
  let n = 0;
  for (const one of all) {
    if (!one.checkVisibility({visibilityProperty: true}) || one.disabled) continue;
    const key = one.type === "radio" ? "radio " + one.name : "nr " + n++;
    if (!names.has(key)) names.set(key, one.outerHTML.slice(0, 120));
    one.dataset.key = key;
  }
  return [...names];
}"""


def _not_reached_by_tab(page: Page) -> list[str]:
    """What can be used on the page and no press of Tab comes to."""
    usable = dict(page.evaluate(MARK_WHAT_CAN_BE_USED))
    assert len(usable) > 10
    page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
    reached = set()
    for _ in range(len(usable) + 3):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.key"))
    return [what for key, what in usable.items() if key not in reached]


def test_a_form_that_failed_starts_at_what_is_wrong(officers_page: Page) -> None:
    page = officers_page
    page.get_by_role("link", name="Ghi kết quả cho hộ Trần Thị Ví Dụ").click()
    page.get_by_label("Đơn vị hỗ trợ").fill("Nhà hảo tâm")
    page.get_by_role("button", name="Ghi nhận kết quả").click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    expect(page.get_by_label("Đơn vị hỗ trợ")).to_have_value("Nhà hảo tâm")
    day = page.get_by_label("Ngày hộ bắt đầu được tiếp cận")
    summary.get_by_role("link", name=re.compile("Ngày hộ bắt đầu")).press("Enter")
    expect(day).to_be_focused()
    expect(day).to_have_accessible_description(re.compile("Chưa điền mục này"))
