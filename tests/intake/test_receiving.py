"""What becomes of a mail once it is in: tickets, joins, holds, records, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from sportello.core import files
from sportello.core.errors import Refused
from sportello.customers.models import Contact, ContactAddress, Customer, Membership
from sportello.intake import actions
from sportello.mail import sandbox, tokens
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door, InboundState, OutboundKind, OutboundState, Purpose
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.mail.queries import inbound_to_process
from sportello.mail.reasons import AnswerReason, MailReason, words
from sportello.services.enums import ServiceVerdict
from sportello.tickets.actions import reply, weigh
from sportello.tickets.actions.receipts import RECEIPTS
from sportello.tickets.enums import EventKind, FollowerRole, Status
from sportello.tickets.models import Event, Message, Ticket
from sportello.tickets.sentences import sentence
from sportello.triage.enums import QueueGroup
from sportello.triage.models import Queue
from tests.factories import (
    NOW,
    make_contact,
    make_customer,
    make_mailbox,
    make_queue,
    make_service,
    make_ticket,
    make_user,
)

pytestmark = pytest.mark.django_db
LAURA = "laura@ceramichedoria.example"
MAILS = Callable[..., bytes]
OUR_SERVER = "mx.provider.example"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def support() -> Mailbox:
    return make_mailbox("assistenza@provider.example")


@pytest.fixture
def laura() -> Contact:
    return make_contact("Laura Doria", address=LAURA)


class Intake:
    """Brings mails to a mailbox and lets them be read."""

    def __init__(self, mail: MAILS) -> None:
        self.mail = mail

    def __call__(
        self,
        name: str,
        mailbox: Mailbox,
        *,
        at: datetime = NOW,
        sender: str = LAURA,
        preview: bool = False,
        **words: str,
    ) -> InboundMail:
        raw = self.mail(name, **{"TO": mailbox.address, **words})
        stored = store_inbound(
            raw=raw, mailbox=mailbox, door=Door.LMTP, envelope_from=sender, envelope_to=words.get("TO", mailbox.address), now=at,
            answers_allowed=not preview,
        )  # fmt: skip
        waiting = inbound_to_process(stored.inbound.pk)
        if waiting is not None:
            actions.receive_mail(inbound=waiting, now=at)
        stored.inbound.refresh_from_db()
        return stored.inbound


@pytest.fixture
def arrive(mail: MAILS) -> Intake:
    return Intake(mail)


def read_it(inbound: InboundMail, *, at: datetime = NOW) -> InboundMail:
    """The job's turn; the row afterwards."""
    waiting = inbound_to_process(inbound.pk)
    assert waiting is not None
    try:
        actions.receive_mail(inbound=waiting, now=at)
    finally:
        inbound.refresh_from_db()
    return inbound


def answered(ticket: Ticket, *, at: datetime = NOW) -> OutboundMail:
    """An agent's answer that went out; the mail of it."""
    message = reply(
        ticket=ticket, text="Abbiamo riavviato il server.", by=make_user(), now=at, seen_version=ticket.version
    )
    assert message.outbound is not None
    OutboundMail.objects.filter(pk=message.outbound.pk).update(state=OutboundState.SENT, sent_at=at)
    message.outbound.refresh_from_db()
    ticket.refresh_from_db()
    return message.outbound


# -- a new request -------------------------------------------------------------------------------------------------------
def test_a_customers_mail_becomes_a_ticket_with_a_clock_and_a_receipt(
    arrive: Intake, support: Mailbox, laura: Contact
) -> None:
    inbound = arrive("sito_giu", support)
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.contact, ticket.status) == ("Il sito non si apre più", laura, Status.NEW)
    assert ticket.due_at == NOW + timedelta(minutes=10)
    assert "da questa mattina il sito ceramichedoria.example non si apre più" in ticket.messages.get().text
    assert (inbound.state, inbound.reason) == (InboundState.FILED, MailReason.FILED_NEW)
    assert inbound.reason_params["answer"] == AnswerReason.SENT
    receipt = OutboundMail.objects.get()
    assert (receipt.kind, receipt.to, receipt.automatic) == (OutboundKind.RECEIPT, LAURA, True)
    assert receipt.in_reply_to == "<a1b2c3@ceramichedoria.example>"


