"""Signing in and staying out: accounts, one-time codes, doors, and what the pages around them say."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

from tests.factories import PASSWORD, a_client, a_household, a_person, a_plan, a_unit, an_outcome, the_city
from tiepcan.accounts import actions
from tiepcan.accounts.doors import every_route_has_a_door, open_to_everyone, routes
from tiepcan.accounts.middleware import doors
from tiepcan.accounts.models import FailedSignIn, OneTimeCode, Organisation, OrganisationKind, Person
from tiepcan.accounts.roles import PERMISSIONS, May, Role
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.home.frame import of_page
from tiepcan.units.models import Unit

pytestmark = pytest.mark.django_db

SIGN_IN = "/dang-nhap/"
ENGLISH = re.compile(
    r"\b(this field|please|error|errors|required|invalid|enter a|password|username|forbidden|not found"
    r"|sign in|log in|login|submit|too short|too common|entirely numeric|server)\b",
    re.IGNORECASE,
)


def later(**passed: int) -> object:
    return clock.set_to(clock.now() + timedelta(**passed))


def said(response: HttpResponse) -> str:
    """What a person reads on the page, in one line."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body.partition("<body")[2]).split())


def try_in(
    client: Client, person: Person | str, password: str = PASSWORD, url: str = SIGN_IN
) -> HttpResponse:
    name = person if isinstance(person, str) else person.username
    return client.post(url, {"username": name, "password": password})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# ---- signing in


def test_the_right_password_leads_to_the_first_page():
    client, person = Client(), a_person(password=PASSWORD)
    response = try_in(client, person)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_in(client)


def test_the_name_of_an_account_may_be_typed_in_capitals_with_blanks():
    client, person = Client(), a_person(password=PASSWORD)
    try_in(client, f" {person.username.upper()} ")
    assert is_in(client)


@pytest.mark.parametrize("password", ["sai-mat-khau", PASSWORD.upper(), PASSWORD + " ", "x"])
def test_a_wrong_password_is_told_in_vietnamese_and_does_not_sign_in(password):
    client, person = Client(), a_person(password=PASSWORD)
    response = try_in(client, person, password)
    assert "Tên tài khoản hoặc mật khẩu chưa đúng. Còn 4 lần thử" in said(response)
    assert f'value="{person.username}"' in response.content.decode()
    assert password not in response.content.decode() or len(password) == 1
    assert not is_in(client)


def test_an_unknown_name_is_answered_like_a_wrong_password():
    a_person(password=PASSWORD)
    known = said(try_in(Client(), Person.objects.get().username, "sai"))
    unknown = said(try_in(Client(), "khong-co-ai", "sai"))
    assert known == unknown


def test_an_account_that_set_no_password_yet_cannot_sign_in():
    client, person = Client(), a_person()
    for password in ("", "!", person.password):
        try_in(client, person, password)
    assert not is_in(client)


def test_five_wrong_passwords_pause_the_account_on_this_device():
    client, person = Client(), a_person(password=PASSWORD)
    for _ in range(5):
        try_in(client, person, "sai")
    response = try_in(client, person)
    assert "tạm dừng đăng nhập tài khoản này 15 phút" in said(response)
    assert not is_in(client)
    with later(minutes=16):
        try_in(client, person)
    assert is_in(client)


def test_four_wrong_passwords_do_not_pause_and_the_right_one_forgets_them():
    client, person = Client(), a_person(password=PASSWORD)
    for _ in range(4):
        try_in(client, person, "sai")
    try_in(client, person)
    assert is_in(client)
    assert not FailedSignIn.objects.exists()


def test_wrong_passwords_from_elsewhere_do_not_lock_out_the_officer_s_own_device():
    own, person = Client(), a_person(password=PASSWORD)
    try_in(own, person)  # the device is known from now on
    own.post("/dang-xuat/")
    stranger = Client()
    for _ in range(6):
        try_in(stranger, person, "sai")
    try_in(own, person)
    assert is_in(own)
    assert not is_in(stranger)


