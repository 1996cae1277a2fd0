"""Who is calling, and whether they have proved it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from sportello.accounts.models import User
from sportello.core.replica import rows_of
from sportello.customers.models import Contact, ContactAddress
from sportello.telephone.enums import CallKind
from sportello.telephone.models import Call, Extension, OurNumber, PinCheck, SupportPin
from sportello.telephone.rules.numbers import FEWEST_DIGITS, is_number, national
from sportello.telephone.rules.pins import VERIFIED_FOR
from sportello.tickets.models import ON_THE_DESK, Ticket
from sportello.tickets.queries.search.words import part_of, pattern_of, terms_of

MOST = 12
MOST_NOW = 5
RINGS_FOR = timedelta(minutes=2)
"""A call whose end was never told rings no longer than this on the desk."""
SPEAKS_FOR = timedelta(hours=2)
# By the index of groups of three letters (ADR 18), each source to an end, so that "srl" costs no more than a whole name.
_BY_NAME = """
    WITH hit AS MATERIALIZED (
        (SELECT id AS contact, NULL::bigint AS customer FROM customers_contact
          WHERE sportello_trigrams(' ' || name || ' ') @> %(letters)s::text[]
            AND ' ' || lower(name) || ' ' LIKE ALL (%(patterns)s::text[]) LIMIT %(most)s)
        UNION ALL
        (SELECT contact_id, NULL FROM customers_contactaddress
          WHERE sportello_trigrams(' ' || address || ' ') @> %(letters)s::text[]
            AND ' ' || lower(address) || ' ' LIKE ALL (%(patterns)s::text[]) LIMIT %(most)s)
        UNION ALL
        (SELECT NULL, id FROM customers_customer
          WHERE sportello_trigrams(' ' || name || ' ') @> %(letters)s::text[]
            AND ' ' || lower(name) || ' ' LIKE ALL (%(patterns)s::text[]) LIMIT %(most)s)
        UNION ALL
        (SELECT NULL, customer_id FROM services_service
          WHERE sportello_trigrams(' ' || name || ' ') @> %(letters)s::text[]
            AND ' ' || lower(name) || ' ' LIKE ALL (%(patterns)s::text[]) LIMIT %(most)s)
        UNION ALL
        (SELECT NULL, id FROM customers_customer WHERE code = %(text)s))
    SELECT contact FROM hit WHERE contact IS NOT NULL
    UNION
    SELECT contact.id FROM customers_contact contact JOIN hit ON contact.customer_id = hit.customer
    UNION
    SELECT beside.contact_id FROM customers_membership beside JOIN hit ON beside.customer_id = hit.customer
"""
_BY_NUMBER = """
    (SELECT id FROM customers_contact
      WHERE sportello_trigrams(sportello_phone_digits(ARRAY[phone::text] || other_phones::text[])) @> %(letters)s::text[]
        AND sportello_phone_digits(ARRAY[phone::text] || other_phones::text[]) LIKE ALL (%(patterns)s::text[]) LIMIT %(most)s)
    UNION
    (SELECT contact.id FROM customers_contact contact JOIN customers_customer customer ON contact.customer_id = customer.id
      WHERE customer.code = %(text)s LIMIT %(most)s)
    UNION
    (SELECT beside.contact_id FROM customers_membership beside JOIN customers_customer customer ON beside.customer_id = customer.id
      WHERE customer.code = %(text)s LIMIT %(most)s)
"""


def callers_found(text: str) -> list[Contact]:
    """Who it may be, by a number or by a name of person, customer, domain or mail address; with customer and addresses, in three queries."""
    typed = text.strip()
    by_number = is_number(typed)
    parts = [national(typed)] if by_number else [part_of(term) for term in terms_of(typed)]
    found = _found(_BY_NUMBER if by_number else _BY_NAME, typed, parts)
    rows = Contact.objects.filter(pk__in=found, is_active=True).select_related("customer")
    addresses = Prefetch("addresses", ContactAddress.objects.order_by("-is_primary", "pk"))
    return list(rows.prefetch_related(addresses).order_by("name", "pk")[:MOST]) if found else []


def pin_until(contact: Contact, *, now: datetime) -> datetime | None:
    """Until when the contact's PIN is good; None when there is none."""
    return SupportPin.objects.filter(contact=contact, expires_at__gt=now).values_list("expires_at", flat=True).first()


def proof_of(contact: Contact, user: User, *, now: datetime) -> PinCheck | None:
    """The right PIN that this person has heard from the contact a moment ago, in a call that is not written down yet."""
    return _heard(contact, user, now).first()


def held_proof_of(contact: Contact, user: User, *, now: datetime) -> PinCheck | None:
    """The same, held until the transaction ends: of two calls that are taken down at the same moment one has it."""
    return _heard(contact, user, now).select_for_update(of=("self",), no_key=True).first()


def _heard(contact: Contact, user: User, now: datetime) -> QuerySet[PinCheck]:
    """Whoever has left since proves nothing any more."""
    lately = PinCheck.objects.filter(user=user, ticket=None, at__gt=now - VERIFIED_FOR, at__lte=now)
    return lately.filter(contact=contact, contact__is_active=True).order_by("-at")


def _found(statement: str, text: str, parts: list[str]) -> list[int]:
    if not parts:
        return []
    letters = sorted({part.lower()[place : place + 3] for part in parts for place in range(len(part) - 2)})
    patterns = [pattern_of(part.lower()) for part in parts]
    wanted = {"text": text, "letters": letters, "patterns": patterns, "most": 5 * MOST}
    return [pk for (pk,) in rows_of(statement, wanted)]


# -- what the telephone system tells -----------------------------------------------------------------------------------
def contact_of_number(number: str) -> Contact | None:
    """The one person whose number this is; None when nobody's, or when people of several customers have it."""
    digits = national(number)
    if len(digits) < FEWEST_DIGITS:
        return None
    found = [contact for contact in callers_found(number) if digits in map(national, contact.phones)]
    return found[0] if found and len({contact.customer_id or -contact.pk for contact in found}) == 1 else None


def extension_of(number: str) -> User | None:
    """Who is rung there."""
    found = (
        Extension.objects.select_related("user").filter(number=number, user__is_active=True).first() if number else None
    )
    return found.user if found else None


def extension_number(user: User) -> str:
    return Extension.objects.filter(user=user).values_list("number", flat=True).first() or ""


def open_call_back(digits: str) -> Ticket | None:
    """The ticket on the desk that a missed call from this number opened."""
    calls = Call.objects.filter(digits=digits, ticket__status__in=ON_THE_DESK, ticket__merged_into=None)
    latest = calls.select_related("ticket").order_by("-pk").first()
    return latest.ticket if latest else None


def calls_now(user: User, *, now: datetime) -> list[Call]:
    """What rings at this person's, or at nobody's in particular, and what they are answering; in one query."""
    rings = Q(state=CallKind.RINGING, changed_at__gt=now - RINGS_FOR) & (Q(user=user) | Q(user=None))
    speaks = Q(state=CallKind.ANSWERED, changed_at__gt=now - SPEAKS_FOR, user=user)
    rows = Call.objects.filter(rings | speaks, began_at__gt=now - SPEAKS_FOR)
    return list(rows.select_related("contact__customer").order_by("-began_at")[:MOST_NOW])


def latest_calls() -> list[Call]:
    """In one query."""
    rows = Call.objects.select_related("contact__customer", "ticket", "user").defer("ticket__search")
    return list(rows.order_by("-began_at")[:MOST])


def our_numbers() -> list[str]:
    """At which customers call us, in E.164, the one to call first."""
    return list(OurNumber.objects.values_list("number", flat=True))
