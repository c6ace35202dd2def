"""Pages of records that look alike: those that wait, those that were decided, and the decision itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from tiepcan.accounts.actions import note_reading
from tiepcan.accounts.doors import open_to
from tiepcan.accounts.models import Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.audit.history import history_of
from tiepcan.common.forms import Form
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.households import actions, identity
from tiepcan.households.actions.merging import CHOSEN, Hinder
from tiepcan.households.history import SENTENCES
from tiepcan.households.models import (
    Household,
    Import,
    ImportRow,
    Pair,
    PairState,
    PovertyClass,
    RowOutcome,
    Sex,
)
from tiepcan.households.models.pairs import PairQuerySet
from tiepcan.households.views.household import StoryOf
from tiepcan.households.views.scope import rooms
from tiepcan.standards.models import Indicator
from tiepcan.web.page import page

PAGE = 50
_RECORDS = ("first", "second")


@open_to(May.SEE_HOUSEHOLDS)
@require_safe
def pairs(request: Request) -> HttpResponse:
    """Pairs that wait, likest first, 50 to a page; below them the latest decisions."""
    note_reading(by=request.user, subject="pairs", what="Mở danh sách hồ sơ nghi trùng")
    waiting = Pair.objects.waiting_for(request.user)
    start = _start(request)
    shown = list(_with_records(_after(waiting, start) if start else waiting)[: PAGE + 1])
    decided = _with_records(Pair.objects.visible_to(request.user).exclude(state=PairState.WAITING))
    context = {
        "rooms": rooms(request.user, "pairs"),
        "waiting": shown[:PAGE],
        "count": waiting.count(),
        "next": shown[PAGE - 1] if len(shown) > PAGE else None,
        "is_first": start is None,
        "decided": decided.order_by("-decided_at", "-pk")[:PAGE],
        "decisions": decided.count(),
        "most": PAGE,
        "may_seek": request.user.may(May.IMPORT_HOUSEHOLDS),
        "may_decide": request.user.may(May.KEEP_HOUSEHOLDS),
    }
    return page(request, "households/pairs.html", context)


@open_to(May.IMPORT_HOUSEHOLDS)
@require_POST
def seek(request: Request) -> HttpResponse:
    new = actions.seek(within=request.user.unit, by=request.user)
    if new:
        messages.success(request, f"Đã so các hộ trong sổ: thêm {new} cặp nghi trùng.")
    else:
        messages.success(request, "Đã so các hộ trong sổ: không có cặp nghi trùng nào mới.")
    return redirect("households:pairs")


class Decision(Form):
    """What a person says of two records; `seen` are the versions that they looked at."""

    decision = forms.ChoiceField(
        label="Hai hồ sơ này", widget=forms.RadioSelect, error_messages={"asked_for": "Chọn một quyết định."}
    )
    reason = forms.CharField(label="Vì sao là hai hộ", max_length=200, required=False)
    seen = forms.RegexField(regex=r"^[0-9]+-[0-9]+$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, pair: Pair, can_merge: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = [
            ("first", f"Cùng một hộ: giữ hồ sơ {pair.first.code}"),
            ("second", f"Cùng một hộ: giữ hồ sơ {pair.second.code}"),
        ]
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            *(same if can_merge else []),
            ("different", "Hai hộ khác nhau"),
            ("later", "Chưa biết, để sau"),
        ]
        for name in CHOSEN if can_merge else ():
            values = [_said(name, record) for record in (pair.first, pair.second)]
            if getattr(pair.first, name) != getattr(pair.second, name):
                self.fields[f"value_{name}"] = forms.ChoiceField(
                    label=_LABELS[name],
                    choices=list(zip(_RECORDS, [value or "để trống" for value in values], strict=True)),
                    widget=forms.RadioSelect,
                    required=False,
                    # A value is better than none; of two, nothing chosen means that of the record that stays.
                    initial=None if all(values) else "first" if values[0] else "second",
                )

    def value_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name.startswith("value_")]

    def values_of(self) -> dict[str, str]:
        chosen = {name: self.cleaned_data.get(f"value_{name}") for name in CHOSEN}
        return {name: record for name, record in chosen.items() if record}


class TakenBack(Form):
    reason = forms.CharField(label="Lý do tách lại", max_length=200)


@dataclass(frozen=True)
class Handed:
    """What rooms above know: the story of a household, and why two should not be merged."""

    story_of: StoryOf
    hinder: Hinder


def pair(handed: Handed) -> Callable[..., HttpResponse]:
    """Two records side by side, and what was or can be decided."""

    @open_to(May.SEE_HOUSEHOLDS)
    @require_safe
    def view(request: Request, pk: int) -> HttpResponse:
        return _show(request, handed, _pair_of(request, pk))

    return view


def decide(handed: Handed) -> Callable[..., HttpResponse]:
    @open_to(May.KEEP_HOUSEHOLDS)
    @require_POST
    def view(request: Request, pk: int) -> HttpResponse:
        found = _pair_of(request, pk)
        form = Decision(request.POST, pair=found, can_merge=handed.hinder(found.first, found.second) is None)
        if form.is_valid():
            try:
                done = _decide(found, form, handed.hinder, request.user)
            except Stale as problem:
                found = _pair_of(request, pk)
                # What was chosen stays; sending it again is a choice made with open eyes.
                form.data = {**request.POST.dict(), "seen": _versions(found)}
                form.add_error(None, str(problem))
            except NotAllowed as problem:
                form.add_error(None, str(problem))
            else:
                if done:
                    messages.success(request, done)
                return _next(request, found)
        return _show(request, handed, found, decision=form)

    return view


def _decide(found: Pair, form: Decision, hinder: Hinder, by: Person) -> str:
    """Do what was decided; returns what is told of it, nothing for later."""
    decision = form.cleaned_data["decision"]
    if decision == "different":
        actions.keep_apart(pair=found, reason=form.cleaned_data["reason"], by=by)
        return f"Đã ghi {found.first.code} và {found.second.code} là hai hộ khác nhau."
    if decision == "later":
        return ""
    keep, other = (found.first, found.second)[:: 1 if decision == "first" else -1]
    seen = [int(version) for version in form.cleaned_data["seen"].split("-")]
    actions.merge(pair=found, keep=keep, values_of=form.values_of(), seen=seen, hinder=hinder, by=by)
    return f"Đã gộp hồ sơ {other.code} vào {keep.code}. Nhầm thì tách lại ở mục “Đã quyết định”."


def take_back(handed: Handed) -> Callable[..., HttpResponse]:
    """Take a merge back."""

    @open_to(May.KEEP_HOUSEHOLDS)
    @require_POST
    def view(request: Request, pk: int) -> HttpResponse:
        found = _pair_of(request, pk)
        form = TakenBack(request.POST)
        if form.is_valid():
            try:
                actions.unmerge(pair=found, reason=form.cleaned_data["reason"], by=request.user)
            except NotAllowed as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(
                    request, f"Đã tách lại: {found.first.code} và {found.second.code} đều trở lại sổ."
                )
                return redirect("households:pair", pk)
        return _show(request, handed, found, taken_back=form)

    return view


@open_to(May.KEEP_HOUSEHOLDS)
@require_POST
def reconsider(request: Request, pk: int) -> HttpResponse:
    try:
        actions.reconsider(pair=_pair_of(request, pk), by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
    return redirect("households:pair", pk)


def _show(
    request: Request,
    handed: Handed,
    found: Pair,
    *,
    decision: Decision | None = None,
    taken_back: TakenBack | None = None,
) -> HttpResponse:
    """The pair's page; a form that failed comes back with what was typed."""
    note_reading(by=request.user, subject=f"pair:{found.pk}", what="Mở cặp hồ sơ nghi trùng")
    lines = list(_lines(found, handed.story_of, request.user))
    hinder = handed.hinder(found.first, found.second) if found.state == PairState.WAITING else None
    waiting = Pair.objects.waiting_for(request.user)
    context = {
        "pair": found,
        "lines": lines,
        "differing": sum(line.differs for line in lines),
        "alike": sum(not line.differs for line in lines if line.compared),
        "why_not": _why_not_decide(found, request.user),
        "why_not_unmerge": actions.why_not_unmerge(found) if found.state == PairState.SAME else None,
        "hinder": hinder,
        "decision": decision
        or Decision(pair=found, can_merge=hinder is None, initial={"seen": _versions(found)}),
        "taken_back": taken_back or TakenBack(),
        "kept": _kept(found),
        "waiting": waiting.count(),
        "before": waiting.exclude(_later_than(found)).exclude(pk=found.pk).count(),
        "rooms": rooms(request.user, "pairs"),
    }
    return page(request, "households/pair.html", context)


