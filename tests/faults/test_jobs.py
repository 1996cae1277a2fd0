"""Every job done twice, and by several workers at once, leaves what it leaves when it is done once (R10)."""

from __future__ import annotations

import io
import itertools
import json
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.models import F
from PIL import Image
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from pytest_django import Settings

from sportello.accounts.enums import Role
from sportello.accounts.models import Attempts
from sportello.config import errands
from sportello.config.reading import read_some
from sportello.core import clock, files
from sportello.core.ids import public_id
from sportello.core.patience import Connection
from sportello.customers.models import Contact, Customer
from sportello.customers.sign_in import make_link
from sportello.diagnostics.actions import ask
from sportello.diagnostics.enums import Occasion
from sportello.diagnostics.models import Examination
from sportello.duplicates.models import Proposal
from sportello.imports.actions.taking import begin, take_in
from sportello.imports.enums import Kind
from sportello.imports.models import Details, Import
from sportello.incidents.actions import Opening, open_incident
from sportello.incidents.models import Incident
from sportello.incidents.planned.actions import Plan, plan_maintenance
from sportello.intake.actions import receive_mail
from sportello.mail import actions as mail
from sportello.mail.enums import Door, InboundState, OutboundKind, OutboundState
from sportello.mail.models import InboundMail, Mailbox, OutboundMail, SelfTest
from sportello.mail.queries import inbound_to_process
from sportello.mail.reasons import MailReason
from sportello.presales.models import Enquiry
from sportello.privacy.actions import ask_for_data, begin_erasure, drop_secret
from sportello.privacy.models import ErasurePlan
from sportello.services.actions import Quiet, set_quiet
from sportello.services.enums import ServiceStatus, ServiceVerdict
from sportello.services.models import Server, Service
from sportello.telephone.models import Call
from sportello.tickets.actions import NewFile, add_message, hold_files, reply, save_request_draft, solve, take, weigh
from sportello.tickets.enums import Channel
from sportello.tickets.models import Attachment
from sportello.watch.actions import note_files
from tests.factories import make_contact, make_mailbox, make_queue, make_server, make_service, make_ticket, make_user
from tests.faults.counts import copies
from tests.faults.installation import SUPPORT
from tests.faults.letters import letter
from tests.imports import whmcs_server
from tests.mail.smtp_server import Conduct, serving

pytestmark = pytest.mark.django_db(transaction=True)

Arguments = dict[str, Any]
AT_ONCE = 4
PLACES = 3
"""At so many or so each job is killed in the short form; WALLS=long at all."""
IS_LONG = os.environ.get("WALLS") == "long"
MINUTE = {"timestamp": 0}
_TABLES = """
    SELECT table_name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'procrastinate%'
"""
_NEXT_JOB = """
    DELETE FROM procrastinate_jobs WHERE id = (
        SELECT id FROM procrastinate_jobs WHERE coalesce(scheduled_at, now()) <= now() ORDER BY priority DESC, id LIMIT 1)
    RETURNING task_name, args
"""


# -- what each job finds -----------------------------------------------------------------------------------------------------------------
def support() -> Mailbox:
    return Mailbox.objects.filter(address=SUPPORT).first() or make_mailbox(SUPPORT)


def waiting_mail() -> InboundMail:
    came = letter(InboundMail.objects.count())
    stored = mail.store_inbound(
        raw=came.raw, mailbox=support(), door=Door.LMTP, envelope_from=came.sender, envelope_to="", now=clock.now()
    )
    return stored.inbound


def filed_mail() -> InboundMail:
    inbound = waiting_mail()
    found = inbound_to_process(inbound.pk)
    assert found is not None
    receive_mail(inbound=found, now=clock.now())
    return inbound


def unconfirmed_question() -> Arguments:
    asked_at = clock.now() - timedelta(days=4)
    Enquiry.objects.create(address="a@b.example", name="x", text="x", language="it", asked_at=asked_at)
    return MINUTE


def held_mail() -> Arguments:
    inbound = waiting_mail()
    InboundMail.objects.filter(pk=inbound.pk).update(
        state=InboundState.HELD, decide_by=clock.now() - timedelta(minutes=1)
    )
    lose_jobs()
    return MINUTE


