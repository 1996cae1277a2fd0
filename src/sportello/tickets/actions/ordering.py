"""What cannot be undone is asked for, and confirmed or refused in the customer area by somebody who has that right [reach.phone]."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sportello.accounts import actions as accounts
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.customers.queries import rights_at
from sportello.tickets import notifications
from sportello.tickets.actions.answering import add_message
from sportello.tickets.actions.changing import changing, check_not_merged, lock, lock_ticket_of, record
from sportello.tickets.enums import Author, Channel, EventKind, OrderKind, OrderState
from sportello.tickets.models import Order, Ticket
from sportello.tickets.permissions import check_can_write
from sportello.tickets.queries.ordering import who_may_order
from sportello.tickets.rules import storable

ORDER_LASTS = timedelta(days=7)
ORDER_LENGTH = 2_000
_TOLD = {
    OrderState.CONFIRMED: (EventKind.ORDER_CONFIRMED, Act.ORDER_CONFIRMED),
    OrderState.REFUSED: (EventKind.ORDER_REFUSED, Act.ORDER_REFUSED),
    OrderState.WITHDRAWN: (EventKind.ORDER_WITHDRAWN, Act.ORDER_WITHDRAWN),
}


def put_up(
    *,
    ticket: Ticket,
    kind: OrderKind,
    text: str,
    now: datetime,
    address: str | None,
    by: User | None = None,
    contact: Contact | None = None,
) -> Order:
    """Asks the customer to confirm what cannot be undone; by mail everybody who may is told. Staff put it up, or a `contact`.

    The same that waits already is not asked for again, by a double click or in a second window: what was done once must not be confirmed twice.

    Raises Refused("empty"), ("no-customer-yet"), ("nobody-may-order").
    """
    check_can_write(by)
    what = storable(text, ORDER_LENGTH).strip()
    if not what:
        raise Refused("empty", _("Write what exactly is to be done."))
    with transaction.atomic():
        lock(ticket)
        check_not_merged(ticket)
        if ticket.customer is None:
            raise Refused("no-customer-yet", _("First say whose this ticket is."))
        deciders = who_may_order(ticket.customer)
        if not deciders:
            raise Refused(
                "nobody-may-order",
                _("Nobody of this customer has the right to confirm it. Give it on a person's page first."),
            )
        waiting = ticket.orders.filter(kind=kind, text=what, state=OrderState.ASKED, expires_at__gt=now).first()
        if waiting is not None:
            return waiting
        order = Order.objects.create(
            ticket=ticket,
            customer=ticket.customer,
            kind=kind,
            text=what,
            asked_by=by,
            asked_by_contact=contact,
            asked_at=now,
            expires_at=now + ORDER_LASTS,
        )
        _say(
            ticket,
            gettext_lazy("This needs a confirmation in the customer area, by somebody with that right: %(what)s"),
            order,
            now,
        )
        _record(order, EventKind.ORDER_ASKED, Act.ORDER_ASKED, by=by, contact=contact, now=now, address=address)
        notifications.order_asked(order=order, deciders=deciders, now=now)
    return order


def decide(*, order: Order, contact: Contact, confirmed: bool, now: datetime, address: str | None) -> None:
    """Confirms or refuses it; the answer stands in the ticket like any message of the customer's, and its clock runs.

    Raises Refused("may-not-order"), ("order-over").
    """
    state = OrderState.CONFIRMED if confirmed else OrderState.REFUSED
    with transaction.atomic():
        ticket = lock_ticket_of(order)
        check_may_order(contact, order)  # now: the right may have been taken away while one waited
        _settle(order, state, now, contact=contact)
        with translation.override(ticket.language):
            words = _("Confirmed: %(what)s") if confirmed else _("Refused: %(what)s")
            text = words % {"what": what_is_asked(order)}
        add_message(ticket=ticket, text=text, now=now, channel=Channel.PORTAL, contact=contact)
        _record(order, *_TOLD[state], contact=contact, now=now, address=address)


def withdraw(*, order: Order, by: User, now: datetime, address: str | None) -> None:
    """Staff take it back while nobody has decided. Raises Refused("order-over")."""
    check_can_write(by)
    with transaction.atomic():
        lock_ticket_of(order)
        _take_back(order, by=by, now=now, address=address)


def withdraw_all(*, ticket: Ticket, by: User | None, now: datetime) -> None:
    """Before a locked ticket is said to be somebody else's: the people of its customer decide nothing there any more."""
    for order in ticket.orders.filter(state=OrderState.ASKED, expires_at__gt=now).select_related("customer"):
        order.ticket = ticket
        _take_back(order, by=by, now=now, address=None)


def check_may_order(contact: Contact, order: Order) -> None:
    """Raises Refused("may-not-order")."""
    rights = rights_at(contact, order.customer_id)
    if rights is None or not rights.may_order or not contact.is_active:
        raise Refused("may-not-order", _("This can be confirmed by other people of this customer."))


def _take_back(order: Order, *, by: User | None, now: datetime, address: str | None) -> None:
    _settle(order, OrderState.WITHDRAWN, now)
    _say(order.ticket, gettext_lazy("No confirmation is needed any more: %(what)s"), order, now)
    _record(order, *_TOLD[OrderState.WITHDRAWN], by=by, now=now, address=address)


def what_is_asked(order: Order) -> str:
    return f"{OrderKind(order.kind).label}\n{order.text}"


def _settle(order: Order, state: OrderState, now: datetime, *, contact: Contact | None = None) -> None:
    """Once: of two who decide at the same moment one is told that it is over."""
    waiting = Order.objects.filter(pk=order.pk, state=OrderState.ASKED, expires_at__gt=now)
    if waiting.update(state=state, decided_by=contact, decided_at=now) != 1:
        raise Refused("order-over", _("This was decided already, taken back, or waited for more than a week."))
    order.refresh_from_db(fields=["state", "decided_by", "decided_at"])


def _say(ticket: Ticket, words: Promise, order: Order, now: datetime) -> None:
    """In the conversation, where both sides read it; no mail, and no clock is touched."""
    with translation.override(ticket.language):
        text = str(words) % {"what": what_is_asked(order)}
    add_message(ticket=ticket, text=text, now=now, channel=Channel.DESK, author=Author.ROBOT, is_automatic=True)


def _record(
    order: Order,
    kind: EventKind,
    act: Act,
    *,
    now: datetime,
    address: str | None,
    by: User | None = None,
    contact: Contact | None = None,
) -> None:
    with changing(order.ticket, now=now) as ticket:
        record(ticket, kind, now=now, by=by, contact=contact, order=str(order.public_id), what=order.kind)
    detail = {"kind": order.kind, "ticket": ticket.number, **({"contact": contact.name} if contact else {})}
    accounts.record(
        act=act, subject=order.customer.name, by=by, now=now, address=address, detail=detail, about=order.customer
    )
