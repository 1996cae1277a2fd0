"""An outage from its first ticket to its end, as customers and staff see it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from sportello.accounts.models import AuditEntry
from sportello.core.errors import Refused
from sportello.desk.incidents import preview_of, suggested
from sportello.diagnostics.enums import Occasion
from sportello.diagnostics.models import Examination
from sportello.incidents import actions
from sportello.incidents.enums import IncidentState, LinkReason, ProposalState
from sportello.incidents.models import Incident, IncidentTicket, Proposal
from sportello.incidents.queries.pages import Reach, answered_first, hit_by, number_under, reach_of
from sportello.intake.actions.asking import ask_in_portal
from sportello.mail.composition import when
from sportello.mail.models import OutboundMail
from sportello.services.enums import ServiceVerdict
from sportello.tickets import actions as tickets
from sportello.tickets.enums import Claim, Status
from sportello.tickets.models import Ticket
from sportello.triage.enums import QueueGroup
from tests.factories import NOW, make_message, make_reader, make_server, make_ticket
from tests.incidents.scene import MINUTE, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def mails() -> Counter[str]:
    return Counter(OutboundMail.objects.values_list("to", flat=True))


def words(ticket: Ticket) -> str:
    return ticket.messages.order_by("-created_at", "-pk")[0].text


# -- gathering and telling -----------------------------------------------------------------------------------------------
def test_open_tickets_of_what_is_hit_are_gathered_and_answered_in_their_language(scene: Scene) -> None:
    italian, english = scene.ticket(), scene.ticket(language="en", subject="The site is down")
    other = make_ticket()
    incident = scene.incident(now=NOW + 2 * MINUTE)
    assert set(incident.links.values_list("ticket", "reason")) == {
        (italian.pk, LinkReason.SERVER),
        (english.pk, LinkReason.SERVER),
    }
    assert "Il server non risponde: lo riavviamo." in words(italian)
    assert "The server does not answer: we are restarting it." in words(english)
    assert "Il server" not in words(english)
    assert fresh(other).first_answered_at is None
    assert fresh(italian).in_incident
    assert sum(mails().values()) == 2


def test_what_it_says_counts_as_the_first_answer_and_is_marked(scene: Scene) -> None:
    ticket = scene.ticket()
    scene.incident(now=NOW + 2 * MINUTE)
    assert fresh(ticket).first_answered_at == NOW + 2 * MINUTE
    assert fresh(ticket).customer_waits_since is None
    assert ticket.events.filter(kind="incident_told", data__first=True).count() == 1
    assert answered_first(scene.agent, since=NOW) == 1


def test_a_person_with_two_tickets_has_one_mail_of_each_update(scene: Scene) -> None:
    contact, service = scene.customer()
    both = [make_ticket(contact=contact, service=service, mailbox=scene.mailbox) for _each in range(2)]
    incident = scene.incident()
    scene.say(incident, now=NOW + 5 * MINUTE)
    assert [ticket.messages.count() for ticket in both] == [3, 3]
    assert list(mails().values()) == [2]


def test_telling_twice_tells_once(scene: Scene) -> None:
    ticket = scene.ticket()
    incident = scene.incident()
    scene.go_on(incident, now=NOW + MINUTE)
    scene.go_on(incident, now=NOW + 2 * MINUTE)
    assert (ticket.messages.count(), sum(mails().values())) == (2, 1)
    assert incident.updates.get().told_at == NOW + MINUTE


def test_what_was_overtaken_before_it_went_out_is_not_sent(scene: Scene) -> None:
    ticket = scene.ticket()
    incident = scene.incident(go_on=False)
    scene.say(incident, now=NOW + MINUTE)
    assert "Disco it" in words(ticket)
    assert ticket.messages.count() == 2


def test_nobody_whose_address_was_only_claimed_is_told(scene: Scene) -> None:
    ticket = scene.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(sender_verified=False)
    scene.incident()
    assert (ticket.messages.count(), sum(mails().values())) == (1, 0)
    assert fresh(ticket).first_answered_at is None


def test_another_matter_of_a_customer_who_is_hit_is_left_alone(scene: Scene) -> None:
    bill = scene.ticket(subject="Fattura di ottobre", text="Mi serve la fattura")
    before = scene.ticket(now=NOW - timedelta(days=2))
    incident = scene.incident()
    assert not incident.links.exists()
    assert [fresh(ticket).first_answered_at for ticket in (bill, before)] == [None, None]


def test_a_person_puts_it_under_the_incident_all_the_same(scene: Scene) -> None:
    ticket = scene.ticket(now=NOW - timedelta(days=2))
    incident = scene.incident()
    link = actions.link_ticket(incident=incident, ticket=ticket, by=scene.agent, now=NOW + MINUTE)
    scene.go_on(incident, now=NOW + MINUTE)
    assert (link.reason, link.linked_by) == (LinkReason.STAFF, scene.agent)
    assert "lo riavviamo" in words(ticket)


# -- while it goes on ----------------------------------------------------------------------------------------------------
def test_a_new_request_about_it_is_answered_at_once_instead_of_a_receipt(scene: Scene) -> None:
    contact, service = scene.customer()
    incident = scene.incident()
    ticket = ask_in_portal(
        contact=contact,
        service=service,
        claim=Claim.NOTHING_OPENS,
        text="Non si apre più niente",
        files=(),
        now=NOW + 5 * MINUTE,
    )
    assert incident.links.get().ticket_id == ticket.pk
    assert "Il server non risponde: lo riavviamo." in words(ticket)
    assert fresh(ticket).first_answered_at == NOW + 5 * MINUTE
    mail = OutboundMail.objects.get()
    assert f"[#{ticket.number}]" in mail.subject
    scene.go_on(incident, now=NOW + 6 * MINUTE)
    assert OutboundMail.objects.count() == 1


def test_a_question_gets_its_receipt_and_waits_for_a_person(scene: Scene) -> None:
    contact, service = scene.customer()
    incident = scene.incident()
    ticket = ask_in_portal(
        contact=contact,
        service=service,
        claim=Claim.QUESTION,
        text="Come creo una casella?",
        files=(),
        now=NOW + 5 * MINUTE,
    )
    scene.go_on(incident, now=NOW + 6 * MINUTE)
    assert not incident.links.exists()
    assert fresh(ticket).first_answered_at is None
    assert OutboundMail.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["Come si crea una casella nuova?", "Cambio intestatario del dominio", "I'd like a certificate", "Salve"]
)
def test_a_request_about_something_else_was_answered_with_the_outage_and_solved_with_it(
    scene: Scene, client: Client, text: str
) -> None:
    incident = scene.incident()
    ticket = scene.ticket(subject=text, text=text, now=NOW + MINUTE)
    tickets.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=NOW + 2 * MINUTE)
    scene.go_on(incident, now=NOW + 2 * MINUTE)
    assert not incident.links.exists()
    client.force_login(scene.agent)
    page = client.get(f"/desk/incidents/{incident.public_id}/").content.decode()
    assert f"#{ticket.number}" in page
    put_under = reverse("desk:put-under-incident", args=[ticket.public_id])
    assert f'action="{put_under}"' in page
    here = f"/desk/incidents/{incident.public_id}/"
    assert client.post(put_under, {"incident": str(incident.public_id), "next": here}).headers["Location"] == here
    assert incident.links.get().ticket_id == ticket.pk


def test_a_cry_for_help_is_put_under_it_once_its_service_was_seen_to_fail(scene: Scene) -> None:
    incident = scene.incident()
    ticket = scene.ticket(subject="Aiuto", text="Urgente!", now=NOW + MINUTE)
    scene.go_on(incident, now=NOW + MINUTE)
    assert not incident.links.exists()
    tickets.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=NOW + 2 * MINUTE)
    scene.go_on(incident, now=NOW + 2 * MINUTE)
    assert incident.links.get().ticket_id == ticket.pk


def test_words_of_staff_are_not_taken_for_the_customers(scene: Scene) -> None:
    ticket = scene.ticket(subject="Buongiorno", text="Salve")
    tickets.reply(
        ticket=ticket, text="Il server è giù.", by=scene.agent, now=NOW, seen_version=ticket.version, then="keep"
    )
    make_message(ticket, "Va bene", now=NOW + MINUTE)
    assert not scene.incident(now=NOW + MINUTE).links.exists()


def test_what_nobody_has_renewed_is_told_but_counts_as_no_answer(scene: Scene) -> None:
    scene.incident()
    contact, service = scene.customer()
    late = NOW + timedelta(hours=2)
    ticket = ask_in_portal(
        contact=contact, service=service, claim=Claim.NOTHING_OPENS, text="Non si apre", files=(), now=late
    )
    assert "lo riavviamo" in words(ticket)
    assert fresh(ticket).first_answered_at is None


def test_one_more_ticket_of_an_outage_costs_the_same_however_many_there_are(scene: Scene) -> None:
    scene.incident()

    def ask() -> int:
        contact, service = scene.customer()
        with CaptureQueriesContext(connection) as queries:
            ask_in_portal(
                contact=contact, service=service, claim=Claim.NOTHING_OPENS, text="Non si apre", files=(), now=NOW
            )
        return len(queries)

    ask()
    first = ask()
    for _each in range(20):
        ask()
    assert ask() == first
    assert Incident.objects.count() == 1
    assert set(mails().values()) == {1}


# -- wrong links ---------------------------------------------------------------------------------------------------------
def test_a_wrong_link_is_undone_with_the_clocks_as_they_were(scene: Scene) -> None:
    ticket = scene.ticket()
    was = fresh(ticket)
    incident = scene.incident(now=NOW + 2 * MINUTE)
    actions.unlink_ticket(link=incident.links.get(), by=scene.agent, now=NOW + 3 * MINUTE)
    scene.go_on(incident, now=NOW + 3 * MINUTE)
    now = fresh(ticket)
    assert (now.first_answered_at, now.customer_waits_since, now.due_at) == (None, NOW, was.due_at)
    assert not now.in_incident
    assert answered_first(scene.agent, since=NOW) == 0
    scene.say(incident, now=NOW + 5 * MINUTE)
    assert ticket.messages.count() == 2
    assert not incident.links.filter(undone_at=None).exists()


def test_undoing_leaves_what_people_did_since(scene: Scene) -> None:
    ticket = scene.ticket()
    incident = scene.incident(now=NOW + 2 * MINUTE)
    make_message(ticket, "È un altro problema", now=NOW + 4 * MINUTE)
    tickets.take(ticket=ticket, by=scene.agent, now=NOW + 5 * MINUTE)
    ticket.refresh_from_db()
    tickets.reply(
        ticket=ticket, text="Ecco", by=scene.agent, now=NOW + 6 * MINUTE, seen_version=ticket.version, then="solve"
    )
    actions.unlink_ticket(link=incident.links.get(), by=scene.agent, now=NOW + 7 * MINUTE)
    scene.go_on(incident, now=NOW + 7 * MINUTE)
    now = fresh(ticket)
    assert (now.status, now.first_answered_at, now.assignee) == (Status.SOLVED, NOW + 6 * MINUTE, scene.agent)


def test_all_are_taken_out_at_once(scene: Scene) -> None:
    both = [scene.ticket(), scene.ticket()]
    incident = scene.incident()
    assert actions.unlink_all(incident=incident, by=scene.agent, now=NOW + MINUTE) == 2
    scene.go_on(incident, now=NOW + MINUTE)
    assert [fresh(ticket).first_answered_at for ticket in both] == [None, None]
    assert actions.unlink_all(incident=incident, by=scene.agent, now=NOW + MINUTE) == 0


# -- the end -------------------------------------------------------------------------------------------------------------
def solved(scene: Scene, incident: Incident, *, minutes: int = 20) -> None:
    scene.say(incident, now=NOW + minutes * MINUTE, state=IncidentState.SOLVED, text="Riavviato")


def test_solving_waits_for_a_look_then_solves_all_and_keeps_the_one_still_down(scene: Scene) -> None:
    works, down, unseen = scene.ticket(), scene.ticket(), scene.ticket()
    for ticket in (works, down, unseen):
        tickets.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=NOW)
    incident = scene.incident()
    assert fresh(down).group == QueueGroup.ANSWERED
    solved(scene, incident)
    assert {fresh(one).status for one in (works, down, unseen)} == {Status.OPEN}
    later = NOW + 21 * MINUTE
    tickets.weigh(ticket=fresh(works), verdict=ServiceVerdict.FINE, now=later)
    tickets.weigh(ticket=fresh(down), verdict=ServiceVerdict.UNUSABLE, now=later)
    scene.go_on(incident, now=later)
    assert [fresh(one).status for one in (works, down, unseen)] == [Status.SOLVED, Status.OPEN, Status.OPEN]
    scene.go_on(incident, now=NOW + 24 * MINUTE)
    assert fresh(unseen).status == Status.SOLVED
    assert incident.links.get(ticket=down).kept_because == "still_down"
    assert "ancora non risponde" in words(down)
    assert "è risolta" in words(works)
    assert set(mails().values()) == {2}
    hit = hit_by(scene.agent, incident)
    assert (hit.solved, hit.kept, hit.live) == (2, 1, 0)
    assert (fresh(down).in_incident, fresh(down).group) == (False, QueueGroup.OUTAGE)


def test_a_worker_that_read_it_before_its_end_leaves_no_ticket_told_of_the_end_but_unsolved(scene: Scene) -> None:
    ticket = scene.ticket()
    incident = scene.incident()
    said = actions.Said(state=IncidentState.SOLVED, text_it="Riavviato", text_en="Restarted")
    before = Incident.objects.get(pk=incident.pk)  # as a worker holds it that read it now
    actions.post_update(
        incident=incident, said=said, by=scene.agent, now=NOW + 20 * MINUTE, seen_version=incident.version
    )
    actions.go_on_once(incident=before, now=NOW + 20 * MINUTE)
    scene.go_on(incident, now=NOW + 24 * MINUTE)
    assert (fresh(ticket).status, words(ticket).count("Riavviato")) == (Status.SOLVED, 1)


def test_a_worker_that_read_it_before_it_went_on_solves_no_ticket(scene: Scene) -> None:
    ticket = scene.ticket()
    tickets.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=NOW)
    incident = scene.incident()
    solved(scene, incident)
    before = Incident.objects.get(pk=incident.pk)  # as a worker holds it that read it now
    said = actions.Said(state=IncidentState.WATCHING, text_it="Di nuovo giù", text_en="Down again")
    actions.post_update(
        incident=incident, said=said, by=scene.agent, now=NOW + 21 * MINUTE, seen_version=before.version
    )
    actions.go_on_once(incident=before, now=NOW + 24 * MINUTE)
    scene.go_on(incident, now=NOW + 24 * MINUTE)
    assert (fresh(ticket).status, incident.links.get().released_at) == (Status.OPEN, None)
    assert "Di nuovo giù" in words(ticket)


def test_at_the_end_the_services_of_its_tickets_are_looked_at_once_more(scene: Scene, settings: Settings) -> None:
    settings.PROBES = True
    tickets_hit = [scene.ticket() for _number in range(3)]
    incident = scene.incident()
    solved(scene, incident)
    asked = Examination.objects.filter(occasion=Occasion.INCIDENT, finished_at=None)
    assert set(asked.values_list("service", flat=True)) == {ticket.service_id for ticket in tickets_hit}
    assert {fresh(one).status for one in tickets_hit} == {Status.OPEN}
    scene.go_on(incident, now=NOW + 24 * MINUTE)
    assert {fresh(one).status for one in tickets_hit} == {Status.SOLVED}


@pytest.mark.parametrize("language", ["it", "en"])
def test_who_was_kept_was_not_told_until_when_and_nothing_was_owed_to_them(scene: Scene, language: str) -> None:
    ticket = scene.ticket(language=language)
    incident = scene.incident(now=NOW + 2 * MINUTE)
    assert fresh(ticket).due_at is None
    tickets.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=NOW + 11 * MINUTE)
    scene.say(incident, now=NOW + 10 * MINUTE, state=IncidentState.SOLVED)
    due = NOW + 70 * MINUTE
    assert (incident.links.get().kept_because, fresh(ticket).due_at) == ("still_down", due)
    told = {"it": "La prossima risposta arriva entro", "en": "You hear from us again by"}[language]
    assert f"{told} {when(due, language=language)}." in words(ticket)


def test_who_was_kept_in_analysis_hears_of_the_update_that_is_promised(scene: Scene) -> None:
    ticket = scene.ticket()
    incident = scene.incident(now=NOW + 2 * MINUTE)
    tickets.start_analysis(ticket=ticket, next_update_at=None, by=scene.agent, now=NOW + 5 * MINUTE)
    scene.say(incident, now=NOW + 10 * MINUTE, state=IncidentState.SOLVED)
    kept = fresh(ticket)
    assert (incident.links.get().kept_because, kept.status) == ("in_analysis", Status.IN_ANALYSIS)
    assert kept.due_at is not None
    assert f"entro {when(kept.due_at, language='it')}." in words(ticket)


def test_what_nobody_was_told_in_stays_open_and_is_not_counted_as_solved(scene: Scene) -> None:
    ticket = scene.ticket()
    ticket.sender_verified = False
    ticket.save(update_fields=["sender_verified"])
    incident = scene.incident()
    solved(scene, incident)
    hit = hit_by(scene.agent, incident)
    assert (fresh(ticket).status, hit.solved, hit.kept) == (Status.NEW, 0, 1)


def test_what_a_customer_asked_meanwhile_is_not_closed_over(scene: Scene) -> None:
    ticket = scene.ticket()
    incident = scene.incident()
    make_message(ticket, "E per gli ordini persi?", now=NOW + 10 * MINUTE)
    solved(scene, incident)
    scene.go_on(incident, now=NOW + 24 * MINUTE)
    assert fresh(ticket).status == Status.OPEN
    assert incident.links.get().kept_because == "unanswered"


def test_another_matter_besides_the_outage_is_kept_for_a_person(scene: Scene) -> None:
    both = scene.ticket(text="Il sito non si apre. Mi serve anche la fattura di ottobre.")
    taken = scene.ticket(subject="Fattura", text="Mi serve la fattura.")
    incident = scene.incident()
    actions.link_ticket(incident=incident, ticket=taken, by=scene.agent, now=NOW + MINUTE)
    scene.say(incident, now=NOW + 10 * MINUTE, state=IncidentState.SOLVED)
    kept = incident.links.get(ticket=both)
    assert (kept.kept_because, fresh(both).status) == ("other_matter", Status.OPEN)
    assert f"#{both.number} parla anche di un altro argomento" in words(both)
    assert fresh(taken).status == Status.SOLVED


def test_solved_too_early_it_goes_on_with_the_tickets_that_were_kept(scene: Scene) -> None:
    ticket = scene.ticket()
    tickets.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=NOW)
    incident = scene.incident()
    solved(scene, incident)
    tickets.weigh(ticket=fresh(ticket), verdict=ServiceVerdict.UNUSABLE, now=NOW + 21 * MINUTE)
    scene.go_on(incident, now=NOW + 21 * MINUTE)
    assert reach_of(scene.agent, incident) == Reach(tickets=1, people=1)
    scene.say(incident, now=NOW + 22 * MINUTE, text="Di nuovo giù")
    assert incident.ended_at is None
    assert incident.links.get().released_at is None
    assert "Di nuovo giù it" in words(ticket)


def test_the_preview_of_an_update_names_a_ticket_under_it_and_nobody_elses(scene: Scene) -> None:
    make_ticket()
    incident = scene.incident()
    said = actions.Said(state=IncidentState.WATCHING, text_it="Fatto", text_en="Done")
    assert "#…" in preview_of(incident, said, number_under(scene.agent, incident))[0].text
    ticket = scene.ticket()
    scene.go_on(incident, now=NOW + MINUTE)
    assert f"#{ticket.number}" in preview_of(incident, said, number_under(scene.agent, incident))[0].text


# -- who may, and what is refused ----------------------------------------------------------------------------------------
def test_the_same_words_twice_are_one_update(scene: Scene) -> None:
    incident = scene.incident()
    assert scene.say(incident, now=NOW + MINUTE) == scene.say(incident, now=NOW + MINUTE)
    assert incident.updates.count() == 2


def test_what_somebody_else_said_meanwhile_is_looked_at_first(scene: Scene) -> None:
    incident = scene.incident()
    seen = incident.version
    scene.say(incident, now=NOW + MINUTE)
    said = actions.Said(state=IncidentState.WATCHING, text_it="Fatto", text_en="Done")
    with pytest.raises(Refused) as refused:
        actions.post_update(incident=incident, said=said, by=scene.agent, now=NOW + 2 * MINUTE, seen_version=seen)
    assert refused.value.code == "changed-since"


def test_who_only_reads_says_nothing(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        scene.incident(by=make_reader())
    assert refused.value.code == "read-only"


def test_every_act_is_an_event_and_audited(scene: Scene) -> None:
    ticket = scene.ticket()
    incident = scene.incident()
    scene.say(incident, now=NOW + MINUTE)
    actions.unlink_ticket(link=incident.links.get(), by=scene.agent, now=NOW + 2 * MINUTE)
    actions.link_ticket(incident=incident, ticket=fresh(ticket), by=scene.agent, now=NOW + 3 * MINUTE)
    solved(scene, incident)
    kinds = list(incident.events.filter(user=scene.agent).values_list("kind", flat=True))
    assert kinds == ["opened", "updated", "unlinked", "linked", "solved"]
    acts = list(AuditEntry.objects.filter(act__startswith="incident-").order_by("pk").values_list("act", flat=True))
    assert acts == ["incident-opened", "incident-updated", "incident-unlinked", "incident-linked", "incident-solved"]


# -- by itself -----------------------------------------------------------------------------------------------------------
def test_three_customers_of_a_server_make_one_proposal(scene: Scene) -> None:
    for _each in range(2):
        scene.ticket()
    assert actions.propose(now=NOW + MINUTE) == 0
    scene.ticket()
    make_ticket()
    assert actions.propose(now=NOW + MINUTE) == 1
    assert actions.propose(now=NOW + 2 * MINUTE) == 0
    proposal = Proposal.objects.get()
    assert (proposal.server, proposal.evidence["customers"], len(proposal.evidence["tickets"])) == (scene.server, 3, 3)


def test_one_ticket_is_enough_where_the_neighbours_fail_alike(scene: Scene) -> None:
    ticket = scene.ticket()
    tickets.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, neighbours_down=2, now=NOW)
    assert actions.propose(now=NOW + MINUTE) == 1
    assert Proposal.objects.get().evidence["reasons"][0] == ["neighbours", {"failing": 3, "examined": 3}]


def test_a_bill_of_a_customer_is_no_case(scene: Scene) -> None:
    scene.ticket(), scene.ticket()
    scene.ticket(subject="Fattura di ottobre", text="Mi serve la fattura")
    assert actions.propose(now=NOW + MINUTE) == 0


def test_services_that_work_are_no_case(scene: Scene) -> None:
    for _each in range(3):
        tickets.weigh(ticket=scene.ticket(), verdict=ServiceVerdict.FINE, now=NOW)
    assert actions.propose(now=NOW + MINUTE) == 0


def test_opened_from_a_proposal_twice_it_is_one_incident(scene: Scene) -> None:
    for _each in range(3):
        scene.ticket()
    actions.propose(now=NOW + MINUTE)
    proposal = Proposal.objects.get()
    opening = actions.Opening(
        title_it="a", title_en="a", text_it="b", text_en="b", started_at=NOW, servers=[scene.server]
    )
    opened = [
        actions.open_incident(opening=opening, by=scene.agent, now=NOW + MINUTE, proposal=proposal) for _each in "ab"
    ]
    assert opened[0] == opened[1]
    scene.go_on(opened[0], now=NOW + MINUTE)
    assert reach_of(scene.agent, opened[0]).people == 3
    assert actions.propose(now=NOW + 2 * MINUTE) == 0
    assert Proposal.objects.get().state == ProposalState.TAKEN


def test_the_title_that_customers_read_names_no_server_by_its_inner_name(scene: Scene) -> None:
    named = make_server("web-8", public_name="Hosting · Milano")
    for servers, title in (
        ([scene.server], "Outage of some services"),
        ([scene.server, named], "Outage: Hosting · Milano"),
    ):
        assert suggested(servers, [], since=NOW, now=NOW)["title_en"] == title
    assert suggested([], [], since=NOW, now=NOW)["title_en"] == ""


def test_set_aside_it_does_not_come_back_at_once(scene: Scene) -> None:
    for _each in range(3):
        scene.ticket()
    actions.propose(now=NOW + MINUTE)
    actions.set_aside(proposal=Proposal.objects.get(), by=scene.agent, now=NOW + 2 * MINUTE)
    scene.ticket(now=NOW + 3 * MINUTE)
    assert actions.propose(now=NOW + 3 * MINUTE) == 0
    for _each in range(6):
        scene.ticket(now=NOW + 4 * MINUTE)
    assert actions.propose(now=NOW + 4 * MINUTE) == 1


def test_a_proposal_that_nothing_speaks_for_any_more_passes(scene: Scene) -> None:
    for _each in range(3):
        scene.ticket()
    actions.propose(now=NOW + MINUTE)
    actions.propose(now=NOW + 62 * MINUTE)
    assert Proposal.objects.get().state == ProposalState.PASSED


def test_a_flood_is_gathered_in_portions(scene: Scene) -> None:
    for _each in range(55):
        scene.ticket()
    incident = scene.incident(go_on=False)
    assert actions.gather(incident=incident, now=NOW) == 50
    scene.go_on(incident, now=NOW)
    assert IncidentTicket.objects.filter(told__isnull=False).count() == 55
    assert set(mails().values()) == {1}
