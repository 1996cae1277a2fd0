"""Jobs of the customers' area."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.customers.invitations import forget_old_invitations
from sportello.customers.queries import contact_by_address
from sportello.customers.sessions import forget_old_sessions
from sportello.customers.sign_in import forget_old_links
from sportello.intake.contact_mail import send_link


@app.task(name="sportello.portal.send_link")
def send_link_to(address: str, then: str, asked_at: str) -> None:
    """Send a way in, if a contact has this address and has not been withdrawn; else nothing happens. Done again, it sends no other."""
    contact = contact_by_address(address)
    if contact and contact.is_active:
        asked = datetime.fromisoformat(asked_at)
        send_link(contact=contact, address=address, then=then, asked_at=asked, now=clock.now())


@app.periodic(cron="27 4 * * *")
@app.task(name="sportello.portal.tidy", queueing_lock="sportello.portal.tidy", pass_context=False)
def tidy(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    forget_old_links(now=clock.now())
    forget_old_sessions()
    forget_old_invitations(now=clock.now())
