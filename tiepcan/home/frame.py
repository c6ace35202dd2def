"""What frames every page: where this person can go, who they are, and the demonstration's banner."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.urls import reverse

from tiepcan.accounts.models import Person
from tiepcan.accounts.roles import May, Role
from tiepcan.common.dates import day_in_words
from tiepcan.paperwork.queries import waiting_for
from tiepcan.supports.models import WAITING, Outcome


@dataclass(frozen=True)
class Place:
    """One place that the menu leads to."""

    label: str
    url: str
    current: bool
    icon: str
    count: int | None = None


@dataclass(frozen=True)
class Who:
    """The person who is signed in, as the masthead names them."""

    organisation: str
    position: str
    name: str


@dataclass(frozen=True)
class Frame:
    """Everything around a page's own content."""

    menu: list[Place] = field(default_factory=list)
    rooms: list[Place] = field(default_factory=list)
    """Pages that share the current place of the menu."""
    thumb: list[Place] = field(default_factory=list)
    who: Who | None = None
    banner: str | None = None
    foot: list[str] = field(default_factory=list)
    messages: Any = ()


@dataclass(frozen=True)
class Entry:
    """A place of the menu: whom it is for, and the beginnings of the addresses that belong to it."""

    label: str
    name: str
    icon: str
    below: tuple[str, ...]
    needs: frozenset[May]
    not_for: frozenset[May] = frozenset()

    def holds(self, path: str) -> bool:
        return path.startswith(self.below) if self.below else path == "/"

    def is_for(self, person: Person) -> bool:
        return any(map(person.may, self.needs)) and not any(map(person.may, self.not_for))


_WARD = frozenset({May.RECORD_OUTCOMES})
# Never more than six for one person: what a ward officer needs of the overview stands on the ward's own home.
_PLACES = (
    Entry("Việc cần làm", "home:home", "list", (), _WARD | {May.REPORT_DUTIES}, frozenset({May.CONSOLIDATE, May.VERIFY_OUTCOMES})),
    Entry("Xác minh", "supports:to_verify", "check", ("/ket-qua/", "/xac-minh/"), frozenset({May.VERIFY_OUTCOMES})),
    Entry("Tổng quan", "reporting:overview", "flag", ("/tong-quan/", "/so-lieu/", "/xac-minh/", "/ket-qua/"), frozenset({May.SEE_FIGURES}), _WARD),
    Entry("Kế hoạch", "plans:plans", "file", ("/ke-hoach/",), frozenset({May.SEE_PLANS})),
    Entry("Hộ gia đình", "households:households", "home", ("/ho-ngheo/",), frozenset({May.SEE_HOUSEHOLDS})),
    Entry("Hỗ trợ", "devices:devices", "file", ("/thiet-bi/", "/vien-thong/"), frozenset({May.KEEP_DEVICES})),
    Entry("Hỗ trợ", "telecom:months", "file", ("/vien-thong/",), frozenset({May.SEND_LISTS})),
    Entry("Ghi kết quả", "supports:record", "plus", ("/ket-qua/",), _WARD),
    Entry("Báo cáo", "reporting:reports", "file", ("/bao-cao/", "/van-ban/", "/kiem-tra/"), frozenset({May.SEE_FIGURES}), _WARD),
    Entry("Thời hạn", "reporting:deadlines", "calendar", ("/thoi-han/", "/bao-cao/", "/van-ban/", "/kiem-tra/"), frozenset({May.SEE_FIGURES})),
    Entry("Văn bản", "paperwork:documents", "file", ("/van-ban/", "/kiem-tra/"), frozenset({May.SEE_PLANS}), frozenset({May.SEE_FIGURES})),
    Entry("Tài khoản", "accounts:people", "users", ("/tai-khoan/",), frozenset({May.KEEP_ACCOUNTS})),
)  # fmt: skip
_OF_SUPPORT = (
    Entry("Thiết bị", "devices:devices", "file", ("/thiet-bi/",), frozenset({May.KEEP_DEVICES})),
    Entry("Đối soát cước", "telecom:months", "file", ("/vien-thong/",), frozenset({May.SEND_LISTS, May.RECONCILE})),
    Entry("Thuê bao", "telecom:subscriptions", "file", ("/vien-thong/thue-bao/",), frozenset({May.SEND_LISTS, May.SEE_HOUSEHOLDS})),
)  # fmt: skip
"""What households are given: one place of the menu, and these pages within it."""
_REPORTS = frozenset({May.SEE_FIGURES})
_CLERKS = frozenset({May.KEEP_REGISTERS})
_OF_PAPERS = (
    Entry("Tổng hợp", "reporting:reports", "file", ("/bao-cao/",), _REPORTS),
    Entry("Văn bản", "paperwork:documents", "file", ("/van-ban/",), frozenset({May.SEE_PLANS})),
    Entry("Sổ văn bản đi", "paperwork:outgoing", "list", ("/van-ban/so-di/",), _CLERKS),
    Entry("Sổ văn bản đến", "paperwork:register_in", "list", ("/van-ban/so-den/",), _CLERKS),
    Entry("Người ký", "paperwork:signatories", "users", ("/van-ban/nguoi-ky/",), _CLERKS),
    Entry("Sổ địa chỉ", "paperwork:contacts", "users", ("/van-ban/dia-chi/",), _CLERKS),
    Entry("Mẫu lời văn", "paperwork:wordings", "edit", ("/van-ban/mau/",), frozenset({May.KEEP_WORDINGS})),
    Entry("Kiểm tra mã", "paperwork:check", "search", ("/kiem-tra/",), frozenset({May.SEE_PLANS})),
)
"""What leaves the office: reports, the papers that they become, and the registers."""
_UNDER_THE_THUMB = ("Việc cần làm", "Hộ gia đình", "Ghi kết quả", "Thời hạn")


