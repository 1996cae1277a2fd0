"""A mail is stored once a mailbox, whatever door and however often it comes, and is never far from its job."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from sportello.intake import actions
from sportello.mail.actions import PROCESS_TASK, Stored, store_inbound
from sportello.mail.enums import Door, InboundState
from sportello.mail.models import InboundMail, Mailbox, RawMail
from sportello.mail.queries import mailbox_for, received_without_job
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
    assert (InboundMail.objects.get().door, ProcrastinateJob.objects.filter(task_name=PROCESS_TASK).count()) == (
        Door.LMTP,
        1,
    )


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
def test_what_is_rolled_back_leaves_neither_row_nor_job() -> None:
    box = make_mailbox()
    with transaction.atomic():
        store(box)
        transaction.set_rollback(True)
    assert (InboundMail.objects.count(), RawMail.objects.count()) == (0, 0)
    assert ProcrastinateJob.objects.filter(task_name=PROCESS_TASK).count() == 0


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


@pytest.mark.django_db
def test_a_mail_whose_job_was_lost_gets_another_and_only_one() -> None:
    waiting, lost, filed = (store(make_mailbox()).inbound for _ in range(3))
    InboundMail.objects.filter(pk=filed.pk).update(state=InboundState.FILED)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE (args->>'inbound_id')::bigint IN (%s, %s)", [lost.pk, filed.pk]
        )
    later = NOW + timedelta(minutes=2)
    assert received_without_job(PROCESS_TASK, now=NOW + timedelta(seconds=30)) == []
    assert received_without_job(PROCESS_TASK, now=later) == [lost]
    assert (actions.sweep(now=later), actions.sweep(now=later)) == (1, 0)
    jobs = ProcrastinateJob.objects.filter(task_name=PROCESS_TASK)
    assert sorted(job.args["inbound_id"] for job in jobs) == sorted([waiting.pk, lost.pk])


@pytest.mark.django_db
def test_an_outage_overtakes_a_backlog() -> None:
    mailbox = make_mailbox()
    for number in range(3):
        store(mailbox, RAW.replace(b"<1@", f"<{number}@".encode()))
    outage = store(mailbox, RAW.replace(b"Ciao", b"Sito DOWN!").replace(b"<1@", b"<9@")).inbound
    jobs = ProcrastinateJob.objects.filter(task_name=PROCESS_TASK).order_by("-priority", "id")
    assert [job.args["inbound_id"] == outage.pk for job in jobs] == [True, False, False, False]


@pytest.mark.django_db
def test_a_flood_from_one_sender_waits_behind_who_came_after_it() -> None:
    """S43: also when its subject cries outage, and when the mails that wait get new jobs."""
    mailbox = make_mailbox()
    flood = [
        store(mailbox, RAW.replace(b"<1@", f"<{number}@".encode()).replace(b"Ciao", b"Sito DOWN!")).inbound
        for number in range(45)
    ]
    for address in (b"bruno@riva.example", b"carla@riva.example"):
        store(mailbox, RAW.replace(flood[0].sender.encode(), address))
    others = list(InboundMail.objects.exclude(sender=flood[0].sender).values_list("pk", flat=True))
    assert _turns().index(others[0]) == 10
    ProcrastinateJob.objects.all().delete()
    actions.sweep(now=NOW + timedelta(minutes=2))
    assert set(_turns()[:2]) == set(others)


def _turns() -> list[int]:
    """The mails in the order in which they are read."""
    jobs = ProcrastinateJob.objects.filter(task_name=PROCESS_TASK).order_by("-priority", "id")
    return [job.args["inbound_id"] for job in jobs]
