"""Thirty-three things planted about one person: all of them in what they are given, none of them left once they are erased (R30)."""

from __future__ import annotations

import io
import subprocess
import zipfile
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from sportello.accounts.actions import record
from sportello.accounts.enums import Act, Role
from sportello.accounts.models import AuditEntry, User
from sportello.config.backups import clients
from sportello.core import clock, files
from sportello.core.errors import Refused
from sportello.customers.models import Contact, ContactAddress, ContactApp, ContactSession, Customer, Invitation
from sportello.customers.sign_in import make_link
from sportello.imports.models import Import, ImportLine
from sportello.intake.actions import receive_mail
from sportello.mail.actions import enqueue, store_inbound
from sportello.mail.enums import Door, InboundState, OutboundKind
from sportello.mail.models import InboundMail, Mailbox
from sportello.mail.queries import inbound_to_process
from sportello.presales.models import AddressLink, Enquiry
from sportello.privacy.actions import (
    ask_for_data,
    begin_erasure,
    carry_on_erasure,
    drop_secret,
    going,
    keep_ticket,
    look_at_erasure,
    pack,
)
from sportello.privacy.enums import Ground, Progress
from sportello.privacy.models import Erasure, ErasurePlan
from sportello.telephone.models import Call
from sportello.tickets.actions import (
    NewFile,
    add_message,
    add_note,
    add_tag,
    follow,
    hold_files,
    rename,
    reply,
    save_draft,
    save_request_draft,
)
from sportello.tickets.enums import Channel, DraftKind
from sportello.tickets.models import Order, Ticket
from tests.factories import make_contact, make_customer, make_mailbox, make_queue, make_ticket, make_user
from tests.privacy.erasing import erased, looked_at

pytestmark = pytest.mark.django_db(transaction=True)
NAME, FIRST, SECOND, PHONE, OTHER = (
    "Ermenegilda Quattrocchi",
    "gilda@quattrocchi.example",
    "gilda.privata@posta.example",
    "+39 0444 918273",
    "+39 347 5550192",
)
BY_STAFF = ("draft-of-staff", "note-word", "note-of-another", "staff-draft-other")
"""Told only with the notes, or not at all: what is begun and not sent, and notes about others."""
WORDS = (
    "raw-mail-word", "html-word", "subject-word", "old-subject-word", "reply-word", "quoted-word", "portal-word", "file-word",
    "file-name-word", "note-word", "draft-of-staff", "request-draft-word", "written-elsewhere-word", "role-word", "agent-of-session",
    "outbox-word", "set-aside-word", "set-aside-body", "enquiry-word", "drop-label-word", "envelope-word", "audit-word", "bounce-word",
    "billing-word", "stranger-name", "invited-word", "order-word", "order-elsewhere",
)  # fmt: skip
PLANTED = (NAME, FIRST, SECOND, PHONE, OTHER, *WORDS)
MAIL = f"""From: {NAME} <{FIRST}>
To: support@provider.example
Subject: Aiuto subject-word
Message-ID: <gilda-1@quattrocchi.example>
X-Mailer: raw-mail-word
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Buongiorno, html-word non va.</p>
""".replace("\n", "\r\n").encode()
SPAM = (
    MAIL.replace(b"gilda-1", b"gilda-2")
    .replace(b"Aiuto subject-word", b"Offerta set-aside-word")
    .replace(b"html-word", b"set-aside-body")
)


@pytest.fixture(autouse=True)
def house(settings: Settings, tmp_path: Path) -> Mailbox:
    """With a file store of its own, which can be searched."""
    settings.MEDIA_ROOT = tmp_path
    make_queue()
    make_queue("presales")
    return make_mailbox("support@provider.example")


@pytest.fixture
def admin() -> User:
    return make_user("Ada Amministra", role=Role.ADMIN, language="en")


