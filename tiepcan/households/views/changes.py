"""What changes a household: its members, its head, what is hidden of them, where it lives, and whether it is listed."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common import clock
from tiepcan.common.forms import Form
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households import actions, identity
from tiepcan.households.forms import (
    KeptMember,
    Left,
    Moved,
    Reading,
    Sensitive,
    Split,
    Succession,
    WithReason,
)
from tiepcan.households.models import Household, Member
from tiepcan.households.queries import moves_of
from tiepcan.households.views.scope import household_of, rooms, with_version
from tiepcan.units.models import Unit
from tiepcan.web.page import page

PAGE = 100


@dataclass(frozen=True)
class Change:
    """One thing that can be done to a household, as its page says it."""

    title: str
    button: str
    done: str
    intro: str = ""
    hints: Mapping[str, str] = field(default_factory=dict)
    culprit: str | None = None
    """The field beside which a refusal stands."""
    to: str = "households:household"
    """Where it leads when it is done: the household's page (a new one's, if it made one), or a list."""


def _ask(
    request: Request,
    found: Household,
    change: Change,
    form: Form,
    act: Callable[..., object],
    *,
    why_not: str | None = None,
) -> HttpResponse:
    """The page of a change: its form, and after it the household; an older version is refused with both shown."""
    note_reading(by=request.user, subject=f"household:{found.pk}", what=f"Mở trang “{change.title}”")
    theirs = None
    if form.is_valid():
        try:
            made = act(household=found, by=request.user, **form.cleaned_data)
        except Stale as problem:
            form.add_error(None, str(problem))
            # Whoever may not see it any more, since it moved, is not told what became of it.
            found = theirs = household_of(request, found.pk)
            form.data = with_version(request, found.version)
        except NotAllowed as problem:
            form.add_error(change.culprit, str(problem))
        else:
            messages.success(request, change.done)
            if change.to != Change.to:
                return redirect(change.to)
            return redirect(change.to, made.pk if isinstance(made, Household) else found.pk)
    context: dict[str, Any] = {
        "household": found,
        "change": change,
        "form": form,
        "theirs": theirs,
        "people": list(found.people.all()) if theirs else [],
        "why_not": why_not,
    }
    return page(request, "households/change.html", context)


# ---- members


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_member(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = household_of(request, pk)
    change = Change(
        title="Thêm thành viên",
        button="Thêm thành viên",
        done="Đã thêm thành viên.",
        intro=f"Số nhân khẩu của hộ đang ghi là {found.members}; nếu đổi thì sửa ở phần thông tin hộ.",
        culprit="number",
    )
    form = KeptMember(request.POST or None, initial={"version": found.version})
    return _ask(request, found, change, form, actions.keep_member)


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_member(request: Request, pk: uuid.UUID, member: int) -> HttpResponse:
    found = household_of(request, pk)
    person = get_object_or_404(found.people, pk=member)
    number = identity.masked(person.identity)
    change = Change(
        title="Sửa thành viên",
        button="Lưu",
        done="Đã lưu thông tin thành viên.",
        hints={"number": f"Đang ghi {number}. Để trống thì giữ nguyên số này."} if number else {},
        culprit="number",
    )
    start = {name: getattr(person, name) for name in ("name", "relation", "birth_year", "sex")}
    form = KeptMember(request.POST or None, initial=start | {"version": found.version})

    def act(**said: Any) -> Member:
        return actions.keep_member(member=person, **said)

    return _ask(request, found, change, form, act)


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def take_member_off(request: Request, pk: uuid.UUID, member: int) -> HttpResponse:
    found = household_of(request, pk)
    person = get_object_or_404(found.people, pk=member)
    change = Change(
        title=f"Bỏ {person.name} khỏi hộ",
        button="Bỏ khỏi hộ",
        done="Đã bỏ thành viên khỏi hộ. Lịch sử hộ còn giữ việc này.",
        intro=f"Số nhân khẩu của hộ đang ghi là {found.members}, không tự giảm; nếu đổi thì sửa ở phần thông tin hộ.",
        hints={"reason": "Ví dụ: đã mất, chuyển đi nơi khác, ghi nhầm."},
        culprit="reason",
    )
    form = WithReason(request.POST or None, initial={"version": found.version})

    def act(**said: Any) -> None:
        actions.take_member_off(member=person, **said)

    return _ask(request, found, change, form, act)


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def succeed(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Another member becomes the head."""
    found = household_of(request, pk)
    change = Change(
        title="Đổi chủ hộ",
        button="Đổi chủ hộ",
        done="Đã đổi chủ hộ. Sửa lại quan hệ của các thành viên khác với chủ hộ mới nếu cần.",
        intro=f"Dùng khi {found.head_name} đã mất hoặc không còn ở hộ: chủ hộ cũ không còn trong hộ, số nhân khẩu giảm 1. "
        "Chỉ viết sai tên thì sửa ở phần thông tin hộ.",
        hints={"reason": "Ví dụ: chủ hộ cũ mất ngày nào, chuyển đi đâu."},
        culprit="reason",
    )
    people = found.people.all()
    nobody = None if people else "Sổ chưa ghi thành viên nào khác. Thêm thành viên rồi đổi chủ hộ."
    sent = None if nobody else request.POST or None
    form = Succession(sent, people=people, initial={"version": found.version})
    return _ask(request, found, change, form, actions.succeed, why_not=nobody)


