"""What the worker does with papers: it mails what was issued, who is asked again, and what was recalled."""

import logging
from uuid import UUID

from procrastinate.contrib.django import app

from tiepcan.paperwork import sending
from tiepcan.paperwork.models import Document

log = logging.getLogger(__name__)


@app.task(queue="paperwork")
def send_mail(*, key: str, site: str) -> None:
    """Mail one paper to its recipients by mail."""
    sent, failed = sending.mail(_paper(key), site)
    log.info("paper %s: %d mailed, %d failed", key, sent, failed)


@app.task(queue="paperwork")
def send_reminders(*, key: str, dispatches: list[int], site: str) -> None:
    """Mail those who were asked to acknowledge a paper."""
    log.info("paper %s: %d reminded", key, sending.mail_reminders(_paper(key), dispatches, site))


@app.task(queue="paperwork")
def tell_recalled(*, key: str) -> None:
    """Mail those who got a paper by mail that it was recalled."""
    log.info("paper %s: %d told of its recall", key, sending.mail_recall(_paper(key)))


def _paper(key: str) -> Document:
    return Document.objects.select_related("body", "number__register").get(pk=UUID(key))
