"""One problem in two tickets: joined by itself where it is certain, proposed where it may be, taken apart to the letter, learnt from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sportello.accounts.enums import Act, Role
from sportello.accounts.models import AuditEntry
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.duplicates import actions
from sportello.duplicates.actions import Came
from sportello.duplicates.enums import Place, ProposalState
from sportello.duplicates.forgetting import forget_answers, forget_proposals, proposals_before
from sportello.duplicates.models import Joined, Proposal
from sportello.duplicates.proposals import figures, open_proposals, standing, thresholds
from sportello.incidents.actions import link_ticket, unlink_ticket
from sportello.incidents.models import Incident
from sportello.incidents.queries.belonging import same_incident
from sportello.intake.actions import reconsider_proposed
from sportello.mail.enums import OutboundKind
from sportello.mail.models import OutboundMail
from sportello.services.enums import ServiceVerdict
from sportello.services.models import Service
from sportello.tickets.actions import close, set_aside, undo_merge, weigh
from sportello.tickets.enums import Channel, EventKind
from sportello.tickets.models import Follower, Merge, Message, Ticket
from sportello.tickets.sentences import sentence
from sportello.triage.enums import Claim
from tests.factories import NOW, make_contact, make_customer, make_mailbox, make_service, make_ticket, make_user
from tests.incidents.making import make_incident
from tests.tickets.test_joining import all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MINUTE = timedelta(minutes=1)
LATER = NOW + 20 * MINUTE
AGAIN = "Il sito dà ancora errore 500, stiamo perdendo gli ordini del negozio"
GROWS = {"version", "updated_at"}


@pytest.fixture
def laura() -> Contact:
    return make_contact("Laura Doria", customer=make_customer(), address="laura@doria.example")


@pytest.fixture
def shop(laura: Contact) -> Service:
    return make_service("negozio.example", customer=laura.customer)


@pytest.fixture
def down(laura: Contact, shop: Service) -> Ticket:
    """An open ticket whose service our own look found to be unusable."""
    ticket = make_ticket("negozio.example: errore 500", contact=laura, service=shop)
    weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=NOW + 10 * MINUTE)
    return ticket


def came(contact: Contact, service: Service | None, text: str = AGAIN, **more: Any) -> Came:
    ticket = make_ticket("Ancora errore 500", text=text, contact=contact, service=service, now=LATER)
    return Came(ticket, f"{ticket.subject}\n{text}", **more)


def standing_rows() -> list[list[dict[str, Any]]]:
    return [all_rows(Ticket, GROWS), all_rows(Message), all_rows(Follower)]


# -- one incident ------------------------------------------------------------------------------------------------------
@pytest.fixture
def outage(shop: Service) -> Incident:
    incident = make_incident(started_at=NOW)
    incident.services.set([shop])
    return incident


@pytest.fixture
def under(laura: Contact, shop: Service, outage: Incident) -> Ticket:
    """An open ticket under an incident of its service."""
    ticket = make_ticket("negozio.example: errore 500", contact=laura, service=shop)
    link_ticket(incident=outage, ticket=ticket, by=make_user(), now=NOW + MINUTE)
    ticket.refresh_from_db()
    return ticket


def by_telephone(contact: Contact, service: Service, **more: Any) -> Came:
    """Not by mail, which may follow its sender's ticket without an incident."""
    new = came(contact, service, **more)
    new.ticket.channel = Channel.PHONE
    return new


def test_a_new_request_is_of_the_same_incident_only_where_it_is_about_it_itself(
    laura: Contact, shop: Service, under: Ticket, outage: Incident
) -> None:
    again, elsewhere = (came(laura, service).ticket for service in (shop, make_service(customer=laura.customer)))
    bill = make_ticket("Fattura", text="Non trovo la fattura di marzo", contact=laura, service=shop, now=LATER)
    question = came(laura, shop).ticket
    question.claim = Claim.QUESTION
    works = came(laura, shop).ticket
    works.verdict = ServiceVerdict.FINE
    tried = (again, elsewhere, bill, question, works)
    assert [same_incident(each, under) for each in tried] == [True, False, False, False, False]
    unlink_ticket(link=under.incident_links.get(), by=make_user(), now=LATER)
    assert not same_incident(again, under)


def test_what_a_person_took_out_of_an_incident_is_not_of_it_any_more(
    laura: Contact, shop: Service, under: Ticket, outage: Incident
) -> None:
    again, agent = came(laura, shop).ticket, make_user()
    link = link_ticket(incident=outage, ticket=again, by=agent, now=LATER)
    assert same_incident(again, under)
    unlink_ticket(link=link, by=agent, now=LATER + MINUTE)
    assert not same_incident(again, under)


def test_under_one_incident_a_request_about_it_joins_by_itself_and_one_of_which_it_is_not_known_does_not(
    laura: Contact, shop: Service, under: Ticket
) -> None:
    unknown = by_telephone(laura, shop)
    assert actions.consider(came=unknown, now=LATER) is None
    set_aside(ticket=unknown.ticket, by=make_user(), now=LATER)
    assert actions.consider(came=by_telephone(laura, shop, same_incident=same_incident), now=LATER) == under