@pytest.fixture
def gilda(house: Mailbox, admin: User) -> Contact:
    """With thirty-three things that are hers, each in another place."""
    now, company = clock.now(), Customer.objects.create(name="Quattro SRL", code="Q4")
    contact = make_contact(NAME, address=FIRST, customer=company)
    Contact.objects.filter(pk=contact.pk).update(
        phone=PHONE, other_phones=[OTHER], role="role-word", external_id="billing-word"
    )
    ContactAddress.objects.create(
        contact=contact, address=SECOND, is_primary=False, bounced_at=now, bounce_reason="bounce-word"
    )
    contact.refresh_from_db()
    ticket = _by_mail(house, MAIL).message.ticket
    rename(ticket=ticket, subject="old-subject-word", by=admin, now=now)
    rename(ticket=ticket, subject="Aiuto subject-word", by=admin, now=now)
    reply(ticket=ticket, text=f"Cara {NAME}, reply-word\n> quoted-word", by=admin, now=now, seen_version=ticket.version)
    log = NewFile("file-name-word.txt", "text/plain", b"inside: file-word")
    add_message(ticket=ticket, text="portal-word", now=now, contact=contact, channel=Channel.PORTAL, attachments=[log])
    add_note(ticket=ticket, text="note-word", by=admin, now=now)
    save_draft(ticket=ticket, by=admin, kind=DraftKind.REPLY, text="draft-of-staff", base_version=1, now=now)
    save_request_draft(contact=contact, service="", claim="", text="request-draft-word", now=now)
    drop_secret(ticket=ticket, contact=contact, secret="sealed-anyway", label="drop-label-word", now=now)
    ContactSession.objects.create(
        contact=contact, session_key="s" * 32, agent="agent-of-session", address="192.0.2.77", begun_at=now, seen_at=now
    )
    make_link(contact=contact, now=now)
    _elsewhere(contact, company, admin)
    _in_the_mail(house, contact)
    Call.objects.create(
        system_id="c1", number=PHONE, digits="0444918273", contact=contact, state="missed", began_at=now, changed_at=now
    )
    done = Import.objects.create(
        source="file", kind="contacts", name="x.csv", state="done", created_at=now, moved_at=now
    )
    ImportLine.objects.create(
        of=done, kind="contacts", line=2, external_id="billing-word", outcome="new", why=[["x", {"address": SECOND}]]
    )
    Enquiry.objects.create(address=SECOND, name=NAME, text="enquiry-word", language="it", asked_at=now)
    AddressLink.objects.create(address=SECOND, secret_sha256="a" * 64, sent_at=now, expires_at=now)
    Invitation.objects.create(
        customer=company, address=FIRST, name="invited-word", secret_sha256="b" * 64, sent_at=now, expires_at=now,
        accepted_at=now,
    )  # fmt: skip
    Order.objects.create(
        ticket=ticket, customer=company, kind="other", text="order-word", asked_by_contact=contact, asked_at=now,
        expires_at=now,
    )  # fmt: skip
    Import.objects.create(
        source="file", kind="contacts", name=f"{SECOND}.csv", state="done", created_at=now, moved_at=now
    )
    record(
        act=Act.CONTACT_CHANGED, subject=NAME, by=admin, now=now, address="192.0.2.78", about=contact,
        detail={"role": ["audit-word", "role-word"]},
    )  # fmt: skip
    return contact


def _by_mail(house: Mailbox, raw: bytes) -> InboundMail:
    kept = store_inbound(
        raw=raw, mailbox=house, door=Door.LMTP, envelope_from="envelope-word@quattrocchi.example",
        envelope_to=house.address, now=clock.now(),
    )  # fmt: skip
    found = inbound_to_process(kept.inbound.pk)
    assert found is not None
    receive_mail(inbound=found, now=clock.now())
    return InboundMail.objects.get(pk=found.pk)


