"""What the worker does with papers: it mails what was issued."""

import logging
from uuid import UUID

from procrastinate.contrib.django import app

from tiepcan.paperwork import sending
from tiepcan.paperwork.models import Document

log = logging.getLogger(__name__)


@app.task(queue="paperwork")
def send_mail(*, key: str, address: str) -> None:
    """Mail one paper to its recipients by mail."""
    document = Document.objects.select_related("body", "number__register").get(pk=UUID(key))
    sent, failed = sending.mail(document, address)
    log.info("paper %s: %d mailed, %d failed", document.pk, sent, failed)