def _pair_of(request: Request, pk: int) -> Pair:
    """The pair, or 404 for who may not see both records."""
    return get_object_or_404(_with_records(Pair.objects.visible_to(request.user)), pk=pk)


def _with_records(found: PairQuerySet) -> PairQuerySet:
    return found.select_related("first__unit", "second__unit")


def _versions(found: Pair) -> str:
    return f"{found.first.version}-{found.second.version}"


def _kept(found: Pair) -> Household | None:
    """Of two that were merged, the record that stays."""
    if found.state != PairState.SAME:
        return None
    return found.first if str(found.first_id) == found.undo["kept"] else found.second


def _why_not_decide(found: Pair, person: Person) -> str | None:
    for record in (found.first, found.second):
        if not person.may_change(May.KEEP_HOUSEHOLDS, record.unit):
            return _WHO_DECIDES_ELSEWHERE if found.first.unit != found.second.unit else _WHO_DECIDES
    if found.state == PairState.WAITING:
        for record in (found.first, found.second):
            if record.merged_into_id:
                return f"Hồ sơ {record.code} đã gộp vào hồ sơ khác. Cặp này không cần quyết định nữa."
    return None


_WHO_DECIDES = "Cán bộ phường, xã giữ hai hồ sơ này quyết định. Anh/chị chỉ xem."
_WHO_DECIDES_ELSEWHERE = (
    "Hai hồ sơ do hai phường, xã giữ. Nếu là một hộ: nơi hộ không còn ở chuyển hồ sơ sang nơi hộ đang ở "
    "(trang của hộ, mục Chuyển địa bàn), rồi cán bộ nơi đó gộp."
)