def test_an_account_that_is_paused_leaves_other_accounts_of_the_device_alone():
    client, person, colleague = Client(), a_person(password=PASSWORD), a_person(password=PASSWORD)
    for _ in range(5):
        try_in(client, person, "sai")
    try_in(client, colleague)
    assert is_in(client)


def test_a_device_cookie_that_was_forged_counts_as_none():
    person = a_person(password=PASSWORD)
    for n in range(5):
        client = Client()
        client.cookies["device"] = f"bia-dat-{n}:xyz"
        try_in(client, person, "sai")
    assert set(FailedSignIn.objects.values_list("device", flat=True)) == {""}


def test_a_closed_account_is_told_so_only_with_its_right_password():
    person = a_person(password=PASSWORD, is_active=False)
    assert "đã ngừng dùng" in said(try_in(Client(), person))
    assert "đã ngừng dùng" not in said(try_in(Client(), person, "sai"))


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/ho-ngheo/", "/ho-ngheo/"),
        ("http://testserver/ho-ngheo/", "/"),
        ("https://xau.example/", "/"),
        ("//xau.example/", "/"),
        ("/\\xau.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_is_led_on_within_this_program_only(wanted, leads_to):
    person = a_person(password=PASSWORD)
    response = Client().post(
        SIGN_IN, {"username": person.username, "password": PASSWORD}, query_params={"next": wanted}
    )
    assert (response.status_code, response["Location"]) == (302, leads_to)


def test_who_has_not_signed_in_is_led_to_sign_in_and_back():
    a_person()
    response = Client().get("/ho-ngheo/?sau=1")
    assert response["Location"] == "/dang-nhap/?next=%2Fho-ngheo%2F%3Fsau%3D1"


def test_a_session_changes_its_key_on_signing_in():
    client, person = Client(), a_person(password=PASSWORD)
    client.get(SIGN_IN)
    client.session["x"] = 1
    before = client.session.session_key
    try_in(client, person)
    assert client.session.session_key != before


# ---- sessions


def test_a_session_ends_at_sign_out():
    client = a_client(a_person(Role.ADMINISTRATOR))
    assert client.get("/tai-khoan/").status_code == 200
    cookie = client.cookies["sessionid"].value
    client.post("/dang-xuat/")
    client.cookies["sessionid"] = cookie  # a copy of the cookie is worth nothing
    assert client.get("/tai-khoan/").status_code == 302


def test_signing_out_takes_a_form_and_never_a_link():
    client = a_client(a_person())
    assert client.get("/dang-xuat/").status_code == 405
    assert is_in(client)


def test_a_session_ends_twelve_hours_after_the_sign_in_whatever_is_done_meanwhile(
    settings, time_machine_from
):
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
    assert not settings.SESSION_SAVE_EVERY_REQUEST
    client = Client()
    try_in(client, a_person(Role.OFFICER, password=PASSWORD))
    with time_machine_from(hours=11, minutes=58):
        client.post("/ho-ngheo/", {"q": "an"})  # what was searched for is kept in the session
        assert client.get("/ho-ngheo/").status_code == 200
    with time_machine_from(hours=12, minutes=2):
        assert client.get("/ho-ngheo/").status_code == 302


@pytest.fixture
def time_machine_from() -> Callable[..., object]:
    """Move what sessions ask, which is the machine's own clock."""
    import time_machine

    return lambda **passed: time_machine.travel(datetime.now(clock.VIETNAM) + timedelta(**passed), tick=True)


def test_the_session_of_a_closed_account_ends_at_once():
    administrator, officer = a_person(Role.ADMINISTRATOR), a_person(Role.OFFICER)
    client = a_client(officer)
    assert client.get("/ho-ngheo/").status_code == 200
    actions.close_account(person=officer, reason="chuyển việc", by=administrator)
    assert client.get("/ho-ngheo/").status_code == 302


def test_a_new_code_ends_the_sessions_that_the_old_password_opened():
    administrator, officer = a_person(Role.ADMINISTRATOR), a_person(Role.OFFICER, password=PASSWORD)
    client = Client()
    try_in(client, officer)
    actions.renew_code(person=officer, by=administrator)
    assert client.get("/ho-ngheo/").status_code == 302


def test_cookies_are_kept_from_scripts():
    client, person = Client(), a_person(password=PASSWORD)
    client.get(SIGN_IN)
    response = try_in(client, person)
    for name in ("sessionid", "device"):
        assert response.cookies[name]["httponly"]
        assert response.cookies[name]["samesite"] == "Lax"


def test_a_form_without_its_token_is_refused_in_vietnamese():
    client = Client(enforce_csrf_checks=True)
    a_person(password=PASSWORD)
    response = client.post(SIGN_IN, {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "Trang đã mở quá lâu" in said(response)


# ---- one-time codes and passwords


@pytest.fixture
def newcomer() -> SimpleNamespace:
    administrator = a_person(Role.ADMINISTRATOR)
    person, code = actions.add_person(
        username="le.thu", full_name="Lê Thử", position="", organisation=administrator.organisation,
        role=Role.LEADER, by=administrator,
    )  # fmt: skip
    return SimpleNamespace(person=person, code=code, administrator=administrator)


def test_a_one_time_code_sets_the_password_once(newcomer):
    actions.set_password(code=newcomer.code, username="le.thu", password=PASSWORD)
    assert Person.objects.get(username="le.thu").check_password(PASSWORD)
    with pytest.raises(NotAllowed, match="Mã dùng một lần hoặc tên tài khoản chưa đúng"):
        actions.set_password(code=newcomer.code, username="le.thu", password="mat-khau-khac")
    assert Person.objects.get(username="le.thu").check_password(PASSWORD)


def test_a_code_may_be_typed_as_it_is_read_aloud(newcomer):
    typed = newcomer.code.lower().replace("-", " ")
    assert actions.set_password(code=typed, username=" LE.THU ", password=PASSWORD)


@pytest.mark.parametrize(("hours", "holds"), [(71, True), (72, False), (73, False)])
def test_a_code_holds_for_three_days(newcomer, hours, holds):
    with later(hours=hours):
        if holds:
            actions.set_password(code=newcomer.code, username="le.thu", password=PASSWORD)
        else:
            with pytest.raises(NotAllowed, match="hết hạn"):
                actions.set_password(code=newcomer.code, username="le.thu", password=PASSWORD)


def test_a_code_is_worth_nothing_to_somebody_else(newcomer):
    other = a_person(Role.LEADER)
    for name in (other.username, "khong-co-ai"):
        with pytest.raises(NotAllowed, match="chưa đúng"):
            actions.set_password(code=newcomer.code, username=name, password=PASSWORD)
    assert actions.set_password(code=newcomer.code, username="le.thu", password=PASSWORD)


def test_a_new_code_ends_the_older_one_and_the_password(newcomer):
    actions.set_password(code=newcomer.code, username="le.thu", password=PASSWORD)
    first = actions.renew_code(person=newcomer.person, by=newcomer.administrator)
    second = actions.renew_code(person=newcomer.person, by=newcomer.administrator)
    assert not Person.objects.get(username="le.thu").has_usable_password()
    with pytest.raises(NotAllowed):
        actions.set_password(code=first, username="le.thu", password=PASSWORD)
    assert actions.set_password(code=second, username="le.thu", password=PASSWORD)


def test_a_closed_account_has_no_use_for_its_code(newcomer):
    actions.close_account(person=newcomer.person, reason="thôi việc", by=newcomer.administrator)
    with pytest.raises(NotAllowed):
        actions.set_password(code=newcomer.code, username="le.thu", password=PASSWORD)


def test_only_the_digest_of_a_code_is_kept(newcomer):
    [kept] = OneTimeCode.objects.values_list("digest", flat=True)
    assert newcomer.code not in kept
    assert len(kept) == 64


def test_codes_have_no_letters_that_are_mistaken_for_others(newcomer):
    assert re.fullmatch(r"[A-HJKMNP-Z2-9]{4}(-[A-HJKMNP-Z2-9]{4}){2}", newcomer.code)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("ngan", "ít nhất 10"), ("12345678901", "số"), ("password123", "phổ biến|thông dụng|thường")],
)
def test_the_rules_for_passwords_are_told_in_vietnamese(newcomer, password, sentence):
    response = Client().post(
        "/dat-mat-khau/",
        {"username": "le.thu", "code": newcomer.code, "password": password, "again": password},
    )
    text = said(response)
    assert re.search(sentence, text), text
    assert ENGLISH.findall(text) == []
    assert OneTimeCode.objects.filter(used_at=None).exists()  # the code was not spent on it


def test_two_different_passwords_are_told(newcomer):
    response = Client().post(
        "/dat-mat-khau/",
        {"username": "le.thu", "code": newcomer.code, "password": PASSWORD, "again": PASSWORD + "x"},
    )
    assert "Hai lần gõ mật khẩu chưa giống nhau." in said(response)


def test_who_set_the_password_signs_in_with_it(newcomer):
    client = Client()
    form = {"username": "le.thu", "code": newcomer.code, "password": PASSWORD, "again": PASSWORD}
    response = client.post("/dat-mat-khau/", form, follow=True)
    assert "Đã đặt mật khẩu" in said(response)
    try_in(client, "le.thu")
    assert is_in(client)


def test_passwords_are_kept_with_argon2id_of_19_mib_and_two_passes(settings):
    assert settings.PASSWORD_HASHERS == ["tiepcan.accounts.passwords.Argon2"]
    digest = a_person(password=PASSWORD).password
    assert digest.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert not get_hasher().must_update(digest)


# ---- founding an installation


def found(code: str, **but: str) -> tuple[Client, HttpResponse]:
    client = Client()
    form = {
        "code": code, "unit": the_city().pk, "full_name": "Lê Thị Lập", "username": "quan.tri",
        "password": PASSWORD, "again": PASSWORD,
    }  # fmt: skip
    return client, client.post("/lap-he-thong/", form | but)


def test_an_empty_installation_leads_to_founding_it():
    assert Client().get("/", follow=True).redirect_chain[-1][0] == "/lap-he-thong/"


def test_the_console_s_code_founds_an_installation_with_its_organisations():
    client, response = found(actions.new_founding_code())
    assert (response.status_code, response["Location"]) == (302, "/tai-khoan/")
    person = Person.objects.get()
    assert (person.role, person.unit) == (Role.ADMINISTRATOR, the_city())
    assert client.get("/tai-khoan/").status_code == 200

    below = the_city().children.valid_on(clock.today())
    locals_of = Organisation.objects.filter(kind=OrganisationKind.LOCAL)
    assert set(locals_of.values_list("unit", flat=True)) == set(below.values_list("pk", flat=True))
    assert below.count() == locals_of.count() == 37
    own = Organisation.objects.filter(unit=the_city()).values_list("kind", flat=True)
    assert sorted(own) == sorted(["committee", "culture", "labour", "station", "office"])


def test_an_installation_is_founded_once():
    found(actions.new_founding_code())
    code = actions.new_founding_code()
    client, response = found(code, username="ke.khac")
    assert response["Location"] == SIGN_IN
    assert not is_in(client)
    with pytest.raises(NotAllowed, match="đã có người quản trị"):
        actions.found_installation(
            code=code, username="ke.khac", full_name="Ai", password=PASSWORD, unit=the_city()
        )
    assert Person.objects.count() == 1


def test_founding_needs_the_latest_code_within_three_days():
    first, second = actions.new_founding_code(), actions.new_founding_code()
    assert "chưa đúng" in said(found(first)[1])
    with later(hours=73):
        assert "hết hạn" in said(found(second)[1])
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()
    assert found(second)[1].status_code == 302


def test_a_person_s_code_does_not_found_an_installation(newcomer):
    Person.objects.all().update(organisation=Organisation.objects.first())
    OneTimeCode.objects.exclude(person=None).update(expires_at=clock.now() + timedelta(days=1))
    with pytest.raises(NotAllowed):
        actions.found_installation(
            code=newcomer.code, username="ai.do", full_name="Ai", password=PASSWORD, unit=the_city()
        )


# ---- keeping accounts within one's scope


def test_an_administrator_adds_people_and_organisations_below():
    administrator = a_person(Role.ADMINISTRATOR)
    company = actions.add_organisation(
        kind=OrganisationKind.COMPANY, name="Công ty Thử", unit=a_unit(), by=administrator
    )
    person, _ = actions.add_person(
        username="Le.Thu ", full_name=" Lê Thử", position="", organisation=company, role=Role.PARTNER,
        by=administrator,
    )  # fmt: skip
    assert (person.username, person.full_name, person.unit) == ("le.thu", "Lê Thử", a_unit())


def test_an_administrator_of_a_ward_does_not_reach_sister_wards_or_the_city():
    administrator = a_person(Role.ADMINISTRATOR, a_unit("Hàm Rồng"))
    for unit in (a_unit("Nam Ngạn"), the_city()):
        someone = a_person(Role.LEADER, unit)
        organisation = someone.organisation
        for act in (
            lambda: actions.add_organisation(kind="company", name="X", unit=unit, by=administrator),  # noqa: B023
            lambda: actions.rename_organisation(organisation=organisation, name="X", by=administrator),  # noqa: B023
            lambda: actions.add_person(
                username="xyz", full_name="X", position="", organisation=organisation, role=Role.LEADER, by=administrator  # noqa: B023
            ),
            lambda: actions.renew_code(person=someone, by=administrator),  # noqa: B023
            lambda: actions.close_account(person=someone, reason="x", by=administrator),  # noqa: B023
        ):  # fmt: skip
            with pytest.raises(NotAllowed, match="Chỉ người quản trị tài khoản"):
                act()
        someone.refresh_from_db()
        assert someone.is_active


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_keep_accounts(role):
    person, other = a_person(role, the_city()), a_person(Role.LEADER)
    with pytest.raises(NotAllowed):
        actions.close_account(person=other, reason="x", by=person)


def test_a_form_offers_only_organisations_and_units_of_one_s_scope():
    a_person(Role.OFFICER, a_unit("Nam Ngạn"), full_name="Người Láng Giềng")
    client = a_client(a_person(Role.ADMINISTRATOR, a_unit("Hàm Rồng")))
    for url in ("/tai-khoan/", "/tai-khoan/them/", "/tai-khoan/them-co-quan/"):
        body = said(client.get(url))
        assert "Nam Ngạn" not in body and "Người Láng Giềng" not in body
        assert "Hàm Rồng" in body


def test_a_name_that_is_taken_comes_back_with_what_was_typed():
    administrator = a_person(Role.ADMINISTRATOR)
    taken = a_person(Role.LEADER)
    form = {
        "full_name": "Lê Thử", "organisation": administrator.organisation_id, "role": "leader",
        "username": taken.username,
    }  # fmt: skip
    response = a_client(administrator).post("/tai-khoan/them/", form)
    assert "đã có người dùng. Chọn tên khác." in said(response)
    assert 'value="Lê Thử"' in response.content.decode()


def test_nobody_closes_their_own_account():
    administrator = a_person(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="Không thể tự đóng"):
        actions.close_account(person=administrator, reason="x", by=administrator)
    assert (
        f"tai-khoan/{administrator.pk}/dong"
        not in a_client(administrator).get("/tai-khoan/").content.decode()
    )


def test_closing_asks_why_and_history_keeps_the_name():
    administrator = a_person(Role.ADMINISTRATOR)
    officer = a_person(Role.OFFICER, full_name="Lê Thị Đã Chuyển")
    household = a_household(by=officer)
    with pytest.raises(NotAllowed, match="Ghi lý do"):
        actions.close_account(person=officer, reason=" ", by=administrator)
    actions.close_account(person=officer, reason="chuyển việc", by=administrator)

    assert Person.objects.filter(pk=officer.pk, is_active=False).exists()
    colleague = a_client(a_person(Role.OFFICER))
    page = said(colleague.get(reverse("households:history", args=[household.pk])))
    assert "Lê Thị Đã Chuyển" in page


@pytest.mark.parametrize(
    ("role", "unit", "fits"),
    [
        (Role.OFFICER, "ward", True),
        (Role.OFFICER, "city", False),
        (Role.COORDINATOR, "city", True),
        (Role.COORDINATOR, "ward", False),
        (Role.VERIFIER, "ward", False),
        (Role.LEADER, "ward", True),
    ],
)
def test_a_role_fits_the_organisation_or_is_refused_with_the_reason(role, unit, fits):
    administrator = a_person(Role.ADMINISTRATOR)
    local = a_person(Role.OFFICER).organisation
    given = {
        "username": "le.thu", "full_name": "Lê Thử", "position": "", "role": role, "by": administrator,
        "organisation": local if unit == "ward" else administrator.organisation,
    }  # fmt: skip
    if fits:
        assert actions.add_person(**given)
        return
    with pytest.raises(NotAllowed, match="là vai trò của"):
        actions.add_person(**given)
    assert not Person.objects.filter(username="le.thu").exists()


# ---- doors


def test_every_route_has_a_door():
    assert every_route_has_a_door() == []
    assert len(list(routes())) > 45


def unguarded(_request: object) -> HttpResponse:
    return HttpResponse("mở toang")


urlpatterns = [
    path("khong-cua/", unguarded),
    path("co-cua/", open_to_everyone(unguarded)),
    path("dang-nhap/", open_to_everyone(unguarded)),
]


def test_a_route_without_a_door_fails_the_system_check(settings):
    settings.ROOT_URLCONF = __name__
    [problem] = every_route_has_a_door()
    assert problem.id == "accounts.E001"
    assert "khong-cua/" in problem.msg


def test_a_route_without_a_door_is_refused_while_serving(settings):
    settings.ROOT_URLCONF = __name__
    assert Client().get("/co-cua/").status_code == 200
    with pytest.raises(ImproperlyConfigured, match="does not say who may use it"):
        Client().get("/khong-cua/")


def test_the_middleware_asks_the_door_and_not_only_the_sign_in():
    guard = doors(lambda request: HttpResponse())
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=True, may=lambda what: False)
    assert guard.process_view(request, open_to_everyone(unguarded)) is None
    with pytest.raises(ImproperlyConfigured):
        guard.process_view(request, unguarded)


