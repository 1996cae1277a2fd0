"""A mail is stored once a mailbox, whatever door and however often it comes, and is its own job."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from sportello.mail.actions import Stored, leave_waiting, record_error, store_inbound, take_waiting
from sportello.mail.enums import Door, InboundState
from sportello.mail.models import InboundMail, Mailbox, RawMail
from sportello.mail.queries import mailbox_for
from tests.factories import NOW, make_mailbox

RAW = b"From: Laura <laura@doria.example>\r\nSubject: Ciao\r\nMessage-ID: <1@doria.example>\r\n\r\nBuongiorno\r\n"


def store(mailbox: Mailbox, raw: bytes = RAW, door: Door = Door.LMTP) -> Stored:
    return store_inbound(
        raw=raw, mailbox=mailbox, door=door, envelope_from="a@b.example", envelope_to="c@d.example", now=NOW
    )


@pytest.mark.django_db
def test_two_doors_one_mail() -> None:
    box = make_mailbox()
    first, second = store(box), store(box, b"Delivered-To: c@d\r\n" + RAW, Door.IMAP)
    assert (first.created, second.created, second.inbound.pk) == (True, False, first.inbound.pk)
    assert (InboundMail.objects.get().door, [*take_waiting(most=9)]) == (Door.LMTP, [first.inbound.pk])


@pytest.mark.django_db
def test_two_mailboxes_two_rows_one_copy_of_the_bytes() -> None:
    assert store(make_mailbox()).created
    assert store(make_mailbox()).created
    assert RawMail.objects.count() == 1


@pytest.mark.django_db
def test_what_is_returned_is_what_is_stored() -> None:
    stored = store(make_mailbox()).inbound
    fresh = InboundMail.objects.get()
    names = [field.attname for field in InboundMail._meta.concrete_fields]
    assert {name: getattr(stored, name) for name in names} == {name: getattr(fresh, name) for name in names}


@pytest.mark.django_db
def test_bytes_that_are_no_text_are_stored_as_they_came() -> None:
    raw = bytes(range(256)) * 4
    stored = store_inbound(
        raw=raw,
        mailbox=make_mailbox(),
        door=Door.PIPE,
        envelope_from="a\x00\udcff@b",
        envelope_to="x" * 1000,
        now=NOW,
    )
    fresh = InboundMail.objects.get(pk=stored.inbound.pk)
    assert (bytes(fresh.raw.content), fresh.envelope_from, len(fresh.envelope_to)) == (raw, "a\ufffd@b", 320)


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_nothing() -> None:
    box = make_mailbox()
    with transaction.atomic():
        store(box)
        transaction.set_rollback(True)
    assert (InboundMail.objects.count(), RawMail.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_at_the_same_moment_is_one_mail() -> None:
    box = make_mailbox()
    gate = threading.Barrier(6)

    def at_once(_: int) -> bool:
        try:
            gate.wait(10)
            return store(box).created
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        created = list(pool.map(at_once, range(6)))
    assert sorted(created) == [False] * 5 + [True]
    assert InboundMail.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "recipient",
    ["Help@Provider.example", "help+t1@provider.example", "<aiuto@provider.example>", " aiuto+x@provider.example"],
)
def test_a_mailbox_is_found_by_its_addresses_in_any_form(recipient: str) -> None:
    box = make_mailbox("help@provider.example")
    Mailbox.objects.filter(pk=box.pk).update(aliases=["Aiuto@provider.example"])
    assert mailbox_for(recipient) == box


@pytest.mark.django_db
@pytest.mark.parametrize(
    "recipient",
    ["", "help", "help@other.example", "@provider.example", "+x@provider.example", "xhelp@provider.example"],
)
def test_other_addresses_are_nobodys(recipient: str) -> None:
    make_mailbox("help@provider.example")
    assert mailbox_for(recipient) is None


@pytest.mark.django_db
def test_a_closed_mailbox_takes_nothing() -> None:
    Mailbox.objects.filter(pk=make_mailbox("help@provider.example").pk).update(is_active=False)
    assert mailbox_for("help@provider.example") is None


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_somebody_took_is_theirs_for_a_while_and_then_anybodys() -> None:
    first, second, filed = (store(make_mailbox()).inbound for _ in range(3))
    InboundMail.objects.filter(pk=filed.pk).update(state=InboundState.FILED)
    assert [*take_waiting(most=1)] == [first.pk]
    assert [[*take_waiting(most=9)], [*take_waiting(most=9)]] == [[second.pk], []]
    InboundMail.objects.filter(pk=first.pk).update(next_attempt_at=Now() - timedelta(seconds=1))
    leave_waiting([second.pk])
    assert [*take_waiting(most=9)] == [first.pk, second.pk]


@pytest.mark.django_db(transaction=True)
def test_several_at_once_take_different_mails() -> None:
    waiting = [store(make_mailbox()).inbound.pk for _ in range(24)]
    gate = threading.Barrier(6)

    def take(_: int) -> list[int]:
        try:
            gate.wait(10)
            return [*take_waiting(most=4)]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(take, range(6)))
    assert sorted(pk for some in taken for pk in some) == waiting


@pytest.mark.django_db
def test_a_try_put_off_by_a_clock_that_ran_wrong_is_not_waited_for() -> None:
    waiting = store(make_mailbox()).inbound
    InboundMail.objects.update(next_attempt_at=Now() + timedelta(minutes=59))
    assert [*take_waiting(most=1)] == []
    InboundMail.objects.update(next_attempt_at=Now() + timedelta(days=400))
    assert [*take_waiting(most=1)] == [waiting.pk]


@pytest.mark.django_db
def test_what_went_wrong_is_tried_again_after_longer_and_longer_pauses() -> None:
    inbound = store(make_mailbox()).inbound
    pauses = []
    for _ in range(4):
        record_error(inbound=inbound, error="no")
        asked = InboundMail.objects.annotate(now=Now()).get()
        assert asked.next_attempt_at is not None
        pauses.append(round((asked.next_attempt_at - asked.now).total_seconds()))
    assert pauses == [2, 4, 8, 16]


@pytest.mark.django_db
def test_an_outage_overtakes_a_backlog() -> None:
    mailbox = make_mailbox()
    for number in range(3):
        store(mailbox, RAW.replace(b"<1@", f"<{number}@".encode()))
    outage = store(mailbox, RAW.replace(b"Ciao", b"Sito DOWN!").replace(b"<1@", b"<9@")).inbound
    assert [*take_waiting(most=1)] == [outage.pk]


@pytest.mark.django_db
def test_no_more_are_taken_than_asked_for_however_it_is_planned() -> None:
    """A plan that read the waiting ones anew for each row took two where one was asked for."""
    mailbox = make_mailbox()
    for number in range(4):
        store(mailbox, RAW.replace(b"<1@", f"<{number}@".encode()))
    with connection.cursor() as cursor:
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "indexscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    assert [len(take_waiting(most=1)) for _time in range(5)] == [1, 1, 1, 1, 0]


@pytest.mark.django_db
def test_a_flood_from_one_sender_waits_behind_who_came_after_it() -> None:
    """S43: also when its subject cries outage."""
    mailbox = make_mailbox()
    flood = [
        store(mailbox, RAW.replace(b"<1@", f"<{number}@".encode()).replace(b"Ciao", b"Sito DOWN!")).inbound
        for number in range(45)
    ]
    others = [
        store(mailbox, RAW.replace(flood[0].sender.encode(), address)).inbound.pk
        for address in (b"bruno@riva.example", b"carla@riva.example")
    ]
    assert [*take_waiting(most=99)] == [mail.pk for mail in flood[:10]] + others + [mail.pk for mail in flood[10:]]


@pytest.mark.django_db
def test_who_shares_a_domain_with_a_flood_comes_before_it_and_after_others() -> None:
    mailbox = make_mailbox()

    def from_(address: str, number: int) -> InboundMail:
        raw = RAW.replace(b"laura@doria.example", address.encode()).replace(b"<1@", f"<{number}@".encode())
        return store(mailbox, raw).inbound

    flood = [from_("laura@doria.example", number) for number in range(12)]
    beside, other = from_("anna@doria.example", 20), from_("anna@riva.example", 21)
    assert [*take_waiting(most=99)][-4:] == [other.pk, beside.pk, flood[10].pk, flood[11].pk]
