"""Living through the demonstration's half year, by the same actions that people use. Everybody in it is invented."""

import io
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from PIL import Image, ImageDraw

from tiepcan.accounts import actions as accounts
from tiepcan.accounts.models import Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import Role
from tiepcan.common import clock
from tiepcan.config import data_folder
from tiepcan.config.demonstration import ACCOUNTS, PASSWORD, devices, papers, plan_146, rounds, subscriptions
from tiepcan.config.demonstration.filed import hand_in_half_year, hand_in_local_plan
from tiepcan.config.demonstration.progress import (
    HANDED_IN_HALF_YEAR,
    NO_LOCAL_PLAN,
    PROGRESS,
    RETURNED_HALF_YEAR,
)
from tiepcan.households import actions as households
from tiepcan.households.models import Household, PovertyClass
from tiepcan.plans import actions as plans
from tiepcan.plans.drafts import reading_of
from tiepcan.plans.models import Duty, MilestoneKind, Plan, Recipient
from tiepcan.reporting import filings
from tiepcan.reporting.models import Filing
from tiepcan.standards.models import Indicator, Means, Source
from tiepcan.supports import actions as supports
from tiepcan.supports.models import Outcome
from tiepcan.units.models import Unit

TODAY = date(2019, 6, 12)
CITY = "thanh-pho-thanh-hoa-380"
_ISSUED = date(2019, 2, 19)
SEED = 146
"""The same story at every start."""
_FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Mai",
    "Trịnh",
)
_GIVEN = (
    "Ví Dụ", "Thí Dụ", "Giả Tưởng", "Giả Định", "Mô Phỏng", "Minh Họa", "Thử Nghiệm", "Bản Nháp", "Tượng Trưng",
    "Hình Mẫu", "Mẫu Số", "Tạm Đặt", "Bản Mẫu", "Thử Tên", "Không Thật", "Phác Thảo", "Diễn Tập", "Tập Dượt",
    "Sa Bàn", "Mô Hình", "Kịch Bản", "Trình Diễn", "Ước Lệ", "Thí Điểm", "Khuôn Mẫu", "Bày Thử", "Tên Gọi",
    "Đặt Thử", "Làm Mẫu", "Nêu Gương",
)  # fmt: skip
STILL_REVIEWING = ("Thiệu Khánh", "Hàm Rồng")
"""Wards whose review of 2018 is not locked: whoever tries the demonstration can send a list."""
_KNOWN_TO_THE_READER: dict[tuple[str, int], dict[str, Any]] = {
    ("Thiệu Khánh", 22): {
        "head_name": "Đỗ Thị Tượng Trưng",
        "birth_year": 1957,
        "hamlet": "Thôn 4",
        "members": 3,
        "sex": "female",
        "number": "038157000214",
    },
    # The same again with one letter typed wrong: a pair to decide about.
    ("Thiệu Khánh", 41): {
        "head_name": "Đỗ Thị Tượng Chưng",
        "birth_year": 1957,
        "hamlet": "Thôn 4",
        "members": 2,
        "sex": "female",
    },
}
"""Households that the handbook's pictures show, by ward and place in its list."""
_MEMBERS = (
    ("TK-22", "Lê Văn Khuôn Mẫu", "chồng", 1955),
    ("TK-22", "Lê Thị Thí Điểm", "cháu", 2008),
    ("TK-11", "Trần Văn Bày Thử", "con", 1994),
)
_BY_DEVICES = "information_asset"
"""The indicator for which households gain access by a device of a store."""
_PROVIDERS = (
    ("Doanh nghiệp viễn thông A", "universal_service_fund"),
    ("Doanh nghiệp viễn thông B", "universal_service_fund"),
    ("Nhà hảo tâm", "charity"),
)
"""Who helped, and from what source."""


@dataclass(frozen=True)
class Event:
    """Something that somebody did at a moment of the story."""

    at: datetime
    do: Callable[[], object]


