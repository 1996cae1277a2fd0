"""What was said in tickets, with its files, what happened, and what is being written.

Public messages and internal notes are two tables: whatever reads for a customer can only reach the first.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from sportello.core.ids import public_id
from sportello.customers.models import Contact
from sportello.mail.models import InboundMail, OutboundMail
from sportello.tickets.enums import Author, Channel, DraftKind
from sportello.tickets.models.searching import SPAN_OF_TEXTS, WordsInSpans, searchable
from sportello.tickets.models.ticket import USER, Ticket
from sportello.tickets.told import said_in


class Message(models.Model):
    """A public message: what the customer wrote or reads."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages", db_index=False)
    author = models.CharField(max_length=8, choices=Author.choices)
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    text = models.TextField()  # the whole text
    fresh_text = models.TextField(blank=True)  # the new part, when quotes or a signature were found; else empty
    html = models.TextField(blank=True)  # sanitised at intake
    sanitiser_version = models.PositiveSmallIntegerField(default=0)
    extra = models.JSONField(default=dict)  # invitation, certified mail, problems: shown beside the text
    is_automatic = models.BooleanField(default=False)  # a robot wrote it, ours or theirs: stops no clock
    is_unverified = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    inbound = models.OneToOneField(InboundMail, models.PROTECT, null=True, related_name="message")
    outbound = models.OneToOneField(OutboundMail, models.PROTECT, null=True, related_name="message")
    search = searchable("text")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ticket", "created_at", "id"], name="message_of_ticket"),
            GinIndex(WordsInSpans(SPAN_OF_TEXTS), fastupdate=False, name="message_words"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"

    @property
    def shown_text(self) -> str:
        return self.fresh_text or self.as_read

    @property
    def as_read(self) -> str:
        """The whole text, in the language of whoever reads it where a program wrote it."""
        return said_in(self.extra, self.text)


class Note(models.Model):
    """An internal note: staff only, never in a reader that a customer reaches."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="notes", db_index=False)
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()
    search = searchable("text")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ticket", "created_at", "id"], name="note_of_ticket"),
            GinIndex(WordsInSpans(SPAN_OF_TEXTS), fastupdate=False, name="note_words"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Attachment(models.Model):
    """A file of a message, a note or a draft. The bytes lie under their sha256 in the file store (core.files)."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="attachments")
    note = models.ForeignKey(Note, models.CASCADE, null=True, related_name="attachments")
    draft = models.ForeignKey("Draft", models.SET_NULL, null=True, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    content_id = models.CharField(max_length=250, blank=True)
    is_inline = models.BooleanField(default=False)
    preview_sha256 = models.CharField(max_length=64, blank=True)  # a re-encoded image of our own making

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(message__isnull=False, note__isnull=False), name="attachment_public_or_internal"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """What happened, who did it, when. Append-only: the database refuses UPDATE and DELETE."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)  # tickets.enums.EventKind
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ticket", "at", "id"], name="event_of_ticket")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class Draft(models.Model):
    """What an agent is writing: saved as they type, survives a crash and another's reply."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=DraftKind.choices)
    text = models.TextField(blank=True)
    base_version = models.PositiveIntegerField()
    updated_at = models.DateTimeField()
    tab = models.CharField(max_length=40, blank=True)
    """Which open page saved it last: another one must not write over it unawares."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "user", "kind"], name="one_draft_a_kind"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class RequestDraft(models.Model):
    """What a contact is writing on the page for a new request: saved as they type, one each. Nothing in it is checked before it is sent."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="+")
    service = models.CharField(max_length=40, blank=True)  # what was chosen on the page
    claim = models.CharField(max_length=10, blank=True)
    text = models.TextField(blank=True)
    sealed = models.BinaryField(null=True)  # core.sealing: the text, as long as it seems to hold a secret
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class HeldFile(models.Model):
    """A file that a contact chose for something not sent yet: kept while the page asks again, for a day at most."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    held_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