# -- by itself ---------------------------------------------------------------------------------------------------------
def test_the_same_fault_of_the_same_service_is_joined_and_taken_apart_to_the_letter(
    laura: Contact, shop: Service, down: Ticket
) -> None:
    new, agent = came(laura, shop), make_user()
    before = standing_rows()
    assert actions.consider(came=new, now=LATER) == down
    new.ticket.refresh_from_db()
    assert new.ticket.merged_into == down
    told = sentence(down.events.get(kind=EventKind.MERGED_IN))
    assert told.startswith(f"joined #{new.ticket.number} to it by itself, because: the same customer, ")
    assert "our own look found it failing in the same way" in told

    actions.take_apart(merge=Merge.objects.get(), by=agent, now=LATER + MINUTE)
    assert standing_rows() == before
    assert (Joined.objects.get().undone_by, Joined.objects.get().undone_at) == (agent, LATER + MINUTE)


def test_the_owner_stays_the_owner_and_the_longer_wait_counts(laura: Contact, shop: Service, down: Ticket) -> None:
    owner = make_user("Owner")
    Ticket.objects.filter(pk=down.pk).update(assignee=owner)
    actions.consider(came=came(laura, shop), now=LATER)
    down.refresh_from_db()
    assert (down.assignee, down.customer_waits_since) == (owner, NOW)


def test_words_alone_only_propose(laura: Contact, shop: Service) -> None:
    old = make_ticket("negozio.example: errore 500", contact=laura, service=shop)
    make_ticket("Ancora errore 500", text=AGAIN, contact=laura, service=shop, now=NOW + MINUTE)
    assert actions.consider(came=came(laura, shop), now=LATER) is None
    found = Proposal.objects.filter(state=ProposalState.OPEN)
    assert old in [proposal.target for proposal in found]
    assert not Joined.objects.exists()


def test_never_across_two_customers(down: Ticket) -> None:
    stranger = make_contact("Bruno", customer=make_customer("Altri"))
    assert actions.consider(came=came(stranger, None), now=LATER) is None
    assert not Proposal.objects.exists()


def test_nobody_reads_more_by_a_joining(laura: Contact, shop: Service, down: Ticket) -> None:
    """A colleague who may not see the ticket does not come into it by writing of the same; staff decide."""
    colleague = make_contact("Carla", customer=laura.customer)
    new = came(colleague, shop)
    assert actions.consider(came=new, now=LATER) is None
    assert Proposal.objects.get(ticket=new.ticket).target == down


def test_what_nobody_has_proven_to_have_written_is_joined_to_nothing(
    laura: Contact, shop: Service, down: Ticket
) -> None:
    assert actions.consider(came=came(laura, shop, is_proven=False), now=LATER) is None


def test_a_fault_that_was_seen_later_joins_what_was_proposed(laura: Contact, shop: Service) -> None:
    old = make_ticket("negozio.example: errore 500", contact=laura, service=shop, mailbox=make_mailbox())
    new = came(laura, shop, text="Buongiorno, adesso nessun cliente riesce a comprare")
    assert actions.consider(came=new, now=LATER) is None
    assert reconsider_proposed(now=LATER) == 0
    for ticket in (old, new.ticket):
        weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=LATER + MINUTE)
    assert reconsider_proposed(now=LATER + 2 * MINUTE) == 1
    assert reconsider_proposed(now=LATER + 3 * MINUTE) == 0
    assert Joined.objects.get().merge.target == old
    told = OutboundMail.objects.get()
    assert (told.to, told.kind) == ("laura@doria.example", OutboundKind.NOTICE)
    assert f"[#{old.number}]" in told.subject


def test_switched_off_all_is_proposed_and_the_audit_knows_who_did_it(
    laura: Contact, shop: Service, down: Ticket
) -> None:
    admin = make_user(role=Role.ADMIN)
    for _twice in range(2):
        actions.set_joining(on=False, by=admin, now=NOW, address="192.0.2.1")
    assert actions.consider(came=came(laura, shop), now=LATER) is None
    assert AuditEntry.objects.get(act=Act.JOINING_OFF).actor == admin
    with pytest.raises(Refused):
        actions.set_joining(on=True, by=make_user(), now=NOW, address=None)
    actions.learn_anew(now=LATER)
    assert not standing().joins


# -- proposed ----------------------------------------------------------------------------------------------------------
def proposal(laura: Contact, shop: Service) -> Proposal:
    target = make_ticket("negozio.example: errore 500", contact=laura, service=shop)
    new = make_ticket("Ancora errore 500", text=AGAIN, contact=laura, service=shop, now=LATER)
    return Proposal.objects.create(
        ticket=new, target=target, contact=laura, place=Place.DESK, score=1.0, probability=0.7, made_at=LATER
    )


