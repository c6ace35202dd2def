"""Sending issued papers: what signs in here has it at once, mail goes by the worker, packages and copies by the clerk's hand."""

import logging
from email.mime.application import MIMEApplication

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet
from django.urls import reverse

from tiepcan.accounts.console import CONSOLE
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.models import Dispatch, Document, WayOut

log = logging.getLogger(__name__)
NO_MAIL = "Chương trình chưa được đặt máy chủ thư."


def by_mail(document: Document) -> QuerySet[Dispatch]:
    """The recipients of a paper who get it by mail."""
    return document.dispatches.filter(way=WayOut.MAIL)


def hand_out(document: Document) -> bool:
    """Let everybody who signs in here have a paper, and tell whether mail is to be sent. To be called inside an act."""
    document.dispatches.filter(way=WayOut.SYSTEM, sent_at=None).update(sent_at=clock.now())
    waiting = by_mail(document).filter(sent_at=None)
    if not settings.MAIL_IS_SET_UP:
        waiting.update(failure=NO_MAIL)
    return settings.MAIL_IS_SET_UP and waiting.exists()


def mail(document: Document, site: str) -> tuple[int, int]:
    """Send a paper by mail to whoever gets it so and has it not: (sent, failed). What fails is written beside the recipient."""
    sent = failed = 0
    for one in by_mail(document).filter(sent_at=None):
        if _handed_over(
            document, one, _words(document, one, site), "Máy chủ thư không nhận. Xem lại địa chỉ rồi gửi lại."
        ):
            with act("recipient.sent", by=CONSOLE):
                Dispatch.objects.filter(pk=one.pk, sent_at=None).update(sent_at=clock.now(), failure="")
            sent += 1
        else:
            failed += 1
    return sent, failed


def asked_again(document: Document) -> tuple[list[Dispatch], int]:
    """Recipients who have the paper and are asked today to acknowledge it, and how many were asked today already. To be called inside an act."""
    today, asked, known = clock.today(), [], 0
    for one in document.dispatches.select_for_update().filter(acknowledged_at=None).exclude(sent_at=None):
        if one.reminded_at and one.reminded_at.astimezone(clock.VIETNAM).date() == today:
            known += 1
            continue
        if one.way == WayOut.MAIL and not settings.MAIL_IS_SET_UP:
            raise NotAllowed(f"{NO_MAIL} Gọi điện cho {one.name}.")
        asked.append(one)
    document.dispatches.filter(pk__in=[one.pk for one in asked]).update(reminded_at=clock.now())
    return asked, known


def mail_reminders(document: Document, dispatches: list[int], site: str) -> int:
    """Mail those who were asked again; how many the mail server took."""
    return sum(
        _handed_over(
            document,
            one,
            "Nhắc báo nhận. " + _words(document, one, site),
            "Chưa gửi được thư nhắc; thử lại sau.",
        )
        for one in by_mail(document).filter(pk__in=dispatches, acknowledged_at=None)
    )


def mail_recall(document: Document) -> int:
    """Tell everybody who got a paper by mail that it was recalled; how many the mail server took."""
    assert document.number is not None
    said = (
        f"{document.body} thu hồi {document.kind_name.lower()} số {document.number.code} ngày "
        f"{document.number.issued_on:%d/%m/%Y}. Lý do: {document.number.reason}\n\nTiếp Cận"
    )
    told = by_mail(document).exclude(sent_at=None)
    return sum(
        _handed_over(
            document, one, f"Kính gửi {one.name},\n\n{said}", "Chưa báo được việc thu hồi.", attached=False
        )
        for one in told
    )


def _handed_over(
    document: Document, one: Dispatch, words: str, failure: str, *, attached: bool = True
) -> bool:
    """Whether the mail server took a message; if not, the failure is written beside the recipient."""
    try:
        _message(document, one, words, attached=attached).send()
    except OSError as problem:
        log.warning("paper %s was not mailed: %s", document.pk, type(problem).__name__)
        with act("recipient.sent", by=CONSOLE):
            Dispatch.objects.filter(pk=one.pk).update(failure=failure)
        return False
    return True


def _words(document: Document, dispatch: Dispatch, site: str) -> str:
    assert document.number is not None
    return (
        f"Kính gửi {dispatch.name},\n\n{document.body} gửi {document.kind_name.lower()} số {document.number.code} ngày "
        f"{document.number.issued_on:%d/%m/%Y}: {document.title}.\n\nĐã nhận được thì mở địa chỉ sau để báo nhận:\n"
        f"{site}{reverse('paperwork:acknowledge', args=[dispatch.key])}\n\nTiếp Cận"
    )


def _message(document: Document, dispatch: Dispatch, words: str, *, attached: bool) -> EmailMessage:
    assert document.number is not None
    subject = (
        f"{document.number.code}: {document.title}" if attached else f"Thu hồi văn bản {document.number.code}"
    )
    message = EmailMessage(subject[:200], words, to=[dispatch.email], connection=get_connection())
    if attached:
        kept = document.scan or document.pdf
        with kept.open("rb") as file:
            part = MIMEApplication(file.read(), _subtype="pdf")
        name = f"{document.number.number}-{document.number.issued_on.year}.pdf"
        part.add_header("Content-Disposition", "attachment", filename=name)
        message.attach(part)
    return message