def tell() -> None:
    """The whole story in one transaction: a demonstration is there as a whole or not at all."""
    with transaction.atomic():
        Story(random.Random(SEED)).tell()
    data_folder.stand_still_on(settings.DATA, TODAY)


def _at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.VIETNAM)


class Story:
    """One telling; keeps who is who."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.people: dict[str, Person] = {}
        self.officers: dict[str, Person] = {}
        self.plan: Plan
        self.units: dict[str, Unit] = {}
        self.lacking: dict[tuple[str, str], list[Household]] = {}
        self.names = [
            f"{family} {middle} {given}"
            for family in _FAMILY
            for middle in ("Văn", "Thị")
            for given in _GIVEN
        ]
        taken = {account.full_name for account in ACCOUNTS}
        self.names = [name for name in self.names if name not in taken]
        chance.shuffle(self.names)

    def tell(self) -> None:
        self.city = Unit.objects.get(pk=CITY)
        with clock.set_to(_at(date(2019, 1, 7))):
            self._people()
        with clock.set_to(_at(date(2019, 1, 21))):
            self._households()
        with clock.set_to(_at(date(2019, 1, 25))):
            self._registry()
        with clock.set_to(_at(plan_146.ISSUED_ON, 15)):
            self._plan()
        for event in sorted(self._events(), key=lambda event: event.at):
            with clock.set_to(event.at):
                event.do()
        papers.tell(Plan.objects.get(), self.people, self.chance)
        rounds.tell(Plan.objects.get(), self.people["xacminh"], self.chance, self._key)

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def _people(self) -> None:
        # The administrator first, with the code that a real installation prints in its console.
        last = ACCOUNTS[-1]
        by = accounts.found_installation(
            code=accounts.new_founding_code(),
            username=last.username,
            full_name=last.full_name,
            password=PASSWORD,
            unit=self.city,
        )
        self.people[last.username] = by
        for kind, name in (
            (OrganisationKind.COMPANY, "Doanh nghiệp viễn thông A"),
            (OrganisationKind.DEPARTMENT, "Sở Thông tin và Truyền thông tỉnh Thanh Hóa"),
        ):
            accounts.add_organisation(kind=kind, name=name, unit=self.city, by=by)
        below = Organisation.objects.filter(unit__path__startswith=self.city.path).select_related("unit")
        organisations = {
            f"local:{o.unit.name}" if o.kind == OrganisationKind.LOCAL else o.kind: o for o in below
        }
        for account in ACCOUNTS[:-1]:
            organisation = organisations[account.organisation]
            person = self._person(
                account.username, account.full_name, account.position, organisation, account.role, by
            )
            self.people[account.username] = person
            if account.role == Role.OFFICER:
                self.officers[organisation.unit.name] = person
        self.units = {unit.name: unit for unit in self.city.children.valid_on(TODAY)}
        for n, (name, unit) in enumerate(self.units.items(), start=1):
            if name not in self.officers:
                full_name = self.names.pop()
                local = organisations[f"local:{unit.name}"]
                self.officers[name] = self._person(
                    f"canbo{n:02}",
                    full_name,
                    "Công chức Văn hóa – Xã hội",
                    local,
                    Role.OFFICER,
                    by,
                    sign_in=False,
                )

    def _person(
        self,
        username: str,
        full_name: str,
        position: str,
        organisation: Organisation,
        role: str,
        by: Person,
        *,
        sign_in: bool = True,
    ) -> Person:
        person, code = accounts.add_person(
            username=username,
            full_name=full_name,
            position=position,
            organisation=organisation,
            role=role,
            by=by,
        )
        if sign_in:
            accounts.set_password(code=code, username=username, password=PASSWORD)
        return Person.objects.select_related("organisation__unit").get(pk=person.pk)

    def _households(self) -> None:
        """Every poor household of the baseline, and who lacks what: more than the targets, as everywhere."""
        for name, poor, telecom, asset in plan_146.ROWS:
            unit = self.units[plan_146.OFFICIAL.get(name, name).partition(" ")[2]]
            lacks_telecom = set(self.chance.sample(range(poor), min(poor, telecom + 1 + telecom // 3)))
            lacks_asset = set(
                self.chance.sample(range(poor), min(poor, (asset or 0) + self.chance.randint(0, 2)))
            )
            initials = "".join(word[0] for word in unit.name.split())
            for n in range(poor):
                lacks = [
                    i
                    for i, who in (("telecom_service", lacks_telecom), ("information_asset", lacks_asset))
                    if n in who
                ]
                facts = {
                    "head_name": self.names[self.chance.randrange(len(self.names))],
                    "birth_year": self.chance.randint(1935, 1990),
                    "hamlet": f"{'Thôn' if unit.kind == 'xa' else 'Tổ dân phố'} {self.chance.randint(1, 8)}",
                    "members": self.chance.randint(1, 6),
                    **_KNOWN_TO_THE_READER.get((unit.name, n + 1), {}),
                }
                household = households.add(
                    id=self._key(),
                    unit=unit,
                    code=f"{initials}-{n + 1:02}",
                    **facts,
                    year=2018,
                    poverty=PovertyClass.POOR_DEPRIVATION if len(lacks) > 1 else PovertyClass.POOR_INCOME,
                    lacks=lacks,
                    by=self.officers[unit.name],
                )
                for indicator in lacks:
                    self.lacking.setdefault((unit.name, indicator), []).append(household)

    def _registry(self) -> None:
        """What wards do with their lists: rounds that are locked (two still work on theirs), members, look-alikes."""
        for name, unit in self.units.items():
            by = self.officers[name]
            review_round = households.start_round(unit=unit, year=2018, by=by)
            if name not in STILL_REVIEWING:
                households.lock_round(round=review_round, by=by)
        ward = self.units["Thiệu Khánh"]
        by = self.officers[ward.name]
        for code, name, relation, born in _MEMBERS:
            household = Household.objects.get(unit=ward, code=code)
            households.keep_member(
                household=household,
                version=household.version,
                name=name,
                relation=relation,
                birth_year=born,
                by=by,
            )
        households.seek(within=ward, by=by)

    def _move(self) -> Iterator[Event]:
        """A household that lacks nothing moves to the commune of the demonstration's officer."""
        lacking = {one.pk for group in self.lacking.values() for one in group}
        unit = self.units["Đông Vinh"]
        household = Household.objects.filter(unit=unit).exclude(pk__in=lacking).order_by("code").last()
        assert household is not None

        def move() -> None:
            households.move(
                household=household,
                version=household.version,
                to=self.units["Thiệu Khánh"],
                moved_on=date(2019, 5, 20),
                hamlet="Thôn 3",
                code="TK-60",
                reason="Về ở cùng con",
                by=self.officers["Đông Vinh"],
            )

        yield Event(_at(date(2019, 5, 21), 10), move)

    def _plan(self) -> None:
        by = self.people["dieuphoi"]
        draft = plans.receive(
            id=self._key(), raw=plan_146.paper(), name=plan_146.FILE_NAME, unit=self.city, by=by
        )
        for finding in reading_of(draft).waiting:
            plans.answer(draft=draft, finding=finding.key, version=draft.version, by=by)
        self.plan = plans.open_plan(draft=draft, version=draft.version, by=by)

    def _events(self) -> Iterator[Event]:
        yield from self._recipients()
        yield from self._move()
        yield from self._submissions()
        yield from self._duties()
        cast = devices.Cast(self.city, self.units, self.people["dieuphoi"], self.officers, uuid.uuid4)
        yield from (Event(at, do) for at, do in devices.events(cast))
        lists = subscriptions.Cast(
            self.city, self.people["dieuphoi"], self.people["vienthong"], self.people["quantri"]
        )
        yield from (Event(at, do) for at, do in subscriptions.events(lists))
        for name, done in PROGRESS.items():
            for indicator, (recorded, verified) in zip(
                ("telecom_service", "information_asset"), done, strict=True
            ):
                yield from self._outcomes(self.units[name], indicator, recorded, verified)

    def _recipients(self) -> Iterator[Event]:
        by = self.people["dieuphoi"]
        for n, recipient in enumerate(Recipient.objects.filter(version__plan=self.plan)):

            def issue(recipient: Recipient = recipient) -> None:
                plans.issue_to(recipient=recipient, on=_ISSUED, by=by)

            yield Event(_at(_ISSUED, 10, n), issue)
            if n % 3 == 2 or recipient.is_file:
                continue

            def acknowledge(
                recipient: Recipient = recipient, on: date = _ISSUED + timedelta(days=1 + n % 2)
            ) -> None:
                recipient.refresh_from_db()
                plans.acknowledge(recipient=recipient, on=on, by=by)

            yield Event(_at(date(2019, 2, 22), 10, n), acknowledge)

    def _submissions(self) -> Iterator[Event]:
        for n, (name, unit) in enumerate(sorted(self.units.items())):
            if name not in PROGRESS:
                continue
            if name not in NO_LOCAL_PLAN:
                day = date(2019, 2, 20) + timedelta(days=n % 8)
                hand_in = partial(
                    hand_in_local_plan, self.plan, unit, self.officers[name], n, f"{n + 3:02}/KH-UBND"
                )
                yield from self._filed(unit, MilestoneKind.LOCAL_PLAN, hand_in, _at(day, 14, n), accept=True)
            if name in HANDED_IN_HALF_YEAR:
                day = date(2019, 6, 6) + timedelta(days=n % 6)
                hand_in = partial(
                    hand_in_half_year, self.plan, unit, self.officers[name], n, f"{n + 40}/BC-UBND"
                )
                decided = name == RETURNED_HALF_YEAR or bool(n % 3)
                yield from self._filed(
                    unit, MilestoneKind.HALF_YEAR, hand_in, _at(day, 14, n), accept=decided
                )

    def _filed(
        self, unit: Unit, kind: str, hand_in: Callable[[], object], at: datetime, *, accept: bool
    ) -> Iterator[Event]:
        """What a ward hands in, and on the next morning what the coordinator says of it, if anything yet."""

        def decide() -> None:
            filing = Filing.objects.get(plan=self.plan, unit=unit, kind=kind)
            by, seen = self.people["dieuphoi"], filing.digest
            if kind == MilestoneKind.HALF_YEAR and unit.name == RETURNED_HALF_YEAR:
                asked = {"communication": "Ghi rõ số buổi phát thanh theo từng tháng."}
                filings.give_back(filing=filing, marks=asked, seen=seen, by=by)
            else:
                filings.accept(filing=filing, seen=seen, by=by)

        yield Event(at, hand_in)
        if accept:
            yield Event(at + timedelta(hours=17), decide)

    def _duties(self) -> Iterator[Event]:
        told = (
            ("daittth", "Duy trì chuyên mục", date(2019, 4, 12), "Phát 12 chuyên mục giảm nghèo, mỗi chuyên mục 15 phút, trong quý I."),
            ("daittth", "Hướng dẫn kỹ thuật", date(2019, 5, 17), "Hướng dẫn vận hành cụm loa cho 9 đài truyền thanh cấp xã."),
            ("vanphong", "Đăng cơ chế", date(2019, 5, 30), "Đăng 7 tin, bài về chính sách giảm nghèo trên trang thông tin điện tử thành phố."),
            ("vienthong", "Đầu tư, nâng cấp", date(2019, 5, 8), "Kéo cáp quang đến 4 thôn của các xã Thiệu Khánh, Hoằng Quang."),
            ("dieuphoi", "Mở lớp bồi dưỡng", date(2019, 4, 25), "Mở 1 lớp bồi dưỡng cho 37 cán bộ thông tin cơ sở."),
            ("thieukhanh", "Tuyên truyền trên hệ thống loa", date(2019, 5, 21), "Phát 18 buổi trên loa truyền thanh xã về hỗ trợ dịch vụ viễn thông."),
        )  # fmt: skip
        for username, beginning, day, what in told:
            person = self.people[username]
            duty = Duty.objects.get(version__plan=self.plan, text__startswith=beginning)

            def report(person: Person = person, duty: Duty = duty, day: date = day, what: str = what) -> None:
                plans.report_duty(
                    id=self._key(),
                    duty=duty,
                    organisation=person.organisation_name,
                    unit=person.unit,
                    done_on=day,
                    what=what,
                    by=person,
                )

            yield Event(_at(day, 16), report)

    def _outcomes(self, unit: Unit, indicator: str, recorded: int, verified: int) -> Iterator[Event]:
        """Households that gained access; the verified ones first, since they are the older."""
        chosen = self.lacking.get((unit.name, indicator), [])[:recorded]
        span = (date(2019, 6, 10) - date(2019, 3, 4)).days
        days = sorted(
            date(2019, 3, 4) + timedelta(days=int(span * self.chance.random() ** 0.7)) for _ in chosen
        )
        if indicator == _BY_DEVICES:
            days = [devices.GIVEN[unit.name][0] for _ in chosen]
        for n, (household, day) in enumerate(zip(chosen, days, strict=True)):
            outcome = self._key()
            yield Event(_at(day, 8 + n % 8, n % 60), self._recording(outcome, household, indicator, day))
            if n < verified:
                later = min(day + timedelta(days=self.chance.randint(3, 18)), date(2019, 6, 11))
                yield Event(_at(later, 17, n % 60), self._verifying(outcome))
        if unit.name == "Thiệu Khánh" and indicator == "telecom_service":
            yield Event(_at(date(2019, 6, 11), 16, 30), self._giving_back(outcome))

    def _recording(
        self, key: uuid.UUID, household: Household, indicator: str, day: date
    ) -> Callable[[], None]:
        means = self.chance.choice(list(Means.objects.filter(indicator=indicator).order_by("order"))[:3])
        provider, source = self.chance.choice(_PROVIDERS)
        # The household whose paper is given back as unreadable has one.
        with_evidence = self.chance.random() < 0.8 or household.unit.name == "Thiệu Khánh"

        if indicator == _BY_DEVICES:
            return lambda: devices.hand_over(key, household, self.officers[household.unit.name])

        def record() -> None:
            supports.record(
                id=key,
                plan=self.plan,
                household=household,
                indicator=Indicator.objects.get(pk=indicator),
                means=means,
                happened_on=day - timedelta(days=1),
                provider=provider,
                source=Source.objects.get(pk=source),
                files=[("bien-ban.pdf", _scan(household.code))] if with_evidence else (),
                by=self.officers[household.unit.name],
            )

        return record

    def _verifying(self, key: uuid.UUID) -> Callable[[], None]:
        # A hand-over's key is its support's, by which its outcome is found.
        def verify() -> None:
            outcome = Outcome.objects.distinct().get(Q(pk=key) | Q(supports__pk=key))
            supports.verify(outcome=outcome, by=self.people["xacminh"])

        return verify

    def _giving_back(self, key: uuid.UUID) -> Callable[[], None]:
        reason = "Ảnh biên bản mờ, không đọc được chữ ký của đại diện hộ. Chụp lại trang 2."
        return lambda: supports.give_back(
            outcome=Outcome.objects.get(pk=key), reason=reason, by=self.people["xacminh"]
        )


def _scan(code: str) -> bytes:
    """A scanned hand-over record as .pdf, that says of itself that it is invented."""
    sheet = Image.new("L", (620, 877), 255)
    draw = ImageDraw.Draw(sheet)
    draw.text((60, 60), f"Bien ban (trinh dien), ho so {code}", fill=0)
    for line in range(12):
        draw.line((60, 120 + line * 36, 560 - line * 17 % 160, 120 + line * 36), fill=120, width=2)
    draw.line((380, 700, 420, 670, 450, 710, 500, 660), fill=40, width=3)
    written = io.BytesIO()
    sheet.save(written, "PDF", resolution=75)
    return written.getvalue()