def held_back_mail() -> Arguments:
    inbound = waiting_mail()
    InboundMail.objects.filter(pk=inbound.pk).update(state=InboundState.HELD, reason=MailReason.FLOOD)
    lose_jobs()
    return MINUTE


def outbound_mail() -> OutboundMail:
    return mail.enqueue(
        mailbox=make_mailbox(), kind=OutboundKind.NOTICE, to="anna@customer.example", subject="x", text="x", language="it",
        now=clock.now() - timedelta(minutes=5),
    )  # fmt: skip


def forgotten_outbound_mail() -> Arguments:
    outbound_mail()
    lose_jobs()
    return MINUTE


def refused_answer() -> Arguments:
    ticket = make_ticket(contact=make_contact(), mailbox=make_mailbox(), now=clock.now())
    message = reply(ticket=ticket, text="x", by=make_user(), now=clock.now(), seen_version=ticket.version)
    OutboundMail.objects.filter(message=message).update(state=OutboundState.FAILED, failed_at=clock.now())
    return MINUTE


def late_ticket() -> Arguments:
    make_ticket(contact=make_contact(), mailbox=make_mailbox(), now=clock.now() - timedelta(minutes=9))
    return MINUTE


def long_solved_ticket() -> Arguments:
    ticket = make_ticket(contact=make_contact(), now=clock.now() - timedelta(days=40))
    solve(ticket=ticket, by=make_user(), now=clock.now() - timedelta(days=30))
    return MINUTE


def changed_queue() -> Arguments:
    for ticket in make_ticket(now=clock.now()), make_ticket(now=clock.now()):
        take(ticket=ticket, by=make_user(), now=clock.now())
    return MINUTE


def picture() -> Arguments:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40)).save(drawn, "PNG")
    shot = NewFile("schermata.png", "image/png", drawn.getvalue())
    ticket = make_ticket(contact=make_contact(), now=clock.now())
    add_message(ticket=ticket, text="x", now=clock.now(), channel=Channel.MAIL, attachments=[shot])
    attachment = Attachment.objects.order_by("pk").last()
    assert attachment is not None
    return {"attachment_id": attachment.pk}


def mailbox_to_test() -> Arguments:
    Mailbox.objects.update(is_active=False)
    SelfTest.objects.update(started_at=clock.now() - timedelta(hours=1))
    make_mailbox()
    return MINUTE


def spent_links() -> Arguments:
    make_link(contact=make_contact(), now=clock.now() - timedelta(days=90))
    return MINUTE


def spent_sessions() -> Arguments:
    Session.objects.create(
        session_key=f"s{clock.now().timestamp()}", session_data="", expire_date=clock.now() - timedelta(days=1)
    )
    Attempts.objects.create(key_sha256="x", since=clock.now() - timedelta(days=90), count=1)
    return MINUTE


def contact_who_asks() -> Arguments:
    Mailbox.objects.update(is_active=False)
    make_mailbox()
    address = f"anna{OutboundMail.objects.count()}@customer.example"
    make_contact(address=address)
    return {"address": address, "then": "", "asked_at": clock.now().isoformat()}


def agent_who_asks() -> Arguments:
    Mailbox.objects.update(is_active=False)
    make_mailbox()
    return {"email": make_user().email, "asked_at": clock.now().isoformat()}


def forgotten_secret() -> Arguments:
    ticket = make_ticket(contact=make_contact(), now=clock.now() - timedelta(days=9))
    drop_secret(ticket=ticket, contact=ticket.contact, secret="x", label="", now=clock.now() - timedelta(days=8))
    return MINUTE


def asked_for_data() -> Arguments:
    Mailbox.objects.update(is_active=False)
    make_mailbox()
    contact = make_contact(address=f"anna{OutboundMail.objects.count()}@customer.example")
    download = ask_for_data(contact=contact, by=None, now=clock.now(), address=None)
    lose_jobs()
    return {"download_id": download.pk}


def erasure_that_is_meant() -> Arguments:
    contact, by = (
        make_contact(address=f"bruna{ErasurePlan.objects.count()}@customer.example"),
        make_user(role=Role.ADMIN),
    )
    begin_erasure(contact=contact, by=by, now=clock.now(), address=None)
    lose_jobs()
    return {"plan_id": ErasurePlan.objects.get(contact=contact).pk}