def test_every_role_has_its_permissions_and_every_permission_a_role():
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(May)


def test_only_these_pages_are_open_to_everyone():
    everyone = {pattern for pattern, view in routes() if view.door.everyone}
    assert (
        everyone
        == {
            "bao-nhan/<uuid:key>/",  # who got a paper by mail says so; the key in the mail stands for signing in
            "dang-nhap/",
            "dat-mat-khau/",
            "kiem-tra/",
            "kiem-tra/<str:code>/",  # whoever holds a paper may ask whether it is true; its figures ask for signing in
            "lap-he-thong/",
            "suc-khoe/",
            "thoi-han/lich/<str:key>.ics",  # a phone's calendar cannot sign in; its key stands in for that
        }
    )


def test_who_is_closed_may_do_nothing():
    person = a_person(Role.ADMINISTRATOR, is_active=False)
    assert [what for what in May if person.may(what)] == []


# ---- the menu


@pytest.mark.parametrize("unit", ["ward", "city"])
@pytest.mark.parametrize("role", Role)
def test_the_menu_shows_only_places_that_open(role, unit):
    an_outcome(plan=a_plan())
    person = a_person(role, a_unit() if unit == "ward" else the_city())
    client = a_client(person)
    request = RequestFactory().get("/")
    request.user, request.session = person, client.session
    request._messages = []
    frame = of_page(request)["frame"]
    assert 1 <= len(frame.menu) <= 6
    for place in [*frame.menu, *frame.thumb]:
        assert client.get(place.url).status_code == 200, place
    assert client.get("/", follow=True).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_the_first_page_opens_before_there_is_a_plan(role):
    client = a_client(a_person(role))
    assert client.get("/", follow=True).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_links_of_the_first_page_open(role):
    """Nobody is led to a door that is closed to them."""
    an_outcome(plan=a_plan())
    client = a_client(a_person(role))
    body = client.get("/", follow=True).content.decode()
    links = {link.partition("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', body)} - {""}
    assert len(links) >= 2
    shut = {
        link: code for link in links if (code := client.get(link.replace("&amp;", "&")).status_code) != 200
    }
    assert {link: code for link, code in shut.items() if not (link == "/" and code == 302)} == {}


# ---- what pages say and send


def _pages_outside() -> dict[str, HttpResponse]:
    person = a_person(password=PASSWORD)
    client, officer = Client(raise_request_exception=False), a_client(person)
    wrong = {"username": "", "code": "", "password": "", "again": ""}
    return {
        "sign in": client.get(SIGN_IN),
        "empty": try_in(client, "", ""),
        "wrong": try_in(client, person, "sai"),
        "long": try_in(client, "x" * 300, "y" * 300),
        "null": try_in(client, "a\x00b", "y"),
        "set password": client.get("/dat-mat-khau/"),
        "set nothing": client.post("/dat-mat-khau/", wrong),
        "set long": client.post("/dat-mat-khau/", dict.fromkeys(wrong, "z" * 300)),
        "404": officer.get("/khong-co-trang-nay/"),
        "404 outside": client.get("/khong-co-trang-nay/"),
        "403": officer.get("/tai-khoan/"),
    }


def test_pages_of_signing_in_and_of_errors_speak_no_english():
    pages = {name: said(page) for name, page in _pages_outside().items()}
    assert {name: found for name, text in pages.items() if (found := ENGLISH.findall(text))} == {}
    assert min(map(len, pages.values())) > 60


def test_founding_speaks_no_english():
    for response in (Client().get("/lap-he-thong/"), Client().post("/lap-he-thong/", {"unit": "khong-co"})):
        text = said(response)
        assert response.status_code == 200
        assert ENGLISH.findall(text) == []
        assert "Lập hệ thống" in text


def test_a_failure_is_told_in_vietnamese_without_details(monkeypatch):
    client = a_client(a_person(Role.ADMINISTRATOR))
    client.raise_request_exception = False
    monkeypatch.setattr(
        "tiepcan.accounts.models.OrganisationQuerySet.with_people_counted", lambda rows: 1 / 0
    )
    response = client.get("/tai-khoan/")
    assert response.status_code == 500
    text = said(response)
    assert "Chương trình gặp lỗi" in text
    assert "ZeroDivision" not in text and ENGLISH.findall(text) == []


def test_the_list_of_english_words_finds_django_s_own_sentences():
    assert ENGLISH.search("This field is required.")
    assert ENGLISH.search("Please enter a correct username")


def test_every_answer_carries_the_headers_that_protect_it():
    for name, response in _pages_outside().items():
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert "frame-ancestors 'none'" in policy, name
        assert response.headers["X-Content-Type-Options"] == "nosniff", name
        assert response.headers["Referrer-Policy"] == "same-origin", name
        assert response.headers["X-Frame-Options"] == "DENY", name


def test_no_cache_keeps_the_pages_of_somebody_who_signed_in():
    client = a_client(a_person(Role.OFFICER))
    for url in ("/", "/ho-ngheo/", "/ke-hoach/"):
        assert client.get(url).headers["Cache-Control"] == "private, no-store"


def test_pages_have_no_inline_style_or_script():
    pages = _pages_outside()
    an_outcome(plan=a_plan())
    client = a_client(a_person(Role.COORDINATOR))
    for url in ("/tong-quan/", "/ke-hoach/", "/ho-ngheo/", "/thoi-han/", "/giao-dien/"):
        pages[url] = client.get(url)
    inside = re.compile(r'<[^>]+\s(style|on[a-z]+)="|<style|<script(?![^>]*\ssrc=)')
    assert {n: m[0] for n, p in pages.items() if (m := inside.search(p.content.decode()))} == {}


def test_units_of_a_province_are_founded_with_its_own_names():
    """Since July 2025 the level above a ward is the province."""
    with clock.set_to(datetime(2025, 8, 1, 9, tzinfo=clock.VIETNAM)):
        names = [o.name for o in actions.make_organisations(Unit.objects.get(pk="tinh-thanh-hoa-38"))]
        wards = Unit.objects.get(pk="tinh-thanh-hoa-38").children.valid_on(clock.today()).count()
    assert names[0] == "UBND tỉnh Thanh Hóa"
    assert len(names) == 5 + wards
    assert wards > 1