def test_reading_a_mail_twice_files_it_once(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    inbound = arrive("sito_giu", support)
    actions.receive_mail(inbound=InboundMail.objects.select_related("mailbox", "raw").get(pk=inbound.pk), now=NOW)
    assert (Ticket.objects.count(), Message.objects.count(), OutboundMail.objects.count()) == (1, 1, 1)


def test_a_question_before_buying_waits_in_its_own_queue_and_copies_see_nothing_yet(arrive: Intake) -> None:
    sales = make_mailbox("info@provider.example", purpose=Purpose.PRESALES)
    arrive("prevendita", sales, sender="emma@bakery.example")
    ticket = Ticket.objects.get()
    assert (ticket.queue.slug, ticket.language, ticket.sender_verified) == ("presales", "en", True)
    roles = ticket.followers.order_by("id").values_list("contact__addresses__address", "role")
    assert sorted(roles) == [("emma@bakery.example", FollowerRole.REQUESTER), ("tom@bakery.example", FollowerRole.COPY)]


def test_a_strangers_mail_to_support_is_queued_and_marked(arrive: Intake, support: Mailbox) -> None:
    inbound = arrive("sito_giu", support)
    assert (inbound.state, inbound.gate) == (InboundState.FILED, "unknown_sender")
    assert inbound.reason_params["marks"] == [[MailReason.UNKNOWN_SENDER, {}]]
    assert Ticket.objects.get().customer is None


@pytest.mark.parametrize(("writes_for_another", "marks"), [(False, [[MailReason.UNKNOWN_SENDER, {}]]), (True, None)])
def test_so_is_the_mail_of_somebody_whose_contract_has_ended(
    arrive: Intake, support: Mailbox, laura: Contact, writes_for_another: bool, marks: object
) -> None:
    """A fault found: it was taken as a customer's. Who also writes for one that has a contract is one."""
    Customer.objects.filter(contacts=laura).update(is_active=False)
    if writes_for_another:
        Membership.objects.create(contact=laura, customer=make_customer("Altra"), since=NOW)
    assert arrive("sito_giu", support).reason_params.get("marks") == marks


def test_a_form_on_our_own_site_is_the_visitors_request(arrive: Intake) -> None:
    sales = make_mailbox("info@provider.example", purpose=Purpose.PRESALES)
    arrive("modulo_sito", sales, sender="www@provider.example")
    ticket = Ticket.objects.get()
    assert ticket.contact.addresses.get().address == "marco@riva.example"
    assert not ticket.sender_verified


def test_pictures_keep_their_content_id_and_scripts_are_gone(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    arrive("foto", support)
    message = Message.objects.get()
    picture = message.attachments.get()
    assert (picture.content_id, picture.is_inline, picture.name) == ("schermo@doria", True, "schermata.png")
    assert 'src="cid:schermo@doria"' in message.html
    assert "script" not in message.html


def test_one_receipt_an_hour_and_none_while_only_receiving(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    arrive("sito_giu", support)
    second = arrive("foto", support, at=NOW + timedelta(minutes=30))
    assert second.reason_params["answer"] == AnswerReason.TOO_SOON
    other = make_mailbox("info@provider.example", purpose=Purpose.PRESALES)
    third = arrive("prevendita", other, preview=True, sender="emma@bakery.example")
    assert third.reason_params["answer"] == AnswerReason.PREVIEW
    assert OutboundMail.objects.filter(kind=OutboundKind.RECEIPT).count() == 1


# -- an answer -----------------------------------------------------------------------------------------------------------
def test_an_answer_to_our_message_joins_the_ticket(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    ticket = make_ticket(contact=laura, mailbox=support)
    ours = answered(ticket)
    inbound = arrive("risposta", support, at=NOW + timedelta(minutes=5), MESSAGE_ID=ours.message_id)
    message = Message.objects.get(inbound=inbound)
    assert (message.ticket, message.contact) == (ticket, laura)
    assert message.fresh_text == "Adesso funziona, ma le foto non si vedono."
    assert "abbiamo riavviato il server" in message.text
    assert (inbound.reason, words(inbound.reason, inbound.reason_params)) == (
        MailReason.FILED_JOINED, f"Joined ticket #{ticket.number}",
    )  # fmt: skip


def test_an_answer_by_the_reply_address_alone_joins_too(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    ticket = make_ticket(contact=laura, mailbox=support)
    address = tokens.reply_address(support, str(ticket.public_id))
    inbound = arrive("risposta", support, TO=address, MESSAGE_ID="<lost@relay.example>")
    assert Message.objects.get(inbound=inbound).ticket == ticket


@pytest.mark.parametrize(("days", "reason"), [(13, MailReason.FILED_REOPENED), (15, MailReason.FILED_FOLLOW_UP)])
def test_a_closed_ticket_reopens_for_fourteen_days_and_is_followed_up_later(
    arrive: Intake, support: Mailbox, laura: Contact, days: int, reason: MailReason
) -> None:
    ticket = make_ticket(contact=laura, mailbox=support)
    ours = answered(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED, closed_at=NOW)
    inbound = arrive("risposta", support, at=NOW + timedelta(days=days), MESSAGE_ID=ours.message_id)
    ticket.refresh_from_db()
    assert inbound.reason == reason
    assert (ticket.status == Status.CLOSED) == (reason == MailReason.FILED_FOLLOW_UP)
    assert [link.source.messages.get().inbound for link in ticket.links_in.all()] == (
        [inbound] if reason == MailReason.FILED_FOLLOW_UP else []
    )


def test_a_strangers_answer_waits_for_a_person(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    ticket = make_ticket(contact=make_contact(address="boss@ceramichedoria.example"), mailbox=support)
    ours = answered(ticket)
    inbound = arrive("risposta", support, MESSAGE_ID=ours.message_id)
    assert (inbound.state, inbound.reason) == (InboundState.HELD, MailReason.STRANGER_ON_THREAD)
    assert words(inbound.reason, inbound.reason_params) == (
        f"It answers ticket #{ticket.number}, but {LAURA} does not take part in it"
    )
    assert ticket.messages.filter(inbound__isnull=False).count() == 0


def test_a_token_with_one_letter_changed_joins_nothing(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    ticket = make_ticket(contact=laura, mailbox=support)
    local, _, domain = tokens.reply_address(support, str(ticket.public_id)).rpartition("@")
    forged = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"
    inbound = arrive("risposta", support, TO=forged, MESSAGE_ID="<lost@relay.example>")
    assert Message.objects.get(inbound=inbound).ticket != ticket


def test_who_is_put_in_copy_of_an_answer_is_noted_and_sees_nothing(
    arrive: Intake, support: Mailbox, laura: Contact
) -> None:
    ticket = make_ticket(contact=laura, mailbox=support)
    arrive("risposta_in_copia", support, MESSAGE_ID=answered(ticket).message_id)
    roles = ticket.followers.filter(contact__isnull=False).values_list("contact__addresses__address", "role")
    assert sorted(roles) == [(LAURA, FollowerRole.REQUESTER), ("tecnico@agenzia.example", FollowerRole.COPY)]


# -- who may join, when our mail server checks senders -------------------------------------------------------------------
def test_a_forged_sender_is_held_whatever_other_servers_said(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    Mailbox.objects.filter(pk=support.pk).update(authserv_id=OUR_SERVER)
    inbound = arrive("falso", support)
    assert (inbound.state, inbound.gate, inbound.reason) == (InboundState.HELD, "spoofed", MailReason.SPOOFED)
    assert (Ticket.objects.count(), OutboundMail.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "state"), [("vero", InboundState.FILED), ("falso", InboundState.HELD), ("risposta", InboundState.HELD)]
)
def test_only_a_proven_participant_joins_by_token(
    arrive: Intake, support: Mailbox, laura: Contact, name: str, state: InboundState
) -> None:
    Mailbox.objects.filter(pk=support.pk).update(authserv_id=OUR_SERVER)
    ticket = make_ticket(contact=laura, mailbox=support)
    inbound = arrive(name, support, TO=tokens.reply_address(support, str(ticket.public_id)), MESSAGE_ID="<x@y.example>")
    assert inbound.state == state
    assert ticket.messages.filter(inbound=inbound).exists() == (state == InboundState.FILED)


# -- mail that is no request ---------------------------------------------------------------------------------------------
def test_a_bounce_marks_the_mail_the_address_and_the_ticket(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    ticket = make_ticket(contact=laura, mailbox=support)
    ours = answered(ticket)
    inbound = arrive("rimbalzo", support, sender="", MESSAGE_ID=ours.message_id, ACTION="failed", STATUS="5.1.1")
    ours.refresh_from_db()
    assert (inbound.state, inbound.reason, inbound.about) == (InboundState.RECORDED, MailReason.BOUNCE, ours)
    assert ours.state == OutboundState.BOUNCED
    assert ContactAddress.objects.get(address=LAURA).bounced_at == NOW
    assert ticket.events.filter(kind=EventKind.BOUNCED).count() == 1
    assert Ticket.objects.count() == 1


def test_a_bounce_at_the_envelope_sender_is_known_without_its_message_id(
    arrive: Intake, support: Mailbox, laura: Contact
) -> None:
    ours = answered(make_ticket(contact=laura, mailbox=support))
    arrive(
        "rimbalzo",
        support,
        sender="",
        TO=ours.envelope_from,
        MESSAGE_ID="<gone@x.example>",
        ACTION="failed",
        STATUS="5.1.1",
    )
    ours.refresh_from_db()
    assert ours.state == OutboundState.BOUNCED


def test_a_bounce_in_a_language_nobody_knows_is_told_on_the_ticket(
    arrive: Intake, support: Mailbox, laura: Contact
) -> None:
    ticket = make_ticket(contact=laura, mailbox=support)
    ours = answered(ticket)
    inbound = arrive("rimbalzo_lituano", support, sender="", TO=ours.envelope_from)
    ours.refresh_from_db()
    assert (inbound.reason, ours.state) == (MailReason.BOUNCE, OutboundState.BOUNCED)
    assert ticket.events.filter(kind=EventKind.BOUNCED).count() == 1


def test_a_delay_is_recorded_and_changes_nothing(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    ours = answered(make_ticket(contact=laura, mailbox=support))
    inbound = arrive("rimbalzo", support, sender="", MESSAGE_ID=ours.message_id, ACTION="delayed", STATUS="4.4.1")
    ours.refresh_from_db()
    assert (inbound.reason, ours.state) == (MailReason.BOUNCE_DELAYED, OutboundState.SENT)


def test_a_bounce_of_nothing_we_sent_is_only_recorded(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    inbound = arrive("rimbalzo", support, sender="", MESSAGE_ID="<x@provider.example>", ACTION="failed", STATUS="5.1.1")
    assert (inbound.state, inbound.reason) == (InboundState.RECORDED, MailReason.BOUNCE_UNKNOWN)
    assert ContactAddress.objects.get(address=LAURA).bounced_at is None


@pytest.mark.parametrize(
    ("name", "reason", "told"),
    [
        ("lettura", MailReason.READ_RECEIPT, f"the mail to {LAURA} was opened"),
        (
            "pec_consegna",
            MailReason.PEC_RECEIPT,
            f"receipt of certified mail for {LAURA}: avvenuta-consegna",
        ),
    ],
)
def test_receipts_are_recorded_on_the_mail_they_are_about(
    arrive: Intake, support: Mailbox, laura: Contact, name: str, reason: MailReason, told: str
) -> None:
    ours = answered(make_ticket(contact=laura, mailbox=support))
    inbound = arrive(name, support, MESSAGE_ID=ours.message_id)
    assert (inbound.state, inbound.reason, inbound.about) == (InboundState.RECORDED, reason, ours)
    assert Message.objects.filter(inbound=inbound).count() == 0
    event = Event.objects.get(kind__in=RECEIPTS)
    assert (event.ticket, sentence(event)) == (Ticket.objects.get(), told)


def test_an_absence_notice_is_kept_in_the_ticket_and_changes_nothing(
    arrive: Intake, support: Mailbox, laura: Contact
) -> None:
    ticket = make_ticket(contact=laura, mailbox=support)
    ours = answered(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.SOLVED, solved_at=NOW)
    inbound = arrive("assente", support, sender="", MESSAGE_ID=ours.message_id)
    ticket.refresh_from_db()
    message = Message.objects.get(inbound=inbound)
    assert (message.ticket, message.is_automatic, ticket.status) == (ticket, True, Status.SOLVED)
    assert OutboundMail.objects.filter(kind=OutboundKind.RECEIPT).count() == 0


def test_an_absence_notice_about_nothing_is_recorded(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    inbound = arrive("assente", support, sender="", MESSAGE_ID="<x@y.example>")
    assert (inbound.state, inbound.reason) == (InboundState.RECORDED, MailReason.AUTO_REPLY_ALONE)


def test_a_monitors_warning_is_a_ticket_without_a_receipt(arrive: Intake, support: Mailbox) -> None:
    inbound = arrive("monitor", support)
    assert (inbound.state, inbound.reason_params["answer"]) == (InboundState.FILED, AnswerReason.AUTOMATIC)
    assert Message.objects.get().is_automatic
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.due_at, ticket.first_due_at) == (Status.NEW, None, None)
    assert (ticket.group, ticket.snippet) == (QueueGroup.WAITING_FOR_US, "HTTP 500 since 10:00.")


def test_a_newsletter_is_recorded(arrive: Intake, support: Mailbox) -> None:
    inbound = arrive("newsletter", support)
    assert (inbound.state, inbound.reason) == (InboundState.RECORDED, MailReason.NEWSLETTER)


def test_our_own_mail_that_comes_back_starts_no_loop(
    arrive: Intake, support: Mailbox, laura: Contact, mail: MAILS
) -> None:
    raw = b"X-Sportello-Loop: " + tokens.loop_mark().encode() + b"\r\n" + mail("sito_giu")
    stored = store_inbound(raw=raw, mailbox=support, door=Door.LMTP, envelope_from=LAURA, envelope_to="", now=NOW)
    waiting = read_it(stored.inbound)
    assert (waiting.state, waiting.reason) == (InboundState.RECORDED, MailReason.OWN_MAIL)
    assert Ticket.objects.count() == 0


# -- what a person decides -----------------------------------------------------------------------------------------------
def test_a_held_mail_is_joined_by_a_person_and_stays_unverified(
    arrive: Intake, support: Mailbox, laura: Contact
) -> None:
    ticket = make_ticket(contact=make_contact(address="boss@ceramichedoria.example"), mailbox=support)
    inbound = arrive("risposta", support, MESSAGE_ID=answered(ticket).message_id)
    agent = make_user("Giulia Rinaldi")
    actions.release_held(inbound=inbound, by=agent, now=NOW, join=ticket)
    message = Message.objects.get(inbound=inbound)
    assert (message.ticket, message.is_unverified, message.contact) == (ticket, True, laura)
    assert words(inbound.reason, inbound.reason_params) == f"Joined to ticket #{ticket.number} by Giulia Rinaldi"
    with pytest.raises(Refused) as again:
        actions.release_held(inbound=inbound, by=agent, now=NOW)
    assert again.value.code == "already-filed"


def test_a_held_mail_becomes_a_ticket_of_its_own_or_is_refused(
    arrive: Intake, support: Mailbox, laura: Contact
) -> None:
    Mailbox.objects.filter(pk=support.pk).update(authserv_id=OUR_SERVER)
    inbound = arrive("falso", support)
    actions.refuse_held(inbound=inbound, by=make_user(), now=NOW)
    assert (inbound.state, inbound.reason) == (InboundState.REFUSED, MailReason.REFUSED_BY_PERSON)
    ticket = actions.release_held(inbound=inbound, by=make_user(), now=NOW)
    assert (ticket.sender_verified, ticket.contact) == (False, laura)


def test_read_again_judges_by_todays_policy_without_a_second_message(
    arrive: Intake, support: Mailbox, laura: Contact
) -> None:
    Mailbox.objects.filter(pk=support.pk).update(authserv_id=OUR_SERVER)
    inbound = arrive("falso", support)
    Mailbox.objects.filter(pk=support.pk).update(authserv_id="")
    actions.read_again(inbound=inbound, by=make_user(), now=NOW)
    waiting = read_it(inbound)
    assert waiting.state == InboundState.FILED
    assert Message.objects.count() == 1


# -- what cannot be read, what fails -------------------------------------------------------------------------------------
def test_a_mail_that_cannot_be_filed_is_tried_five_times_and_then_listed_as_failed(
    support: Mailbox, mail: MAILS
) -> None:
    stored = store_inbound(
        raw=mail("sito_giu"), mailbox=support, door=Door.LMTP, envelope_from=LAURA, envelope_to="", now=NOW
    )
    queue = make_queue("support")
    queue.slug = "away"
    queue.save()
    for _ in range(4):
        with pytest.raises(Queue.DoesNotExist):
            read_it(stored.inbound)
    assert (stored.inbound.attempts, stored.inbound.state) == (4, InboundState.RECEIVED)
    assert "there is no queue support" in stored.inbound.error
    assert (read_it(stored.inbound).state, stored.inbound.reason) == (InboundState.FAILED, MailReason.FAILED)
    queue.slug = "support"
    queue.save()
    actions.read_again(inbound=stored.inbound, by=make_user(), now=NOW)
    assert read_it(stored.inbound).state == InboundState.FILED


def test_a_mail_that_takes_the_reader_down_is_a_ticket_with_the_mail_as_a_file(
    support: Mailbox, mail: MAILS, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = sandbox.Reader(allowance=sandbox.Allowance(seconds=0.0))
    monkeypatch.setattr(sandbox, "_reader", slow)
    stored = store_inbound(
        raw=mail("sito_giu"), mailbox=support, door=Door.LMTP, envelope_from=LAURA, envelope_to="", now=NOW
    )
    inbound = read_it(stored.inbound)
    assert (inbound.state, inbound.reason) == (InboundState.FILED, MailReason.FILED_UNREAD)
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.contact.addresses.get().address) == ("Il sito non si apre più", LAURA)
    attached = ticket.attachments.get()
    assert (attached.name, files.read(attached.sha256)) == ("mail.eml", mail("sito_giu"))
    monkeypatch.undo()
    actions.read_again(inbound=inbound, by=make_user(), now=NOW)
    assert ProcrastinateJob.objects.filter(task_name=actions.REREAD_TASK, args={"inbound_id": inbound.pk}).exists()
    for _ in range(2):
        actions.reread_filed(inbound=inbound, now=NOW)
    assert (inbound.reason, Message.objects.count(), ticket.attachments.count()) == (MailReason.FILED_NEW, 1, 1)
    assert "da questa mattina il sito" in Message.objects.get().text


def test_a_mail_without_a_sender_is_a_ticket_all_the_same(arrive: Intake, support: Mailbox) -> None:
    raw = b"Subject: senza mittente\r\n\r\nchi sono?\r\n"
    stored = store_inbound(raw=raw, mailbox=support, door=Door.PIPE, envelope_from="", envelope_to="", now=NOW)
    waiting = read_it(stored.inbound)
    assert Ticket.objects.get().contact.addresses.get().address == f"{waiting.public_id}@sender.invalid"


# -- the same problem again ------------------------------------------------------------------------------------------------
def test_a_mail_of_the_same_outage_goes_to_the_open_ticket_and_its_sender_is_told(
    arrive: Intake, support: Mailbox, laura: Contact
) -> None:
    service = make_service("ceramichedoria.example", customer=laura.customer)
    ticket = make_ticket("Errore 500", contact=laura, mailbox=support, service=service)
    weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=NOW + timedelta(minutes=5))
    again = arrive("sito_ancora_giu", support, at=NOW + timedelta(minutes=30))
    assert (again.reason, again.reason_params["number"], again.reason_params["answer"]) == (
        MailReason.FILED_JOINED_ITSELF, ticket.number, AnswerReason.SENT,
    )  # fmt: skip
    assert Message.objects.get(inbound=again).ticket == ticket
    told = OutboundMail.objects.get(kind=OutboundKind.NOTICE)
    assert f"#{ticket.number}" in told.subject
    assert "aggiunto lì" in told.text


def test_a_forged_mail_of_the_same_outage_joins_nothing(arrive: Intake, support: Mailbox, laura: Contact) -> None:
    Mailbox.objects.update(authserv_id=OUR_SERVER)
    support.refresh_from_db()
    service = make_service("ceramichedoria.example", customer=laura.customer)
    ticket = make_ticket("Errore 500", contact=laura, mailbox=support, service=service)
    weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=NOW)
    arrive("sito_ancora_giu", support, at=NOW + timedelta(minutes=30))
    assert not Ticket.objects.filter(merged_into__isnull=False).exists()