def _later_than(start: Pair) -> Q:
    return Q(score__lt=start.score) | Q(score=start.score, pk__gt=start.pk)


def _after(waiting: PairQuerySet, start: Pair) -> PairQuerySet:
    """Those that follow this one in the order of the list."""
    return waiting.filter(_later_than(start))


def _next(request: Request, done: Pair) -> HttpResponse:
    """On to the next pair that waits; after the last one the list."""
    following = _after(Pair.objects.waiting_for(request.user), done).first()
    return redirect("households:pair", following.pk) if following else redirect("households:pairs")


def _start(request: Request) -> Pair | None:
    """The pair that this page of the list follows."""
    written = request.GET.get("sau", "")
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        return None
    return Pair.objects.visible_to(request.user).filter(pk=int(written)).first()


# ---- side by side

Pieces = list[tuple[str, bool]]
"""A text in pieces, each with whether the other record differs there."""

_LABELS = {
    "head_name": "Chủ hộ",
    "birth_year": "Năm sinh",
    "hamlet": "Thôn, tổ dân phố",
    "members": "Số nhân khẩu",
    "sex": "Giới tính",
}
_LETTERS_FROM = 0.6
"""Texts less alike than that differ as a whole: marks on single letters would say nothing."""


@dataclass(frozen=True)
class Line:
    """One fact of two records."""

    label: str
    first: Pieces
    second: Pieces
    differs: bool
    compared: bool = True
    note: str = ""
    """What is said beside the second one."""


def _line(
    label: str, one: str, other: str, *, empty: str = "chưa ghi", compared: bool = True, letters: bool = False
) -> Line:
    differs = compared and one != other
    first, second = _pieces(one, other) if letters else ([(one, differs)], [(other, differs)])
    return Line(
        label, first if one else [(empty, False)], second if other else [(empty, False)], differs, compared
    )


