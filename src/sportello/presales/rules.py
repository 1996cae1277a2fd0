"""How long things of the public form last, and what a person is not: quicker than one can write."""

from __future__ import annotations

from datetime import datetime, timedelta

ONE_MAIL_WITHIN = timedelta(hours=1)
LINK_LASTS = timedelta(hours=48)
ENQUIRY_KEPT = LINK_LASTS + ONE_MAIL_WITHIN
LINK_KEPT = timedelta(days=30)
MOST_WAITING = 3
"""Questions of one address that wait for its confirmation."""
WRITTEN_IN = timedelta(seconds=3)
FORM_LASTS = timedelta(days=1)


def may_be_a_person(*, begun_at: datetime, now: datetime) -> bool:
    """Whether a form was open long enough to be written in, and not so long ago that it was saved up."""
    return WRITTEN_IN <= now - begun_at <= FORM_LASTS


def link_goes_out(*, last_mail_at: datetime | None, now: datetime) -> datetime:
    """When: at once, or an hour after the last automatic mail to that address."""
    if last_mail_at is None or now - last_mail_at > ONE_MAIL_WITHIN:
        return now
    return last_mail_at + ONE_MAIL_WITHIN + timedelta(seconds=1)
