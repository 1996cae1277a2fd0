"""What the telephone system tells becomes a call that the desk shows, and a missed one a ticket to call back [reach.phone]."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core import live
from sportello.core.errors import Refused
from sportello.customers.actions import meet_caller
from sportello.intake.actions import Request, open_request
from sportello.telephone.enums import CallKind
from sportello.telephone.models import Call, CallEvent, Extension
from sportello.telephone.queries import contact_of_number, extension_of, open_call_back
from sportello.telephone.rules.events import Told
from sportello.telephone.rules.numbers import national
from sportello.tickets.actions import Content, add_message
from sportello.tickets.enums import Author, Channel
from sportello.tickets.models import Ticket
from sportello.tickets.reasons import TicketReason

_OVER = (CallKind.ENDED, CallKind.MISSED)
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('sportello.call:' || %s, 0))"
_OF_NUMBER = "number {}"
"""No id of a call holds a blank: who calls back one number waits for nobody whose call has it for its id."""


def hear(*, told: Told, now: datetime) -> Call | None:
    """One event of a call. None, with nothing written, when it was told before."""
    try:
        with transaction.atomic():
            call = _call_of(told, now)
            CallEvent.objects.create(event_id=told.event, call=call, kind=told.kind, extension=told.extension, at=now)
            _go_on(call, told, now)
            live.publish("call", call=str(call.public_id))
    except IntegrityError:
        return None
    return call


def set_extension(*, user: User, number: str) -> None:
    """At which number this person is rung; empty for none. Raises Refused("extension-taken")."""
    check_can_write(user)
    with transaction.atomic():
        if not number:
            Extension.objects.filter(user=user).delete()
            return
        try:
            with transaction.atomic():
                Extension.objects.update_or_create(user=user, defaults={"number": number})
        except IntegrityError:
            raise Refused("extension-taken", _("Somebody else is rung at this number.")) from None


def _call_of(told: Told, now: datetime) -> Call:
    """The call, locked; made by the first that is told of it."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [told.call])
    known = Call.objects.filter(system_id=told.call).first()
    if known is not None:
        return known
    return Call.objects.create(
        system_id=told.call,
        number=told.number,
        digits=national(told.number),
        contact=contact_of_number(told.number),
        user=extension_of(told.extension),
        state=told.kind,
        began_at=now,
        changed_at=now,
    )


def _go_on(call: Call, told: Told, now: datetime) -> None:
    """Events may come in any order: what is over rings no more, and what was answered was not missed."""
    answered = call.state == CallKind.ANSWERED or call.events.filter(kind=CallKind.ANSWERED).exists()
    is_over = call.state in _OVER and call.state != told.kind
    if is_over or (answered and told.kind in (CallKind.RINGING, CallKind.MISSED)):
        return
    call.state, call.changed_at = told.kind, now
    if told.kind in (CallKind.RINGING, CallKind.ANSWERED):
        call.user = extension_of(told.extension)
    if told.kind == CallKind.MISSED and call.digits and call.ticket is None:
        call.ticket = _call_back(call, now)
    call.save(update_fields=["state", "changed_at", "user", "ticket"])


def _call_back(call: Call, now: datetime) -> Ticket:
    """One for each number while it is open: who tries again is told of in it."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [_OF_NUMBER.format(call.digits)])
    standing = open_call_back(call.digits)
    if standing is None:
        return _open(call, now)
    with translation.override(standing.language):
        text = _("Called again from %(number)s at %(time)s, and nobody answered.") % _said(call, now)
    add_message(ticket=standing, text=text, now=now, channel=Channel.PHONE, author=Author.ROBOT, is_automatic=True)
    return standing


def _open(call: Call, now: datetime) -> Ticket:
    contact = call.contact or meet_caller(name="", phone=call.number, language=settings.LANGUAGE_CODE)
    with translation.override(contact.language):
        subject = _("Call back %(number)s") % _said(call, now)
        text = _("Called from %(number)s at %(time)s, and nobody answered.") % _said(call, now)
    request = Request(
        subject=subject,
        text=text,
        contact=contact,
        channel=Channel.PHONE,
        reasons=([str(TicketReason.MISSED_CALL), {}],),
        content=Content(is_unverified=True),
    )
    return open_request(request=request, now=now)


def _said(call: Call, now: datetime) -> dict[str, str]:
    return {"number": call.number, "time": date_format(timezone.localtime(now), "H:i")}
