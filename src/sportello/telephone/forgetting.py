"""Calls forgotten: of a person, or because they are old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from sportello.customers.models import Contact
from sportello.telephone.models import Call
from sportello.telephone.rules.numbers import national


def calls_of(contact: Contact, numbers: Iterable[str]) -> QuerySet[Call]:
    return Call.objects.filter(Q(contact=contact) | Q(digits__in=[national(number) for number in numbers]))


def forget_calls(contact: Contact, numbers: Iterable[str]) -> int:
    """That there was a call stays, with nobody's number."""
    return calls_of(contact, numbers).update(number="", digits="", contact=None)


def calls_before(moment: datetime) -> QuerySet[Call]:
    return Call.objects.filter(began_at__lt=moment)
