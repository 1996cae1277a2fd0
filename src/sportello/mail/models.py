"""Mail in and mail out as rows. Knows nothing of tickets: those point here."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from sportello.core.ids import public_id
from sportello.mail.enums import (
    LEADS_IN,
    Door,
    ImapMode,
    ImapTrouble,
    InboundState,
    OutboundKind,
    OutboundState,
    Purpose,
)


class Mailbox(models.Model):
    """An address of the provider's that Sportello answers for."""

    address = models.CharField(_("address"), max_length=254, unique=True)
    aliases = ArrayField(models.CharField(max_length=254), default=list, blank=True, verbose_name=_("other addresses"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.SUPPORT)
    display_name = models.CharField(_("sender name"), max_length=120)
    signature_it = models.TextField(_("signature in Italian"), blank=True)
    signature_en = models.TextField(_("signature in English"), blank=True)
    authserv_id = models.CharField(_("our mail server's name in Authentication-Results"), max_length=253, blank=True)
    accepts_without_result = models.BooleanField(_("mail without any result is accepted"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "address"]

    def __str__(self) -> str:
        return self.address


class ImapAccount(models.Model):
    """A mailbox fetched by IMAP. The cursor is UIDVALIDITY and the last UID stored; the flag Seen means nothing here.

    The password is not a column: `secret` names the setting SPORTELLO_SECRET_<secret> (or its _FILE).
    """

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="imap_accounts")
    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(_("port"), default=993)
    tls = models.BooleanField("TLS", default=True)
    username = models.CharField(_("user name"), max_length=254)
    secret = models.CharField(_("name of the password setting"), max_length=60)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    mode = models.CharField(_("mode"), max_length=10, choices=ImapMode.choices, default=ImapMode.PREVIEW)
    since = models.DateField(_("mails from this day on"))
    uidvalidity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    connected_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "port", "username", "folder"], name="imap_folder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.username}@{self.host}/{self.folder}"

    @property
    def trouble(self) -> ImapTrouble | None:
        """Why it fails, while it does."""
        if self.failing_since is None:
            return None
        return ImapTrouble(self.last_error) if self.last_error in ImapTrouble else ImapTrouble.REFUSED


