"""What the worker does for dates: it sends the day's reminders."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from tiepcan.accounts.console import CONSOLE
from tiepcan.common import clock
from tiepcan.reporting.reminders import AWAKE, remind

log = logging.getLogger(__name__)


@app.periodic(cron="5 * * * *")
@app.task(queue="reporting", queueing_lock="remind")
def remind_of_dates(timestamp: int) -> None:
    """Send what is due today. Each hour of the day, so that a machine which stood still tells it later; each once."""
    if not settings.MAIL_IS_SET_UP or clock.now().hour not in AWAKE:
        return
    done = remind(clock.today(), by=CONSOLE)
    log.info("reminders: %d sent, %d failed", len(done.sent), len(done.failed))