def _elsewhere(contact: Contact, company: Customer, admin: User) -> None:
    """In a ticket of a colleague's, which goes on without her."""
    colleague, now = make_contact("Paolo Colleghi", customer=company), clock.now()
    other = make_ticket(contact=colleague, text=f"Chiedete a {NAME} ({FIRST}), lei lo sa.", now=now)
    follow(ticket=other, by=admin, now=now)
    add_message(ticket=other, text="written-elsewhere-word", now=now, contact=contact, channel=Channel.PORTAL)
    Order.objects.create(
        ticket=other, customer=company, kind="other", text="order-elsewhere", asked_by_contact=contact, asked_at=now,
        expires_at=now,
    )  # fmt: skip
    add_note(ticket=other, text=f"sentita {NAME.upper()} al {PHONE}", by=admin, now=now)


def _in_the_mail(house: Mailbox, contact: Contact) -> None:
    enqueue(
        mailbox=house, kind=OutboundKind.NOTICE, to=SECOND, to_name=NAME, subject="Avviso", text="outbox-word",
        language="it", now=clock.now(),
    )  # fmt: skip
    aside = store_inbound(
        raw=SPAM, mailbox=house, door=Door.LMTP, envelope_from=FIRST, envelope_to=house.address, now=clock.now()
    )
    InboundMail.objects.filter(pk=aside.inbound.pk).update(
        state=InboundState.REFUSED, sender=FIRST, sender_name="stranger-name", subject="Offerta set-aside-word"
    )


