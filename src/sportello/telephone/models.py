"""Support PINs, who proved with one who is calling, and the calls that a telephone system tells of [reach.phone]."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from sportello.core.ids import public_id
from sportello.customers.models import Contact
from sportello.telephone.enums import CallKind
from sportello.tickets.models import Ticket

USER = settings.AUTH_USER_MODEL


class OurNumber(models.Model):
    """A number at which customers call us, in E.164; the first is the one to call."""

    number = models.CharField(max_length=20, unique=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.number


class SupportPin(models.Model):
    """Six digits that a contact reads in the customer area and says on the telephone. Only a keyed hash is kept."""

    PROVES_A_CONTACT: ClassVar = True
    """It goes with whoever is withdrawn (`customers/sessions.py`)."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="+")
    keyed_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contact} until {self.expires_at:%Y-%m-%d %H:%M}"


class PinCheck(models.Model):
    """A PIN that was said and was right. `ticket` is what the call led to."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contact", "user", "-at"], name="pin_check_of_call")]

    def __str__(self) -> str:
        return f"{self.contact} at {self.at:%Y-%m-%d %H:%M}"


class Extension(models.Model):
    """The number at which a member of staff is rung by the telephone system."""

    user = models.OneToOneField(USER, models.CASCADE, related_name="+")
    number = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return f"{self.number}: {self.user}"


class Call(models.Model):
    """A call of the telephone system's. `contact` is whose number shows: anybody can show any number, so it proves nothing."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    system_id = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=40, blank=True)
    digits = models.CharField(max_length=40, blank=True)  # rules.national of the number
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+"
    )  # whose telephone rings, or who answered
    state = models.CharField(max_length=8, choices=CallKind.choices)
    began_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")  # a missed call's

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-began_at"], name="call_newest"),
            models.Index(fields=["digits"], condition=models.Q(ticket__isnull=False), name="call_to_return"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.began_at:%Y-%m-%d %H:%M}"


class CallEvent(models.Model):
    """What was told of a call, each once."""

    event_id = models.CharField(max_length=64, unique=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=8, choices=CallKind.choices)
    extension = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