class RawMail(models.Model):
    """The bytes as they came, for ever, once for each content."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    size = models.BigIntegerField()

    def __str__(self) -> str:
        return self.sha256[:12]


class InboundMail(models.Model):
    """One mail for one mailbox, whatever door and however often it came.

    `fingerprint` is the sha256 of the mail without the trace headers that transport adds, so that the copy by LMTP and the copy by IMAP are one,
    while two different mails under one Message-ID are two.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="inbound", db_index=False)
    raw = models.ForeignKey(RawMail, models.PROTECT, related_name="+")
    door = models.CharField(max_length=5, choices=Door.choices)
    fingerprint = models.CharField(max_length=64)
    message_id = models.CharField(max_length=998, blank=True)
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.CharField(max_length=320, blank=True)
    imap_uid = models.BigIntegerField(null=True)
    answers_allowed = models.BooleanField(default=True)  # False for mail taken in "receive only"
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=InboundState.choices, default=InboundState.RECEIVED)
    priority = models.SmallIntegerField(default=0, db_default=0)  # while received: the highest is read first
    waits_since = models.DateTimeField(db_default=Now())  # to be read; by the database's clock, as the next attempt
    next_attempt_at = models.DateTimeField(null=True)  # while received: in somebody's hands until then, or tried then
    sender = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    gate = models.CharField(max_length=40, blank=True)  # which gate spoke last
    reason = models.CharField(max_length=60, blank=True)  # stable code, words in mail/reasons.py
    reason_params = models.JSONField(default=dict)
    problems = ArrayField(models.CharField(max_length=60), default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    processed_at = models.DateTimeField(null=True)
    decide_by = models.DateTimeField(null=True)  # while held: when its sender should have heard from a person
    alarmed_at = models.DateTimeField(null=True)  # when staff were told that nobody has decided
    about = models.ForeignKey(
        "OutboundMail", models.SET_NULL, null=True, related_name="reports"
    )  # bounce or receipt of it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "fingerprint"], name="one_mail_once_a_mailbox"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id"], name="inbound_newest"),
            models.Index(fields=["state", "-received_at"], name="inbound_by_state"),
            models.Index(fields=["message_id"], name="inbound_message_id"),
            models.Index(fields=["decide_by"], condition=Q(state="held"), name="inbound_to_decide"),
            models.Index(
                Func(F("sender"), Value("@"), Value(2), function="split_part"),
                F("sender"),
                condition=Q(state="received"),
                name="inbound_unread",
            ),
            models.Index(F("priority").desc(), F("id"), condition=Q(state="received"), name="inbound_waiting"),
            models.Index(fields=["mailbox"], condition=Q(answers_allowed=False), name="inbound_received_only"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.subject}"[:80]


class OutboundMail(models.Model):
    """The outbox: a row in the transaction of what caused it, one recipient and one fixed Message-ID each."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="outbound")
    kind = models.CharField(max_length=10, choices=OutboundKind.choices)
    message_id = models.CharField(max_length=250, unique=True)
    from_header = models.CharField(max_length=400)
    envelope_from = models.CharField(max_length=320)
    to = models.CharField(max_length=320)
    to_name = models.CharField(max_length=200, blank=True)
    cc = ArrayField(models.CharField(max_length=320), default=list)
    reply_to = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = ArrayField(models.CharField(max_length=998), default=list)
    attachments = models.JSONField(default=list)  # [{"name", "content_type", "sha256", "size"}]
    automatic = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OutboundState.choices, default=OutboundState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(
        null=True
    )  # set while deferred, too, where it waits for somebody to mend something here
    last_answer = models.CharField(max_length=500, blank=True)  # the server's words, or why it failed
    copy_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="copies"
    )  # the same text to one more reader
    reader = models.JSONField(default=dict, db_default={})
    """Of a mail about no ticket, what its reader must still be when it leaves: {"user": 1}, {"contact": 1, "customers": [1, 2]}, {"order": 1} or
    {"invitation": 1}, by their keys; {} where it leaves whatever has happened."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="outbound_newest"),
            models.Index(Upper("to"), F("created_at").desc(), condition=Q(automatic=True), name="outbound_automatic"),
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["queued", "sending", "deferred"]),
                name="outbound_pending",
            ),
            models.Index(fields=["failed_at"], condition=Q(state="failed"), name="outbound_failed"),
            models.Index(
                fields=["created_at"], condition=Q(state__in=["failed", "bounced"]), name="outbound_not_arrived"
            ),
            models.Index(fields=["id"], condition=Q(state="held"), name="outbound_held"),
            models.Index(fields=["created_at"], condition=Q(state="cancelled"), name="outbound_cancelled"),
        ]

    def __str__(self) -> str:
        return f"{self.to} {self.subject}"[:80]

    @property
    def is_readable(self) -> bool:
        """Whether staff may read it: a link that signs somebody in is for its reader alone, except in the demonstration."""
        return self.kind not in LEADS_IN or bool(settings.DEMO)


class Sending(models.Model):
    """Whether mail goes out at all. One row at most; without it, mail goes out."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="sending_is_one")]

    def __str__(self) -> str:
        return "on" if self.is_on else "off"


class SelfTest(models.Model):
    """A mail to oneself, proof that mail goes out and comes in."""

    token = models.UUIDField(default=public_id, unique=True)
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="self_tests")
    outbound = models.OneToOneField(OutboundMail, models.CASCADE, null=True, related_name="self_test")
    started_at = models.DateTimeField(db_index=True)
    arrived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.mailbox} {self.started_at:%Y-%m-%d %H:%M}"
