"""Pages of the address book."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiepcan.accounts.doors import open_to
from tiepcan.accounts.requests import Request
from tiepcan.accounts.roles import May
from tiepcan.common.refusals import NotAllowed, Stale
from tiepcan.paperwork import contacts as actions
from tiepcan.paperwork.bodies import bodies_of
from tiepcan.paperwork.forms.contacts import AddContact, ChangeContact, EndContact
from tiepcan.paperwork.models.contacts import Contact
from tiepcan.web.page import page


@open_to(May.KEEP_REGISTERS)
@require_safe
def contacts(request: Request) -> HttpResponse:
    """The address books that the person keeps; those that ended at the end."""
    found = list(Contact.objects.visible_to(request.user).select_related("body"))
    context = {
        "contacts": [one for one in found if not one.ended_on],
        "ended": [one for one in found if one.ended_on],
        "several": len({one.body_id for one in found}) > 1,
    }
    return page(request, "paperwork/contacts.html", context)


@open_to(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_contact(request: Request) -> HttpResponse:
    form = AddContact(request.POST or None, bodies=bodies_of(request.user))
    if form.is_valid():
        try:
            made = actions.add(by=request.user, **form.cleaned_data)
        except NotAllowed as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"Đã thêm {made.name} vào sổ địa chỉ.")
            return redirect("paperwork:contacts")
    return page(request, "paperwork/add_contact.html", {"form": form})


@open_to(May.KEEP_REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Change an address; one that somebody else changed meanwhile comes back with their version beside it."""
    found = _contact(request, pk)
    names = ("name", "email", "organ_id", "note", "version")
    form = ChangeContact(request.POST or None, initial={name: getattr(found, name) for name in names})
    theirs = None
    if form.is_valid():
        try:
            actions.change(contact=found, by=request.user, **form.cleaned_data)
        except Stale as problem:
            form.add_error(None, str(problem))
            theirs = found
            # Sending again is a choice made with open eyes.
            typed = request.POST.copy()
            typed["version"] = str(found.version)
            form.data = typed
        except NotAllowed as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"Đã sửa địa chỉ {found.name}.")
            return redirect("paperwork:contacts")
    context = {"contact": found, "form": form, "theirs": theirs}
    return page(request, "paperwork/contact.html", context)


@open_to(May.KEEP_REGISTERS)
@require_POST
def end_contact(request: Request, pk: uuid.UUID) -> HttpResponse:
    found = _contact(request, pk)
    form = EndContact(request.POST)
    if not form.is_valid():
        messages.error(request, "Biểu mẫu thiếu phần của hệ thống. Mở lại trang này rồi bấm lại.")
        return redirect("paperwork:contact", pk)
    try:
        actions.end(contact=found, by=request.user, **form.cleaned_data)
    except NotAllowed as problem:
        messages.error(request, str(problem))
        return redirect("paperwork:contact", pk)
    messages.success(request, f"{found.name} thôi dùng. Địa chỉ vẫn còn trong sổ.")
    return redirect("paperwork:contacts")


def _contact(request: Request, pk: uuid.UUID) -> Contact:
    return get_object_or_404(Contact.objects.visible_to(request.user).select_related("body"), pk=pk)
