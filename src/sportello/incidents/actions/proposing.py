"""Outages that show themselves: proposed to staff, each server once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from sportello.accounts.actions import record as record_audit
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core import live
from sportello.incidents.enums import ProposalState
from sportello.incidents.models import Proposal
from sportello.incidents.queries.proposing import Found, last_aside, servers_in_doubt, waiting_on
from sportello.incidents.rules import Judged, judge, may_come_back
from sportello.incidents.rules.proposing import QUIET
from sportello.services.models import Server

SHOWN_TICKETS = 200
NOTED_EVERY = QUIET / 6


def propose(*, now: datetime) -> int:
    """Looks at what piles up on each server and proposes what looks like an outage; how many new ones. Safe to do twice and at once."""
    new = 0
    seen: set[int] = set()
    for found in servers_in_doubt(now=now):
        judged = judge(found.seen, now=now)
        if judged is not None:
            seen.add(found.server)
            new += _propose(found, judged, now)
    _let_pass(seen, now)
    return new


def set_aside(*, proposal: Proposal, by: User, now: datetime, address: str | None = None) -> None:
    """It is no outage: it does not come back within the hour, unless it becomes far larger. Twice is once."""
    check_can_write(by)
    with transaction.atomic():
        proposal.refresh_from_db(from_queryset=Proposal.objects.select_for_update(no_key=True))
        if proposal.state != ProposalState.WAITING:
            return
        proposal.state, proposal.quiet_until = ProposalState.SET_ASIDE, now + QUIET
        proposal.decided_at, proposal.decided_by = now, by
        proposal.save()
        record_audit(
            act=Act.INCIDENT_SET_ASIDE, subject=proposal.server.name, by=by, now=now, address=address, about=proposal
        )
        live.publish("incident", "queue")


def _propose(found: Found, judged: Judged, now: datetime) -> bool:
    """True for a new one; one that waits gets what was seen since."""
    evidence = _evidence(found, judged)
    with transaction.atomic():
        Server.objects.select_for_update(no_key=True).get(pk=found.server)
        waiting = waiting_on(found.server)
        if waiting is not None:
            _renew(waiting, evidence, now)
            return False
        if not may_come_back(judged, last_aside(found.server), now=now):
            return False
        Proposal.objects.create(server_id=found.server, evidence=evidence, proposed_at=now, seen_at=now)
        live.publish("incident", "queue")
    return True


def _renew(proposal: Proposal, evidence: dict[str, Any], now: datetime) -> None:
    changed = proposal.evidence != evidence
    if changed or now - proposal.seen_at >= NOTED_EVERY:
        proposal.evidence, proposal.seen_at = evidence, now
        proposal.save(update_fields=["evidence", "seen_at"])
    if changed:
        live.publish("incident", "queue")


def _let_pass(still: set[int], now: datetime) -> None:
    """What nothing speaks for any more within an hour, and nobody decided."""
    gone = Proposal.objects.filter(state=ProposalState.WAITING, seen_at__lt=now - QUIET).exclude(server__in=still)
    if gone.update(state=ProposalState.PASSED, decided_at=now):
        live.publish("incident", "queue")


def _evidence(found: Found, judged: Judged) -> dict[str, Any]:
    return {
        "reasons": [[str(code), params] for code, params in judged.reasons],
        "customers": judged.customers,
        "tickets": [case.ticket for case in found.seen.cases][:SHOWN_TICKETS],
        "failing": sorted(found.failing)[:SHOWN_TICKETS],
    }