def old_call() -> Arguments:
    Call.objects.create(
        system_id=str(public_id()), number="+39 02 1", began_at=clock.now() - timedelta(days=900),
        changed_at=clock.now() - timedelta(days=900), state="missed",
    )  # fmt: skip
    return MINUTE


def mended_file() -> Arguments:
    note_files(looked_at=1, damaged=[files.put(b"whole again")], now=clock.now())
    return MINUTE


def begun_import() -> Arguments:
    number = Import.objects.count()
    rows = "".join(f"{number}-{each};Cliente {each}\n" for each in range(1200))
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_text(f"id;nome\n{rows}", encoding="utf-8")
        row = take_in(path=Path(file.name), name="clienti.csv", kind=Kind.CUSTOMERS, by=None, now=clock.now())
    begin(row=row, is_trial=False, by=None, now=clock.now(), is_deferred=False)
    return {"import_id": row.pk}


def import_that_stands_still() -> Arguments:
    Import.objects.filter(pk=begun_import()["import_id"]).update(moved_at=clock.now() - timedelta(hours=1))
    return MINUTE


def billing_system_to_read() -> Arguments:
    """Looked at long ago, and all that it lists is new."""
    Import.objects.update(created_at=clock.now() - timedelta(days=2))
    Details.objects.all().delete()
    for listed in (Service, Server, Contact, Customer):
        listed._default_manager.filter(external_id__isnull=False).delete()
    return MINUTE


def forgotten_import() -> Arguments:
    Import.objects.filter(pk=begun_import()["import_id"]).update(
        state="tried", moved_at=clock.now() - timedelta(days=30)
    )
    return MINUTE


def unsent_request() -> Arguments:
    contact, long_ago = make_contact(), clock.now() - timedelta(days=8)
    hold_files(contact=contact, new=[NewFile("a.txt", "text/plain", b"a")], now=long_ago)
    save_request_draft(contact=contact, service="", claim="", text="password: Mare-2026", now=long_ago)
    return MINUTE


def ticket_under_planned_work() -> Arguments:
    now, service = clock.now(), make_service()
    make_ticket(contact=make_contact(customer=service.customer), service=service, now=now - timedelta(minutes=5))
    set_quiet(source=public_id(), quiet=Quiet([], [service], now, now + timedelta(hours=1)), now=now)
    return MINUTE


def planned_maintenance() -> Arguments:
    Mailbox.objects.update(is_active=False)
    make_mailbox()
    server, contact, earlier = make_server(), make_contact(), clock.now() - timedelta(minutes=5)
    make_service(customer=contact.customer, server=server)
    plan = Plan(
        title_it="x", title_en="x", text_it="x", text_en="x", starts_at=earlier, ends_at=earlier + timedelta(hours=1),
        servers=[server],
    )  # fmt: skip
    plan_maintenance(plan=plan, by=make_user(), now=earlier)
    return MINUTE


def unanswered_proposal() -> Arguments:
    contact, long_ago = make_contact(), clock.now() - timedelta(days=20)
    old, new = (make_ticket(contact=contact, mailbox=make_mailbox(), now=long_ago) for _each in range(2))
    Proposal.objects.create(ticket=new, target=old, place="desk", score=1, probability=0.7, made_at=long_ago)
    return MINUTE


def fault_seen_later() -> Arguments:
    contact, now = make_contact(), clock.now()
    service = make_service(customer=contact.customer)
    old, new = (make_ticket(contact=contact, service=service, mailbox=make_mailbox(), now=now) for _each in range(2))
    Proposal.objects.create(ticket=new, target=old, place="desk", score=1, probability=0.7, made_at=now)
    for ticket in (old, new):
        weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=now)
    return MINUTE


def piled_up_tickets() -> Arguments:
    server = make_server()
    for _each in range(3):
        contact = make_contact()
        service = make_service(customer=contact.customer, server=server)
        make_ticket(contact=contact, service=service, mailbox=make_mailbox(), now=clock.now())
    return MINUTE