# ---- what is hidden


@dataclass(frozen=True)
class Shown:
    """What is hidden of one person, after somebody said why they want to see it."""

    name: str
    number: str
    ethnicity: str
    disability: bool | None


@open_to(May.SEE_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def sensitive(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Hidden facts: shown on the answer to a reason, noted with it; from there they are changed."""
    found = household_of(request, pk)
    may_change = request.user.may_change(May.KEEP_HOUSEHOLDS, found.unit)
    asked = Reading(request.POST or None)
    context: dict[str, Any] = {"household": found, "may_change": may_change, "asked": asked}
    if not asked.is_valid():
        return page(request, "households/sensitive.html", context | {"shown": [], "theirs": False})
    form, theirs = _sensitive_form(request, found), False
    if may_change and form.is_valid():
        try:
            actions.keep_sensitive(household=found, by=request.user, **form.cleaned_data)
        except Stale as problem:
            form.add_error(None, str(problem))
            found, theirs = household_of(request, pk), True
            form.data = with_version(request, found.version, "sua-version")
        except NotAllowed as problem:
            form.add_error("reason", str(problem))
        else:
            messages.success(request, "Đã lưu thông tin nhạy cảm.")
            return redirect("households:household", pk)
    shown = _shown(request, found, asked.cleaned_data["reason"])
    context |= {"household": found, "form": form, "theirs": theirs, "shown": shown}
    return page(request, "households/sensitive.html", context)


def _sensitive_form(request: Request, found: Household) -> Sensitive:
    """What is to be changed, once it was sent; before that what is kept now."""
    if "luu" in request.POST:
        return Sensitive(request.POST, prefix="sua")
    start = {
        "ethnicity": found.ethnicity,
        "disability": {True: "yes", False: "no", None: ""}[found.disability],
        "version": found.version,
    }
    return Sensitive(prefix="sua", initial=start)


def _shown(request: Request, found: Household, reason: str) -> list[Shown]:
    """The hidden facts of the household's people. What shows them notes who read them, and why."""
    note_reading(by=request.user, subject=f"household:{found.pk}", what=f"Xem thông tin nhạy cảm: {reason}")
    people = [(found.head_name, found), *((person.name, person) for person in found.people.all())]
    return [
        Shown(name, identity.opened(one.identity) if one.identity else "", one.ethnicity, one.disability)
        for name, one in people
    ]


# ---- where it lives, and whether it is listed


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Hand the household over to another ward or commune of the province."""
    found = household_of(request, pk)
    change = Change(
        title="Chuyển hộ sang phường, xã khác",
        button="Chuyển hộ",
        done="Đã chuyển hộ. Nơi đến nhận toàn bộ hồ sơ; ở đây còn giữ dòng chuyển dưới đây và các kết quả đã ghi.",
        intro=f"Sau khi chuyển, {found.unit.full_name} không mở được hồ sơ này nữa. Ghi nhầm thì nơi đến chuyển trả lại.",
        hints={"code": "Hỏi nơi đến; mỗi số chỉ dùng một lần ở một phường, xã."},
        culprit="code",
        to="households:moves",
    )
    form = Moved(
        request.POST or None,
        units=_places(found.unit),
        initial={"version": found.version, "code": found.code, "moved_on": clock.today()},
    )
    gone = None if found.is_listed else "Hộ đã ra khỏi sổ nên không chuyển được."
    return _ask(request, found, change, form, actions.move, why_not=gone)


def _places(home: Unit) -> Any:
    """Wards and communes of today under the same unit at the top; not the one where the household is."""
    top = home.path[: home.path.index("/", 1) + 1]
    below = Unit.objects.filter(path__startswith=top, children__isnull=True, parent__isnull=False)
    found = below.valid_on(clock.today()).exclude(pk=home.pk)
    return found.select_related("parent").order_by("parent__path", "kind", "name")


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def moves(request: Request) -> HttpResponse:
    """Households that moved from or to the person's wards: what the old one last knew of them."""
    note_reading(by=request.user, subject="moves", what="Mở danh sách hộ chuyển đi, chuyển đến")
    lines = moves_of(request.user).select_related("from_unit", "to_unit", "household__unit")[: PAGE + 1]
    rows = [(line, request.user.covers(line.household.unit)) for line in lines]
    context = {"rows": rows[:PAGE], "more": len(rows) > PAGE, "rooms": rooms(request.user, "moves")}
    return page(request, "households/moves.html", context)


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = household_of(request, pk)
    change = Change(
        title="Đưa hộ ra khỏi sổ",
        button="Đưa ra khỏi sổ",
        done="Đã đưa hộ ra khỏi sổ. Hồ sơ vẫn còn, và có thể đưa trở lại.",
        intro="Hồ sơ, kết quả rà soát và hỗ trợ vẫn còn. "
        "Hộ chuyển sang phường, xã khác trong tỉnh thì dùng “Chuyển hộ” để nơi đến nhận hồ sơ.",
        culprit="left_on",
    )
    form = Left(request.POST or None, initial={"version": found.version, "left_on": clock.today()})
    gone = None if found.is_listed else "Hộ đã ra khỏi sổ từ trước."
    return _ask(request, found, change, form, actions.leave, why_not=gone)


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = household_of(request, pk)
    change = Change(
        title="Đưa hộ trở lại sổ",
        button="Đưa trở lại sổ",
        done="Đã đưa hộ trở lại sổ.",
        hints={"reason": "Ví dụ: hộ trở về, đã ghi nhầm."},
        culprit="reason",
    )
    form = WithReason(request.POST or None, initial={"version": found.version})
    there = None if found.left_on else "Hộ đang ở trong sổ, hoặc hồ sơ đã gộp vào hồ sơ khác."
    return _ask(request, found, change, form, actions.come_back, why_not=there)


@open_to(May.KEEP_HOUSEHOLDS)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Part of the household becomes one of its own."""
    found = household_of(request, pk)
    change = Change(
        title="Tách hộ",
        button="Tách hộ",
        done="Đã tách hộ. Đây là hộ mới: ghi kết quả rà soát và thành viên cho hộ này.",
        intro=f"Hộ đang có {found.members} nhân khẩu. Số người tách ra được trừ khỏi hộ này; "
        "ai thuộc hộ mới thì bỏ khỏi danh sách thành viên ở đây.",
        culprit="code",
    )
    start = {"version": found.version, "hamlet": found.hamlet}
    form = Split(request.POST or None, initial=start)
    gone = None if found.is_listed else "Hộ đã ra khỏi sổ nên không tách được."
    if found.members < 2:
        gone = gone or "Hộ có 1 nhân khẩu nên không tách được."
    return _ask(request, found, change, form, actions.split, why_not=gone)


def after(found: Household) -> list[tuple[str, str]]:
    """What can be done to a household as a whole now: (label, address)."""
    if found.left_on:
        offered = [("Đưa trở lại sổ", "come_back")]
    elif found.merged_into_id:
        offered = []
    else:
        offered = [
            ("Đổi chủ hộ", "succeed"),
            ("Tách hộ", "split"),
            ("Chuyển sang phường, xã khác", "move"),
            ("Đưa ra khỏi sổ", "leave"),
        ]
    return [(label, reverse(f"households:{name}", args=[found.pk])) for label, name in offered]