def test_staff_say_that_it_is_the_same(laura: Contact, shop: Service) -> None:
    one, agent = proposal(laura, shop), make_user()
    assert open_proposals(agent, one.target) == open_proposals(agent, one.ticket or one.target) == [one]
    merge = actions.take(proposal=one, by=agent, now=LATER)
    one.refresh_from_db()
    assert (merge.target, one.state, one.by) == (one.target, ProposalState.TAKEN, agent)
    with pytest.raises(Refused, match="answered"):
        actions.refuse(proposal=one, by=agent, now=LATER)
    actions.take_apart(merge=merge, by=agent, now=LATER + MINUTE)
    one.refresh_from_db()
    assert one.state == ProposalState.REFUSED


def test_of_a_ticket_that_is_over_nobody_is_asked(laura: Contact, shop: Service) -> None:
    one, agent = proposal(laura, shop), make_user()
    assert one.ticket is not None
    close(ticket=one.ticket, by=agent, now=LATER)
    assert open_proposals(agent, one.target) == []


def test_staff_say_that_it_is_not_and_are_not_asked_again(laura: Contact, shop: Service) -> None:
    one, agent = proposal(laura, shop), make_user()
    actions.refuse(proposal=one, by=agent, now=LATER)
    assert open_proposals(agent, one.target) == []
    assert one.ticket is not None
    actions.consider(came=Came(one.ticket, AGAIN), now=LATER)
    assert open_proposals(agent, one.target) == []


def test_what_is_joined_by_hand_counts_as_taken(laura: Contact, shop: Service) -> None:
    one, agent = proposal(laura, shop), make_user()
    assert one.ticket is not None
    actions.join(source=one.ticket, target=one.target, by=agent, now=LATER)
    one.refresh_from_db()
    assert one.state == ProposalState.TAKEN


def test_the_older_joined_to_the_newer_by_hand_and_taken_apart_counts_as_no_joining_that_was_right(
    laura: Contact, shop: Service
) -> None:
    one, agent = proposal(laura, shop), make_user()
    assert one.ticket is not None
    merge = actions.join(source=one.target, target=one.ticket, by=agent, now=LATER)
    actions.take_apart(merge=merge, by=agent, now=LATER + MINUTE)
    one.refresh_from_db()
    assert one.state == ProposalState.REFUSED


def test_what_nobody_answers_ends(laura: Contact, shop: Service) -> None:
    one = proposal(laura, shop)
    assert actions.tidy(now=LATER + timedelta(days=13)) == 0
    assert actions.tidy(now=LATER + timedelta(days=15)) == 1
    one.refresh_from_db()
    assert one.state == ProposalState.EXPIRED


# -- learnt ------------------------------------------------------------------------------------------------------------
def outcomes(laura: Contact, shop: Service, *, right: int, wrong: int) -> None:
    one = proposal(laura, shop)
    known = {"target": one.target, "place": Place.PORTAL, "score": 1.0, "made_at": NOW, "decided_at": NOW}
    Proposal.objects.bulk_create(
        [Proposal(**known, probability=0.9, state=ProposalState.TAKEN) for _ in range(right)]
        + [Proposal(**known, probability=0.35, state=ProposalState.REFUSED) for _ in range(wrong)]
    )


def test_what_was_refused_too_often_is_shown_no_more(laura: Contact, shop: Service) -> None:
    before = thresholds()
    outcomes(laura, shop, right=20, wrong=80)
    actions.learn_anew(now=LATER)
    assert before.propose < 0.35 < thresholds().propose
    assert thresholds() == replace(before, propose=thresholds().propose)
    assert [change["threshold"] for change in standing().changes] == ["propose"]


def test_joinings_taken_apart_make_joining_harder(laura: Contact, shop: Service) -> None:
    before, agent = thresholds(), make_user()
    for number in range(4):
        source = make_ticket(f"Prova {number}", contact=laura, now=LATER)
        merge = actions.join(source=source, target=proposal(laura, shop).target, by=agent, now=LATER)
        Joined.objects.create(merge=merge, probability=before.join + 0.02, at=LATER)
        actions.take_apart(merge=merge, by=agent, now=LATER)
    actions.learn_anew(now=LATER + timedelta(days=3))
    assert thresholds().join > before.join + 0.02
    counted = figures(agent, now=LATER)
    assert (counted.joined, counted.undone, counted.right) == (4, 4, 0.0)


# -- forgotten ---------------------------------------------------------------------------------------------------------
def test_an_erased_person_is_in_no_answer_and_old_ones_go(laura: Contact, shop: Service) -> None:
    one = proposal(laura, shop)
    Proposal.objects.update(by_contact=laura)
    assert forget_answers(laura) == 1
    one.refresh_from_db()
    assert (one.contact, one.by_contact) == (None, None)
    assert forget_proposals(proposals_before(LATER)) == 0
    assert forget_proposals(proposals_before(LATER + MINUTE)) == 1


def test_undoing_the_merge_beside_the_room_stays_possible(laura: Contact, shop: Service, down: Ticket) -> None:
    actions.consider(came=came(laura, shop), now=LATER)
    undo_merge(merge=Merge.objects.get(), by=make_user(), now=LATER)
    assert not Ticket.objects.filter(merged_into__isnull=False).exists()