def customer_with_a_history() -> Arguments:
    contact = make_contact()
    for day in range(3):
        make_ticket("Ordini fermi, urgente", contact=contact, now=clock.now() - timedelta(days=day + 1))
    return MINUTE


def outage() -> Arguments:
    """With an open ticket that has not heard of it."""
    incident = outage_of_one()
    lose_jobs()
    return {"incident_id": incident.pk}


def untold_outage() -> Arguments:
    outage_of_one()
    lose_jobs()
    return MINUTE


def outage_of_one() -> Incident:
    contact, server = make_contact(address=f"anna{OutboundMail.objects.count()}@customer.example"), make_server()
    service = make_service(customer=contact.customer, server=server)
    make_ticket(contact=contact, service=service, mailbox=make_mailbox(), now=clock.now())
    opening = Opening(
        title_it="Guasto", title_en="Outage", text_it="x", text_en="x", started_at=clock.now(), servers=[server]
    )
    return open_incident(opening=opening, by=make_user(), now=clock.now())


def ticket_of_suspended_service() -> Service:
    service = make_service()
    Service.objects.filter(pk=service.pk).update(status=ServiceStatus.SUSPENDED)
    make_ticket(contact=make_contact(customer=service.customer), service=service, now=clock.now())
    service.refresh_from_db()
    return service


def service_to_look_at() -> Arguments:
    ticket_of_suspended_service()
    return MINUTE


def look_that_waits() -> Arguments:
    asked = ask(service=ticket_of_suspended_service(), occasion=Occasion.DEMAND, now=clock.now())
    return {"examination_id": asked.pk}


def old_look() -> Arguments:
    ask(service=make_service(), occasion=Occasion.SCHEDULE, now=clock.now())
    Examination.objects.update(finished_at=clock.now() - timedelta(days=100), verdict=ServiceVerdict.FINE)
    return MINUTE


JOBS: Mapping[str, Callable[[], Arguments]] = {
    "sportello.evidence.forget_old": old_look,
    "sportello.evidence.look": look_that_waits,
    "sportello.evidence.look_around": service_to_look_at,
    "sportello.accounts.tidy": spent_sessions,
    "sportello.desk.send_password_link": agent_who_asks,
    "sportello.duplicates.learn": unanswered_proposal,
    "sportello.duplicates.reconsider": fault_seen_later,
    "sportello.imports.carry_on": begun_import,
    "sportello.imports.sweep": import_that_stands_still,
    "sportello.imports.sync": billing_system_to_read,
    "sportello.imports.tidy": forgotten_import,
    "sportello.incidents.tell_maintenance": planned_maintenance,
    "sportello.incidents.go_on": untold_outage,
    "sportello.incidents.go_on_with": outage,
    "sportello.incidents.propose": piled_up_tickets,
    "sportello.intake.file_held_back": held_back_mail,
    "sportello.intake.process_inbound": lambda: {"inbound_id": waiting_mail().pk},
    "sportello.intake.reread": lambda: {"inbound_id": filed_mail().pk},
    "sportello.intake.ring_for_held": held_mail,
    "sportello.intake.self_test": mailbox_to_test,
    "sportello.mail.deliver": lambda: {"outbound_id": outbound_mail().pk},
    "sportello.mail.sweep": forgotten_outbound_mail,
    "sportello.portal.send_link": contact_who_asks,
    "sportello.portal.tidy": spent_links,
    "sportello.presales.tidy": unconfirmed_question,
    "sportello.privacy.erase": erasure_that_is_meant,
    "sportello.privacy.pack": asked_for_data,
    "sportello.privacy.tidy": old_call,
    "sportello.privacy.expire_drops": forgotten_secret,
    "sportello.tickets.close_solved": long_solved_ticket,
    "sportello.tickets.fire_alarms": late_ticket,
    "sportello.tickets.fold_tallies": changed_queue,
    "sportello.tickets.look_at_customers": customer_with_a_history,
    "sportello.tickets.let_go_unsent": unsent_request,
    "sportello.tickets.make_preview": picture,
    "sportello.tickets.stand_still": ticket_under_planned_work,
    "sportello.tickets.tell_undelivered": refused_answer,
    "sportello.watch.recheck_damaged": mended_file,
}
HANDS = "hands of a worker"
"""No job: mail that waits is read, and its receipts leave."""
DEATHS: Mapping[str, Callable[[], Arguments]] = {**JOBS, HANDS: lambda: {"inbound_id": waiting_mail().pk}}
TELLS_OTHERS_ONLY = {"sportello.tickets.post_alarm", "sportello.intake.post_held"}
"""Change nothing here. Whoever is told knows a repetition by the ticket or mail and the instant that it names."""
WRITES_FILES_ONLY = {"sportello.incidents.export_status"}
"""The public status, as files of another host, each replaced as a whole."""
RINGS_ONLY = {"sportello.intake.sweep"}
"""Tells whoever reads mail to look."""
LOOKS_ONLY = {"sportello.watch.check_files"}
"""Writes down when it looked and what it found, in one row; who looked last is right."""


