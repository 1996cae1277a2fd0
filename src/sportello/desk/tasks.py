"""Jobs of the staff desk."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from sportello.accounts.queries import staff_by_address
from sportello.core import clock
from sportello.desk.staff_mail import send_password_link


@app.task(name="sportello.desk.send_password_link")
def send_password_link_to(email: str, asked_at: str) -> None:
    """Send a link to set a password, if there is an active account with this address; else nothing happens. Done again, it sends no other."""
    user = staff_by_address(email)
    if user:
        send_password_link(user=user, asked_at=datetime.fromisoformat(asked_at), now=clock.now())