def _pieces(one: str, other: str) -> tuple[Pieces, Pieces]:
    """Two texts with the letters marked that differ."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < _LETTERS_FROM:
        return [(one, True)], [(other, True)]
    codes = matcher.get_opcodes()
    return (
        [(one[a:b], tag != "equal") for tag, a, b, _, _ in codes if a < b],
        [(other[a:b], tag != "equal") for tag, _, _, a, b in codes if a < b],
    )


def _said(name: str, record: Household) -> str:
    value = getattr(record, name)
    if name == "sex":
        return str(Sex(value).label) if value else ""
    return str(value) if value else ""


def _lines(found: Pair, story_of: StoryOf, person: Person) -> Iterator[Line]:
    """What is known of two records, fact by fact."""
    first, second = found.first, found.second
    for name in CHOSEN:
        letters = name in ("head_name", "hamlet")
        yield _line(_LABELS[name], _said(name, first), _said(name, second), letters=letters)
    if first.unit != second.unit:
        yield _line("Phường, xã", first.unit.full_name, second.unit.full_name)
    people = [", ".join(record.people.values_list("name", flat=True)) for record in (first, second)]
    if any(people):
        yield _line("Thành viên đã ghi tên", *people)
    yield _numbers(first, second)
    yield from _reviews(first, second)
    stories = ["; ".join(_supported(story_of, record, person)) for record in (first, second)]
    yield _line("Hỗ trợ đã nhận", *stories, empty="chưa có")
    sources = [_source(record, person) for record in (first, second)]
    yield _line("Nguồn", *sources, empty="không rõ", compared=False)


def _numbers(first: Household, second: Household) -> Line:
    """Identity numbers stay masked: what tells is whether the whole numbers match."""
    match = first.identity_digest is not None and first.identity_digest == second.identity_digest
    shown = [identity.masked(record.identity) for record in (first, second)]
    if match:
        return Line("Số định danh", [(shown[0], False)], [(shown[1], False)], False, note="dấu khớp")
    line = _line("Số định danh", *shown)
    if all(shown):  # the last digits may be the same by chance
        return Line(line.label, [(shown[0], True)], [(shown[1], True)], True, note="hai số khác nhau")
    return line


def _reviews(first: Household, second: Household) -> Iterator[Line]:
    """Class and lacks at each yearly review of one or the other, newest first."""
    names = dict(Indicator.objects.values_list("pk", "short_name"))
    by_year = [{review.year: review for review in record.reviews.all()} for record in (first, second)]
    for year in sorted({*by_year[0], *by_year[1]}, reverse=True):
        both = [reviews.get(year) for reviews in by_year]
        classes = [str(PovertyClass(review.poverty).label) if review else "" for review in both]
        lacks = [
            (", ".join(names[lack] for lack in review.lacks) or "không thiếu chỉ số nào") if review else ""
            for review in both
        ]
        yield _line(f"Phân loại cuối {year}", *classes, empty="chưa rà soát")
        yield _line(f"Thiếu hụt cuối {year}", *lacks, empty="chưa rà soát")


def _supported(story_of: StoryOf, record: Household, person: Person) -> Iterator[str]:
    for step in story_of(record, person).steps:
        yield f"{step.title} ({step.said})" if step.said else step.title


def _source(record: Household, person: Person) -> str:
    """How the record came into the registry: the file and its line, or who entered it when."""
    row = (
        ImportRow.objects.filter(
            fresh=record.pk, outcome=RowOutcome.ACCEPTED, file__in=Import.objects.visible_to(person)
        )
        .select_related("file")
        .first()
    )
    if row:
        return f"Tệp {row.file.name}, trang {row.sheet}, dòng {row.row}"
    acts = history_of(Household.objects.filter(pk=record.pk))
    if not acts or not acts[-1].added:
        return ""
    sentences: Mapping[str, str] = SENTENCES
    return f"{sentences.get(acts[-1].verb, 'Vào sổ')}, {acts[-1].at:%d/%m/%Y}, {acts[-1].by_name}"
