"""A judgement always says why: a code to be rendered, its figures, and the clause of the policy it carries out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sportello.triage.enums import ReasonCode

CLAUSES: Mapping[ReasonCode, str] = MappingProxyType(
    {
        ReasonCode.CLOCK_FIRST: "promise.first",
        ReasonCode.CLOCK_NEXT: "one.patience",
        ReasonCode.CLOCK_OUTSIDE_HOURS: "one.patience",
        ReasonCode.CLOCK_PLANNED_WORK: "one.patience",
        ReasonCode.CLOCK_UPDATE_PROMISED: "promise.analysis",
        ReasonCode.CLOCK_UPDATE_REGULAR: "promise.analysis",
        ReasonCode.CLOCK_ANALYSIS_UNANSWERED: "promise.first",
        ReasonCode.QUEUE_OUTAGE: "promise.outage",
        ReasonCode.QUEUE_PRESALES: "reach.presales",
        ReasonCode.QUEUE_CUSTOMER: "cover.customers",
        ReasonCode.QUEUE_UNKNOWN_SENDER: "cover.customers",
        ReasonCode.QUEUE_NO_CONTRACT: "cover.customers",
        ReasonCode.QUEUE_ANALYSIS: "promise.analysis",
        ReasonCode.QUEUE_BY_DUE_TIME: "promise.first",
        ReasonCode.QUEUE_CLAIM: "promise.outage",
        ReasonCode.EVIDENCE_UNUSABLE: "promise.outage",
        ReasonCode.EVIDENCE_REPORTER: "promise.outage",
        ReasonCode.EVIDENCE_DEGRADED: "promise.outage",
        ReasonCode.EVIDENCE_FINE: "promise.outage",
        ReasonCode.EVIDENCE_NOT_OURS: "cover.hosted",
        ReasonCode.SCOPE_NEIGHBOURS: "promise.outage",
        ReasonCode.SCOPE_INCIDENT: "one.problem",
        ReasonCode.CLAIM_FRESH: "promise.outage",
        ReasonCode.HISTORY: "promise.history",
        ReasonCode.OVERRULED_OUTAGE: "promise.outage",
        ReasonCode.OVERRULED_NOT_OUTAGE: "promise.outage",
        ReasonCode.CHANNEL_PORTAL: "reach.portal",
        ReasonCode.CHANNEL_MAIL: "reach.mail",
        ReasonCode.CHANNEL_PHONE: "reach.phone",
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """`params` can be stored as JSON; instants in it are ISO 8601 in UTC."""

    code: ReasonCode
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def clause(self) -> str | None:
        """The id of the policy's clause, such as `promise.first`, or None where the policy says nothing."""
        return CLAUSES.get(self.code)
