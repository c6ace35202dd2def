"""Pages of accounts."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts import actions
from tiepcan.accounts.doors import open_to, open_to_everyone, open_to_signed_in
from tiepcan.accounts.forms import (
    AddOrganisation,
    AddPerson,
    CloseAccount,
    Found,
    RenameOrganisation,
    SetPassword,
    SignIn,
)
from tiepcan.accounts.models import Organisation, Person
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.accounts.sign_in import authenticate
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.units.models import Unit
from tiepcan.web.page import page

_DEVICE = "device"
_A_YEAR = 365 * 24 * 60 * 60


@open_to_everyone
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home:home")
    if not Person.objects.exists():
        return redirect("accounts:found")
    form = SignIn(request.POST or None)
    if form.is_valid():
        device = request.get_signed_cookie(_DEVICE, default="") or ""
        try:
            person = authenticate(device=device, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            _begin_session(request, person)
            answer = redirect(_next(request))
            # Wrong passwords count for account and device together; this names the device and nobody's person.
            answer.set_signed_cookie(
                _DEVICE, device or secrets.token_urlsafe(16), max_age=_A_YEAR, httponly=True,
                secure=request.is_secure(), samesite="Lax",
            )  # fmt: skip
            return answer
    context = {
        "form": form,
        "sign_ins": settings.DEMONSTRATION_SIGN_INS,
        "password": settings.DEMONSTRATION_PASSWORD,
    }
    return page(request, "accounts/sign_in.html", context)


def _begin_session(request: HttpRequest, person: Person) -> None:
    """Sign somebody in until a fixed moment, however much is done meanwhile."""
    login(request, person)
    request.session.set_expiry(clock.later(timedelta(seconds=settings.SESSION_COOKIE_AGE)))


def _next(request: HttpRequest) -> str:
    """Where to go on: an address of ours that somebody was on the way to."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else "home:home"


@open_to_signed_in
@require_POST
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")


@open_to_everyone
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """A one-time code becomes a password."""
    form = SetPassword(request.POST or None, initial={"username": request.GET.get("tai-khoan", "")})
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_password(code=data["code"], username=data["username"], password=data["password"])
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Đã đặt mật khẩu. Mời anh/chị đăng nhập.")
            return redirect("accounts:sign_in")
    return page(request, "accounts/set_password.html", {"form": form})


@open_to_everyone
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """The very first page of an empty installation: its first administrator, with the code from the console."""
    if Person.objects.exists():
        return redirect("accounts:sign_in")
    form = Found(request.POST or None, units=Unit.objects.valid_on(clock.today()).having_units_below())
    if form.is_valid():
        data = form.cleaned_data
        try:
            person = actions.found_installation(
                code=data["code"],
                username=data["username"],
                full_name=data["full_name"],
                password=data["password"],
                unit=data["unit"],
            )
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            _begin_session(request, person)
            return redirect("accounts:people")
    return page(request, "accounts/found.html", {"form": form})


@open_to(May.KEEP_ACCOUNTS)
@require_safe
def people(request: Request) -> HttpResponse:
    context = {
        "people": Person.objects.visible_to(request.user).select_related("organisation__unit"),
        "organisations": Organisation.objects.visible_to(request.user)
        .select_related("unit")
        .with_people_counted(),
    }
    return page(request, "accounts/people.html", context)


@open_to(May.KEEP_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: Request) -> HttpResponse:
    form = AddPerson(request.POST or None, by=request.user)
    if form.is_valid():
        try:
            person, code = actions.add_person(by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error("username", str(problem))
        else:
            return page(request, "accounts/code.html", {"person": person, "code": code})
    return page(request, "accounts/add_person.html", {"form": form})


@open_to(May.KEEP_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_organisation(request: Request) -> HttpResponse:
    units = Unit.objects.within(request.user.unit).valid_on(clock.today())
    form = AddOrganisation(request.POST or None, units=units)
    if form.is_valid():
        try:
            organisation = actions.add_organisation(by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"Đã thêm {organisation.name}.")
            return redirect("accounts:people")
    return page(request, "accounts/add_organisation.html", {"form": form})


@open_to(May.KEEP_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def rename_organisation(request: Request, pk: int) -> HttpResponse:
    organisation = get_object_or_404(
        Organisation.objects.visible_to(request.user).select_related("unit"), pk=pk
    )
    form = RenameOrganisation(request.POST or None, initial={"name": organisation.name})
    if form.is_valid():
        try:
            actions.rename_organisation(organisation=organisation, by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, "Đã đổi tên.")
            return redirect("accounts:people")
    return page(request, "accounts/rename_organisation.html", {"form": form, "organisation": organisation})


@open_to(May.KEEP_ACCOUNTS)
@require_POST
def renew_code(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    try:
        code = actions.renew_code(person=person, by=request.user)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("accounts:people")
    return page(request, "accounts/code.html", {"person": person, "code": code})


@open_to(May.KEEP_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    form = CloseAccount(request.POST or None)
    if form.is_valid():
        try:
            actions.close_account(person=person, reason=form.cleaned_data["reason"], by=request.user)
        except NotAllowed as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã đóng tài khoản {person.username}.")
            return redirect("accounts:people")
    return page(request, "accounts/close_account.html", {"form": form, "person": person})