def of_page(request: HttpRequest) -> dict[str, Frame]:
    """The context processor: one frame for each page."""
    banner = None
    if day := settings.DEMONSTRATION_DAY:
        banner = f"Bản trình diễn, đứng ở {day_in_words(day)}. Người, hộ và số liệu thực hiện đều là bịa."
    messages = _once(get_messages(request))
    # Not asked on a request that failed before anybody was looked for.
    person = cast("Person | AnonymousUser", getattr(request, "user", AnonymousUser()))
    if not person.is_authenticated:
        return {"frame": Frame(banner=banner, messages=messages)}
    menu = _menu(request.path, person)
    return {
        "frame": Frame(
            menu=menu,
            rooms=_rooms(request.path, person),
            thumb=[place for place in menu if place.label in _UNDER_THE_THUMB]
            if person.may(May.RECORD_OUTCOMES)
            else [],
            who=Who(person.organisation_name, person.position, person.full_name),
            banner=banner,
            foot=[f"Tiếp Cận · {person.unit.full_name}"],
            messages=messages,
        )
    }


def _once(messages: Iterable[Message]) -> Iterator[Message]:
    """Each sentence once: a form that was sent again, for its answer was lost, has said it twice."""
    yield from {(message.level, message.message): message for message in messages}.values()


def _menu(path: str, person: Person) -> list[Place]:
    """Who has a place of their own for an address is there, and others at the next one that it belongs to."""
    places = [entry for entry in _PLACES if entry.is_for(person)]
    here = next((entry for entry in places if entry.holds(path)), None)
    return [
        Place(
            label=entry.label,
            url=reverse(entry.name),
            current=entry is here,
            icon=entry.icon,
            count=_waiting(person) if May.VERIFY_OUTCOMES in entry.needs else _papers(entry, person),
        )
        for entry in places
    ]


def _rooms(path: str, person: Person) -> list[Place]:
    for rooms in (_OF_SUPPORT, _OF_PAPERS):
        within = [entry for entry in rooms if path.startswith(entry.below)]
        if within:
            current = max(within, key=lambda entry: len(entry.below[0]))
            return [
                Place(entry.label, reverse(entry.name), entry is current, entry.icon)
                for entry in rooms
                if entry.is_for(person)
            ]
    return []


def _papers(entry: Entry, person: Person) -> int | None:
    """Papers that wait for this person, beside the place where they find them; nothing is shown for none."""
    if "/van-ban/" not in entry.below or not (person.may(May.SIGN_REPORTS) or person.role == Role.CLERK):
        return None
    if entry.name == "reporting:deadlines" and person.may(May.SIGN_REPORTS):
        return None  # they stand beside the reports
    return waiting_for(person).count() or None


def _waiting(person: Person) -> int | None:
    """Outcomes that wait for this verifier; nothing is shown for none."""
    return Outcome.objects.visible_to(person).standing().in_state(*WAITING).count() or None