# -- doing them --------------------------------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def world(settings: Settings) -> Iterator[Conduct]:
    """An empty queue of jobs, both queues of tickets, and a mail server that takes our mail."""
    lose_jobs()
    for slug in ("support", "presales"):
        make_queue(slug)
    conduct = Conduct()
    with serving(conduct) as (host, port), whmcs_server.serving(whmcs_server.small_provider()) as url:
        settings.WHMCS_URL, settings.WHMCS_EVERY_HOURS, settings.WHMCS_NETWORKS = url, 1, [ip_network("127.0.0.0/8")]
        settings.WHMCS_IDENTIFIER, settings.WHMCS_SECRET = whmcs_server.IDENTIFIER, whmcs_server.SECRET
        settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = host, port, "none"
        settings.SELF_TEST_MINUTES, settings.CLOSE_SOLVED_DAYS, settings.ALARM_WEBHOOK_URL = 5, 7, ""
        settings.ALARM_MAIL = "duty@provider.example"
        settings.PROBES = True
        settings.RECEIPTS_PER_HOUR = 0  # else the first of all receipts leaves one more row, the hour's count
        yield conduct


def do(name: str, arguments: Arguments, *, attempts: int = 0) -> None:
    if name == HANDS:
        read_and_send()
        return
    task = app.tasks[name]
    if task.pass_context:
        job = Job(
            id=1,
            queue="default",
            lock=None,
            queueing_lock=None,
            task_name=name,
            task_kwargs=arguments,
            attempts=attempts,
        )
        task.func(JobContext(app=app, job=job, start_timestamp=0.0, abort_reason=lambda: None), **arguments)
    else:
        task.func(**arguments)


def read_and_send() -> None:
    """What a worker does as it starts and then with what waits, one thing after the other."""
    errands._give_jobs_to_what_was_left()
    errands._take_over_the_dead()
    stop = Event()
    messenger = errands.Messenger(stop)
    read_some(stop, lambda: None, messenger)
    while messenger._waiting.qsize():
        messenger._send(messenger._waiting.get())
    messenger._rest()


def do_killed(name: str, arguments: Arguments, *, at: int) -> None:
    """By a worker that is killed (-9) before its `at`-th word to the database, and three minutes later by another one."""
    connection.close()  # of which the one that is killed must have none
    worker = os.fork()
    if worker == 0:
        _die_before(at)
        with suppress(Exception):
            do(name, arguments)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(worker, 0)
    _let_pass(timedelta(minutes=3))
    do(name, arguments, attempts=1)


def _die_before(at: int) -> None:
    words = itertools.count(1)
    wait = Connection.wait

    def counted(self: Connection, *given: Any, **options: Any) -> Any:
        if next(words) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return wait(self, *given, **options)

    Connection.wait = counted  # type: ignore[method-assign]  # to be killed at the word that is wanted: this process does nothing else


def do_at_once(name: str, arguments: Arguments) -> None:
    start = Barrier(AT_ONCE)

    def work(_number: int) -> None:
        try:
            start.wait(60)
            do(name, arguments)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as workers:
        list(workers.map(work, range(AT_ONCE)))


def do_the_rest() -> None:
    """The jobs that it deferred, and theirs."""
    while found := _next_job():
        do(*found)