def everything_stored() -> str:
    """A dump of the whole database, with what is sealed in bytes made readable, and the whole file store."""
    url = django_settings.DATABASES["default"]
    dump = subprocess.run(
        [
            clients.program("pg_dump", major=connection.connection.info.server_version // 10000),
            "--inserts",
            "--no-owner",
            _test_url(url),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(content, 'escape') FROM mail_rawmail")
        raws = "\n".join(text for (text,) in cursor.fetchall())
        cursor.execute("SELECT search::text FROM tickets_message UNION SELECT search::text FROM tickets_note")
        index = "\n".join(text for (text,) in cursor.fetchall())
    store = Path(django_settings.MEDIA_ROOT)
    kept = "\n".join(file.read_bytes().decode(errors="replace") for file in store.rglob("*") if file.is_file())
    return f"{dump}\n{raws}\n{index}\n{kept}".lower()


def _test_url(database: dict[str, str]) -> str:
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    given = [f"{name}={database[key]}" for name, key in parts.items() if database.get(key)]
    return " ".join([f"dbname={connection.settings_dict['NAME']}", *given])


def still_there(words: tuple[str, ...] = PLANTED) -> list[str]:
    stored = everything_stored()
    return [word for word in words if word.lower() in stored]


def archive_of(contact: Contact, admin: User | None) -> zipfile.ZipFile:
    download = ask_for_data(contact=contact, by=admin, now=clock.now(), address=None, with_notes=True)
    pack(download_id=download.pk, now=clock.now())
    download.refresh_from_db()
    return zipfile.ZipFile(io.BytesIO(files.read(download.sha256)))


def words_in(archive: zipfile.ZipFile) -> str:
    told = [name + "\n" + archive.read(name).decode(errors="replace") for name in archive.namelist()]
    return "\n".join(told)


def test_r30_all_things_are_given_out(gilda: Contact, admin: User) -> None:
    assert len(PLANTED) == 33
    assert sorted(set(PLANTED) - set(still_there())) == []
    told = words_in(archive_of(gilda, admin))
    assert [word for word in PLANTED if word not in told and word not in BY_STAFF] == []
    assert "note-word" in told
    assert "Paolo Colleghi" not in told, "nobody else's name"
    assert "sealed-anyway" not in told


def test_notes_are_not_in_what_the_person_fetches(gilda: Contact) -> None:
    assert "note-word" not in words_in(archive_of(gilda, None))


def test_s11_what_a_person_fetches_holds_nothing_that_they_may_not_read(
    gilda: Contact, admin: User, house: Mailbox
) -> None:
    """Faults found: what was said in their ticket after they had left its customer, tags and acts of staff, where staff sat, links that let in."""
    now, ticket = clock.now(), Ticket.objects.filter(contact=gilda).order_by("pk")[0]
    colleague = make_contact("Carlo Resta", customer=gilda.customer)
    add_tag(ticket=ticket, name="tag-of-staff", by=admin, now=now)
    Contact.objects.filter(pk=gilda.pk).update(customer=make_customer("Altrove SRL"))
    gilda.refresh_from_db()
    log = NewFile("later-file-name.txt", "text/plain", b"later-file-word")
    add_message(ticket=ticket, text="later-word", now=now, contact=colleague, channel=Channel.PORTAL, attachments=[log])
    reply(ticket=ticket, text="later-reply-word", by=admin, now=now, seen_version=ticket.version, confirm_unseen=True)
    enqueue(
        mailbox=house, kind=OutboundKind.SIGN_IN, to=FIRST, to_name=NAME, subject="Link", text="link-that-lets-in",
        language="it", now=now,
    )  # fmt: skip
    ContactApp.objects.create(contact=gilda, secret="app-secret", recovery_sha256=["code-hash"], set_at=now)
    Call.objects.create(
        system_id="call-of-another", number=PHONE, digits="0444918273", contact=colleague, state="missed", began_at=now,
        changed_at=now,
    )  # fmt: skip
    told = words_in(archive_of(gilda, None))
    foreign = (
        "later-word",
        "later-file-word",
        "later-file-name",
        "later-reply-word",
        "tag-of-staff",
        "192.0.2.78",
        "Carlo Resta",
    )
    secret = ("link-that-lets-in", "app-secret", "code-hash", "call-of-another")
    assert [word for word in (*foreign, *secret) if word in told] == []
    assert [
        word for word in ("html-word", "portal-word", "file-word", "192.0.2.77", "drop-label-word") if word not in told
    ] == []
    whole = words_in(archive_of(gilda, admin))
    assert [word for word in foreign if word not in whole and word != "192.0.2.78"] == [], (
        "for an administrator, who reads it first"
    )
    assert [word for word in secret if word in whole] == []


def test_s11_mails_of_who_had_the_address_before_are_not_given_out(gilda: Contact) -> None:
    """A fault found: an address that is given to somebody else brought all mails that were exchanged with the first."""
    heir = make_contact("Nuova Persona", address="heir@quattrocchi.example", customer=make_customer("Altrove SRL"))
    ContactAddress.objects.filter(address=FIRST).update(contact=heir)
    told = words_in(archive_of(heir, None))
    assert [word for word in ("html-word", "reply-word", "quoted-word") if word in told] == []


def test_r30_all_things_are_gone(gilda: Contact, admin: User) -> None:
    archive_of(gilda, admin)
    outcome = erased(gilda, admin)
    assert still_there() == []
    assert (outcome.state, outcome.stays, outcome.found) == (Progress.ERASED, [], [])
    assert Erasure.objects.get().by == admin
    assert "Paolo Colleghi".lower() in everything_stored(), "others stay"


def test_r30_what_was_picked_for_a_page_is_gone_too(gilda: Contact, admin: User) -> None:
    """A fault found: the row went, and the bytes stayed in the file store for ever."""
    hold_files(contact=gilda, new=[NewFile("a.txt", "text/plain", b"picked-and-not-sent")], now=clock.now())
    assert still_there(("picked-and-not-sent",)) == ["picked-and-not-sent"]
    erased(gilda, admin)
    assert still_there(("picked-and-not-sent",)) == []


def test_the_pages_live_on_without_her(gilda: Contact, admin: User) -> None:
    erased(gilda, admin)
    client = Client()
    client.force_login(admin)
    for ticket in Ticket.objects.all():
        assert client.get(f"/desk/tickets/{ticket.public_id}/").status_code == 200
    for path in (
        f"/desk/customers/people/{gilda.public_id}/",
        "/desk/mail/",
        "/desk/outbox/",
        "/desk/people/audit/",
        "/desk/",
    ):
        assert client.get(path).status_code == 200, path
    for mail in InboundMail.objects.all():
        assert client.get(f"/desk/mail/{mail.public_id}/").status_code == 200


def test_the_plan_is_what_is_done_and_changes_nothing(gilda: Contact, admin: User) -> None:
    planned = looked_at(gilda, admin)
    assert (planned.state, planned.searched) == (Progress.LOOKED, planned.mails)
    assert sorted(set(PLANTED) - set(still_there())) == []
    assert erased(gilda, admin).counts == planned.counts


def test_a_ticket_that_has_to_stay_stays_and_is_named(gilda: Contact, admin: User) -> None:
    ticket = Ticket.objects.get(contact=gilda)
    keep_ticket(ticket=ticket, ground=Ground.CHARGE, by=admin, now=clock.now(), address=None)
    assert erased(gilda, admin).stays == [[ticket.number, Ground.CHARGE]]
    assert AuditEntry.objects.get(act=Act.ERASED).detail["stays"] == f"#{ticket.number}"
    ticket.refresh_from_db()
    assert ticket.messages.filter(text="portal-word").count() == 1
    assert [word for word in (FIRST, SECOND, "enquiry-word", "outbox-word") if word in still_there((word,))] == [FIRST]


def test_erasing_twice_is_erasing_once(gilda: Contact, admin: User) -> None:
    for _ in range(2):
        erased(gilda, admin)
    assert still_there() == []


def test_a_search_goes_on_where_its_worker_died(gilda: Contact, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail at a time, and a worker that dies after each."""
    monkeypatch.setattr(going, "PORTION", 1)
    begin_erasure(contact=gilda, by=admin, now=clock.now(), address=None)
    plan = ErasurePlan.objects.get()
    for _worker in range(plan.mails):
        with pytest.raises(StopIteration):
            carry_on_erasure(plan_id=plan.pk, now=partial(next, iter([clock.now()])))
    plan.refresh_from_db()
    assert (plan.searched, plan.state, Erasure.objects.count()) == (plan.mails, Progress.ERASING, 0)
    carry_on_erasure(plan_id=plan.pk, now=clock.now)
    assert (still_there(), Erasure.objects.count()) == ([], 1)


def test_a_mail_that_came_after_the_search_is_found_too(gilda: Contact, admin: User, house: Mailbox) -> None:
    looked_at(gilda, admin)
    late = MAIL.replace(f"{NAME} <{FIRST}>".encode(), f"Bruno <bruno@elsewhere.example>\r\nCc: {SECOND}".encode())
    _by_mail(house, late.replace(b"gilda-1", b"late"))
    erased(gilda, admin)
    assert still_there((SECOND,)) == []


def test_nobody_looks_again_while_it_is_being_erased(gilda: Contact, admin: User) -> None:
    begin_erasure(contact=gilda, by=admin, now=clock.now(), address=None)
    for ask in (look_at_erasure, partial(begin_erasure, address=None)):
        with pytest.raises(Refused) as refused:
            ask(contact=gilda, by=admin, now=clock.now())
        assert refused.value.code == "erasure-going-on"


def test_the_page_shows_how_far_it_is_and_what_was_done(gilda: Contact, admin: User) -> None:
    ticket, client, page = (
        Ticket.objects.get(contact=gilda),
        Client(),
        reverse("desk:erase-person", args=[gilda.public_id]),
    )
    client.force_login(admin)
    assert "Look what would go" in client.get(page).content.decode()
    client.post(page, {"look": "1"})
    plan = ErasurePlan.objects.get()
    assert f"Mails looked through: 0 of {plan.mails}." in client.get(page).content.decode()
    carry_on_erasure(plan_id=plan.pk, now=clock.now)
    keep_ticket(ticket=ticket, ground=Ground.CHARGE, by=admin, now=clock.now(), address=None)
    assert f"Mails looked through: {plan.mails} of {plan.mails}." in client.get(page).content.decode()
    carry_on_erasure(plan_id=plan.pk, now=clock.now)
    assert f"#{ticket.number}: a charge" in client.get(page).content.decode()
    client.post(page, {"typed": FIRST})
    assert "Being erased." in client.get(page).content.decode()
    carry_on_erasure(plan_id=plan.pk, now=clock.now)
    assert "Erased for good." in client.get(page).content.decode()
