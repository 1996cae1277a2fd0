"""Housekeeping of sign-in, once an hour."""

from __future__ import annotations

from django.core.management import call_command
from procrastinate.contrib.django import app

from sportello.accounts import limits
from sportello.core import clock


@app.periodic(cron="17 * * * *")
@app.task(name="sportello.accounts.tidy", queueing_lock="sportello.accounts.tidy", pass_context=False)
def tidy(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    """Remove counts and sessions that are over."""
    limits.forget_old(now=clock.now())
    call_command("clearsessions")