def _next_job() -> tuple[str, Arguments] | None:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_JOB)
        found = cursor.fetchone()
    return (found[0], json.loads(found[1])) if found else None


def _let_pass(time: timedelta) -> None:
    """For what a worker that is gone has in its hands."""
    OutboundMail.objects.filter(state=OutboundState.SENDING).update(next_attempt_at=F("next_attempt_at") - time)
    InboundMail.objects.filter(state=InboundState.RECEIVED).update(next_attempt_at=F("next_attempt_at") - time)
    Examination.objects.update(begun_at=F("begun_at") - time, finished_at=F("finished_at") - time)


def lose_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


# -- what they leave ---------------------------------------------------------------------------------------------------------------------
def contents() -> dict[str, str]:
    """A digest of all rows of each table."""
    return _of_each_table("SELECT coalesce(md5(string_agg(row::text, '' ORDER BY row::text)), '') FROM {} AS row")


def sizes() -> dict[str, int]:
    return {table: int(size) for table, size in _of_each_table("SELECT count(*) FROM {}").items()}


def _of_each_table(query: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [table for (table,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', ({query.format(table)})::text" for table in tables))
        return dict(cursor.fetchall())


def words_and_growth(name: str, world: Conduct) -> tuple[int, dict[str, int]]:
    """How many words it says to the database when nothing happens to it, and what it then leaves."""
    heard = itertools.count()
    with pytest.MonkeyPatch.context() as patching:
        wait = Connection.wait

        def counted(self: Connection, *given: Any, **options: Any) -> Any:
            next(heard)
            return wait(self, *given, **options)

        def counting(name: str, arguments: Arguments) -> None:
            patching.setattr(Connection, "wait", counted)
            do(name, arguments)
            patching.undo()

        grown = growth(name, counting, world)
    return next(heard), grown


def mails(world: Conduct) -> int:
    return len(world.got)


def different_mails(world: Conduct) -> int:
    """One that its sender died over, before the server's answer was written down, goes again as the same mail."""
    return len(copies(world))


def growth(
    name: str, run: Callable[[str, Arguments], None], world: Conduct, *, sent: Callable[[Conduct], int] = mails
) -> dict[str, int]:
    """How many rows each table has more, and how many mails reached the world, when the job has been run on something new."""
    arguments = DEATHS[name]()
    before, sent_before = sizes(), sent(world)
    run(name, arguments)
    do_the_rest()
    after = sizes()
    grown = {table: after[table] - before[table] for table in after if after[table] != before[table]}
    return {**grown, "sent": sent(world) - sent_before}


def test_r10_no_job_is_left_out() -> None:
    ours = {name for name in app.tasks if name.startswith("sportello.")}
    assert ours == JOBS.keys() | TELLS_OTHERS_ONLY | WRITES_FILES_ONLY | RINGS_ONLY | LOOKS_ONLY


@pytest.mark.parametrize("name", JOBS)
def test_r10_a_job_done_twice_changes_nothing_more(name: str, world: Conduct) -> None:
    arguments = JOBS[name]()
    do(name, arguments)
    do_the_rest()
    once, sent = contents(), len(world.got)
    do(name, arguments)
    do_the_rest()
    twice = contents()
    assert [table for table in once if twice[table] != once[table]] == []
    assert len(world.got) == sent


@pytest.mark.parametrize("name", JOBS)
def test_r10_a_job_done_by_several_at_once_leaves_what_one_leaves(name: str, world: Conduct) -> None:
    assert growth(name, do_at_once, world) == growth(name, do, world)


@pytest.mark.parametrize("name", DEATHS)
def test_r11_a_job_killed_between_any_two_words_to_the_database_and_done_again_leaves_what_it_leaves_once(
    name: str, world: Conduct, record_property: Callable[[str, object], None]
) -> None:
    words, once = words_and_growth(name, world)
    places = range(1, words + 2)
    if not IS_LONG:
        places = places[:: max(1, len(places) // PLACES)]
    found = {at: growth(name, partial(do_killed, at=at), world, sent=different_mails) for at in places}
    wrong = {at: left for at, left in found.items() if left != once}
    record_property("faults", {"faults": len(found), "survived": len(found) - len(wrong)})
    assert wrong == {}, once
