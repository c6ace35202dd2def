"""Sending issued papers: what signs in here has it at once, mail goes by the worker, packages and copies by the clerk's hand."""

import logging
from collections.abc import Sequence
from email.mime.application import MIMEApplication

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from tiepcan.accounts.console import CONSOLE
from tiepcan.accounts.models import Person
from tiepcan.audit.acts import act
from tiepcan.common import clock
from tiepcan.common.refusals import NotAllowed
from tiepcan.paperwork.models import Dispatch, Document, WayOut
from tiepcan.paperwork.workflow import keeps_numbers

log = logging.getLogger(__name__)
NO_MAIL = "Chương trình chưa được đặt máy chủ thư."


def hand_out(document: Document) -> bool:
    """Let everybody who signs in here have a paper, and tell whether mail is to be sent. To be called inside an act."""
    ways = document.dispatches.filter(sent_at=None)
    ways.filter(way=WayOut.SYSTEM).update(sent_at=clock.now())
    by_mail = ways.filter(way=WayOut.MAIL)
    if not settings.MAIL_IS_SET_UP:
        by_mail.update(failure=NO_MAIL)
    return settings.MAIL_IS_SET_UP and by_mail.exists()


def mail(document: Document, address: str) -> tuple[int, int]:
    """Send a paper by mail to whoever gets it so and has it not: (sent, failed). What fails is written beside the recipient."""
    waiting = list(document.dispatches.filter(way=WayOut.MAIL, sent_at=None))
    results = [_mailed(document, dispatch, address) for dispatch in waiting]
    return results.count(True), results.count(False)


def _mailed(document: Document, dispatch: Dispatch, address: str) -> bool:
    try:
        _message(document, dispatch, _words(document, dispatch, address)).send()
    except OSError as problem:
        log.warning("paper %s was not mailed: %s", document.pk, type(problem).__name__)
        with act("recipient.sent", by=CONSOLE):
            Dispatch.objects.filter(pk=dispatch.pk).update(
                failure="Máy chủ thư không nhận. Xem lại địa chỉ rồi gửi lại."
            )
        return False
    with act("recipient.sent", by=CONSOLE):
        Dispatch.objects.filter(pk=dispatch.pk, sent_at=None).update(sent_at=clock.now(), failure="")
    return True


def _words(document: Document, dispatch: Dispatch, address: str) -> str:
    assert document.number is not None
    return (
        f"Kính gửi {dispatch.name},\n\n{document.body} gửi {document.kind_name.lower()} số {document.number.code} ngày "
        f"{document.number.issued_on:%d/%m/%Y}: {document.title}.\n\nĐã nhận được thì mở địa chỉ sau để báo nhận:\n"
        f"{address}{dispatch.key}/\n\nTiếp Cận"
    )


def _message(document: Document, dispatch: Dispatch, words: str) -> EmailMessage:
    assert document.number is not None
    message = EmailMessage(
        f"{document.number.code}: {document.title}"[:200],
        words,
        to=[dispatch.email],
        connection=get_connection(),
    )
    with document.pdf.open("rb") as file:
        part = MIMEApplication(file.read(), _subtype="pdf")
    part.add_header(
        "Content-Disposition",
        "attachment",
        filename=f"{document.number.number}-{document.number.issued_on.year}.pdf",
    )
    message.attach(part)
    return message


def remind(
    *, document: Document, dispatches: Sequence[Dispatch], address: str, by: Person
) -> tuple[int, int]:
    """Ask recipients who have not acknowledged to do so, once a day each: (asked, told today already).

    Who signs in here sees it on the page of incoming papers; who gets mail is mailed.
    """
    if not keeps_numbers(by, document):
        raise NotAllowed("Việc này là của văn thư của cơ quan ban hành.")
    today, asked, known = clock.today(), 0, 0
    with act("recipient.reminded", by=by):
        for one in dispatches:
            if one.acknowledged_at or one.sent_at is None:
                continue
            if one.reminded_at and one.reminded_at.astimezone(clock.VIETNAM).date() == today:
                known += 1
                continue
            if one.way == WayOut.MAIL:
                if not settings.MAIL_IS_SET_UP:
                    raise NotAllowed(f"{NO_MAIL} Gọi điện cho {one.name}.")
                try:
                    _message(document, one, "Nhắc báo nhận. " + _words(document, one, address)).send()
                except OSError:
                    Dispatch.objects.filter(pk=one.pk).update(failure="Chưa gửi được thư nhắc; thử lại sau.")
                    continue
            Dispatch.objects.filter(pk=one.pk).update(reminded_at=clock.now())
            asked += 1
    return asked, known
