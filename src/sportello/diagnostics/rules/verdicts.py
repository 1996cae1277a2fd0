"""What one look says of a service, together with the look before it [promise.outage].

A service cannot be used when two looks at least 30 s apart fail alike, it runs, and it is ours. A page that merely takes long is never that; and
where this machine itself reaches nothing, nothing is said at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sportello.diagnostics.enums import Blame, Probe, Role, Sign
from sportello.diagnostics.rules.blame import Neighbours, blame_for, neighbours_in
from sportello.diagnostics.rules.names import Condition, Family, State, of_machine, of_mail, of_name
from sportello.diagnostics.rules.seen import Seen
from sportello.diagnostics.rules.whereabouts import Where
from sportello.services.enums import ServiceKind, ServiceStatus, ServiceVerdict

APART = timedelta(seconds=30)
"""Two looks that are to prove something must lie so far apart."""
TOGETHER = timedelta(hours=1)
"""What failed longer ago was another time."""
STUCK = timedelta(minutes=10)
"""An update that puts up a page of maintenance takes less."""

_NEEDS_PROOF = frozenset(
    (Sign.NAME_BROKEN, Sign.NAME_SILENT, Sign.PORT_SILENT, Sign.PAGE_HANGING, Sign.MAIL_SILENT, Sign.NAME_BOGUS)
)
"""What one also sees when one's own network is cut off."""
_WEB = frozenset((ServiceKind.HOSTING, ServiceKind.DOMAIN))
_MACHINES = frozenset((ServiceKind.VPS, ServiceKind.DEDICATED))


@dataclass(frozen=True, slots=True)
class Earlier:
    """The look before, and since when looks have failed alike."""

    at: datetime
    family: str = ""
    failing_since: datetime | None = None
    worked: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a verdict rests on. `names` are the names that the service answers for, the first being its own."""

    kind: ServiceKind
    status: ServiceStatus
    names: tuple[str, ...]
    seen: tuple[Seen, ...]
    now: datetime
    ends_on: date | None = None
    earlier: Earlier | None = None
    is_on_our_server: bool = False
    is_reported: bool = False
    """Somebody says that they cannot use it."""
    site: str = ""
    """The name that its site is judged by, where that is not its own."""
    borrowed: tuple[str, ...] = ()
    """Of a mail service without a name: names that lead to the same server."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`sign` is what decided; `failing_since` and `family` are what the next look is compared with; `blame` is whose fault it is."""

    verdict: ServiceVerdict
    rule: str
    sign: Sign | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
    family: str = ""
    failing_since: datetime | None = None
    blame: Blame = Blame.NOBODY
    neighbours: Neighbours = field(default_factory=Neighbours)


def judge(facts: Facts) -> Judgement:
    by_register = _by_register(facts)
    if by_register is not None:
        return by_register
    condition = condition_of(facts)
    if condition.state == State.FAILS:
        return _failing(facts, condition)
    return _standing(facts, condition)


def condition_of(facts: Facts) -> Condition:
    """How the service as a whole does: its site, its mailboxes or its machine, by what it is."""
    if facts.kind in _MACHINES:
        return of_machine(facts.seen)
    if facts.kind == ServiceKind.MAIL:
        return _mailboxes(facts, facts.names[0]) if facts.names else _borrowed(facts)
    if not facts.names:
        return Condition(State.BLIND)
    site = _site(facts, facts.site or facts.names[0])
    if site.state not in (State.WORKS, State.SLOW) or site.where == Where.ELSEWHERE:
        return site
    return _less(facts, site)


def _by_register(facts: Facts) -> Judgement | None:
    """What needs no looking: we closed it, or it has ended."""
    if facts.status == ServiceStatus.SUSPENDED:
        return Judgement(ServiceVerdict.SUSPENDED, "register.suspended")
    if facts.status == ServiceStatus.ENDED:
        return Judgement(ServiceVerdict.EXPIRED, "register.ended")
    if facts.ends_on is not None and facts.ends_on < facts.now.date():
        return Judgement(ServiceVerdict.EXPIRED, "register.expired", params={"on": facts.ends_on.isoformat()})
    return None


# -- how it does -------------------------------------------------------------------------------------------------------
def _site(facts: Facts, own: str) -> Condition:
    """The site at its own name; where that fails and `www` before it works, it works in part."""
    plain, www = of_name(facts.seen, own), of_name(facts.seen, f"www.{own}")
    if plain.state == State.FAILS and plain.where in (Where.PROXY, Where.UNKNOWN):
        plain = _behind_proxy(facts, own, plain)
    if plain.state == State.FAILS and www.state in (State.WORKS, State.SLOW) and www.where != Where.ELSEWHERE:
        return Condition(State.PART, plain.seen, where=www.where)
    return plain


def _behind_proxy(facts: Facts, own: str, before: Condition) -> Condition:
    """Our server's own answer counts, where it was asked past the proxy."""
    origin = of_name(facts.seen, own, Role.ORIGIN)
    if before.where != Where.PROXY or origin.state == State.BLIND:
        return before
    if origin.state == State.FAILS:
        return Condition(State.FAILS, origin.seen, origin.family, Where.OURS)
    return Condition(State.PART, before.seen, where=Where.PROXY)


def _less(facts: Facts, site: Condition) -> Condition:
    """What else belongs to the service and does not work: further names, its mail."""
    others = [of_name(facts.seen, name) for name in facts.names[1:] if name != facts.site]
    for other in others:
        if other.state == State.FAILS:
            return Condition(State.PART, other.seen, where=site.where)
    mail = of_mail(facts.seen, facts.names[0])
    if mail.state == State.FAILS and (mail.seen is None or mail.seen.sign not in _NEEDS_PROOF):
        return Condition(State.PART, mail.seen, where=site.where)
    return site


def _mailboxes(facts: Facts, own: str) -> Condition:
    asked = next((each for each in facts.seen if each.probe == Probe.DNS and each.name == own), None)
    if asked is not None and (asked.fails and asked.sign != Sign.NAME_EMPTY):
        return Condition(State.FAILS, asked, Family.NAME, Where.OURS)
    return of_mail(facts.seen, own)


def _borrowed(facts: Facts) -> Condition:
    """By the doors of the server that it is on. Which domain's mail it is is not known: that one of them is elsewhere says nothing."""
    told = [of_mail(facts.seen, name) for name in facts.borrowed]
    doors = [each for each in told if each.seen is not None and "port" in each.seen.params]
    return doors[0] if doors else Condition(State.BLIND)


# -- what it means -----------------------------------------------------------------------------------------------------
def _standing(facts: Facts, condition: Condition) -> Judgement:
    sign = condition.seen.sign if condition.seen else None
    params = _params(condition)
    if condition.where == Where.ELSEWHERE:
        return Judgement(ServiceVerdict.NOT_OURS, "elsewhere", sign, params)
    verdict, rule = _VERDICTS[condition.state]
    if condition.state == State.BLIND and not _is_known(facts):
        rule = "blind.names"
    if condition.state == State.PART:
        around = neighbours_in(facts.seen)
        return Judgement(verdict, rule, sign, params, blame=blame_for(sign, around), neighbours=around)
    if sign == Sign.PAGE_HANGING:
        rule = "hanging"
    if condition.state == State.WORKS and facts.is_reported and _worked_before(facts):
        verdict, rule = ServiceVerdict.UNUSABLE_FOR_REPORTER, "works.here"
    return Judgement(verdict, rule, sign, params)


def _is_known(facts: Facts) -> bool:
    """Whether there is something to look at."""
    return bool(facts.names or facts.borrowed or facts.seen)


_VERDICTS: Mapping[State, tuple[ServiceVerdict, str]] = {
    State.WORKS: (ServiceVerdict.FINE, "works"),
    State.SLOW: (ServiceVerdict.DEGRADED, "slow"),
    State.PART: (ServiceVerdict.DEGRADED, "part"),
    State.STOPPED: (ServiceVerdict.SUSPENDED, "page.suspended"),
    State.BLIND: (ServiceVerdict.UNKNOWN, "blind"),
}


def _worked_before(facts: Facts) -> bool:
    earlier = facts.earlier
    return earlier is not None and earlier.worked and APART <= facts.now - earlier.at <= TOGETHER


def _failing(facts: Facts, condition: Condition) -> Judgement:
    seen = condition.seen
    sign = seen.sign if seen else None
    params = _params(condition)
    if condition.where == Where.ELSEWHERE:
        return Judgement(ServiceVerdict.NOT_OURS, "elsewhere", sign, params)
    if sign in _NEEDS_PROOF and not _network_is_proven(facts.seen):
        return Judgement(ServiceVerdict.UNKNOWN, "blind.network", sign, params)
    if not _is_ours(facts, condition):
        return Judgement(ServiceVerdict.UNKNOWN, "whereabouts", sign, params)
    around = neighbours_in(facts.seen)
    since = _since(facts, condition)
    verdict, rule = _by_time(facts, condition, since)
    return Judgement(
        verdict,
        rule,
        sign,
        {**params, "seconds": int((facts.now - since).total_seconds())},
        family=condition.family or "",
        failing_since=since,
        blame=blame_for(sign, around),
        neighbours=around,
    )


def _by_time(facts: Facts, condition: Condition, since: datetime) -> tuple[ServiceVerdict, str]:
    lasted = facts.now - since
    if condition.seen is not None and condition.seen.sign == Sign.PAGE_MAINTENANCE:
        if lasted >= STUCK:
            return ServiceVerdict.UNUSABLE, "maintenance.stuck"
        return ServiceVerdict.DEGRADED, "maintenance"
    if lasted < APART:
        return ServiceVerdict.UNKNOWN, "once"
    if facts.kind in _MACHINES and not (facts.earlier and facts.earlier.worked) and not _server_is_known(facts.seen):
        return ServiceVerdict.UNKNOWN, "machine.silent"
    return ServiceVerdict.UNUSABLE, "twice"


def _server_is_known(seen: Sequence[Seen]) -> bool:
    """Whether something on the same machine tells that it is off, and not closed to us by its owner."""
    return any(each.role in (Role.NEIGHBOUR, Role.SERVER) and each.fails for each in seen)


def _since(facts: Facts, condition: Condition) -> datetime:
    earlier = facts.earlier
    alike = earlier is not None and earlier.family == condition.family and facts.now - earlier.at <= TOGETHER
    return earlier.failing_since or facts.now if alike and earlier is not None else facts.now


def _is_ours(facts: Facts, condition: Condition) -> bool:
    """By where its name leads; where the name leads nowhere, or to a proxy, by the register."""
    if condition.where == Where.OURS:
        return True
    if condition.family == Family.NAME or condition.where == Where.PROXY:
        return facts.is_on_our_server or facts.kind in (ServiceKind.DOMAIN, ServiceKind.MAIL)
    return False


def _network_is_proven(seen: Sequence[Seen]) -> bool:
    """Something answered from outside in the same look, if only to refuse."""
    others = [each for each in seen if each.role == Role.CANARY]
    answered = [each for each in (others or seen) if _is_answer(each)]
    return bool(answered)


def _is_answer(seen: Seen) -> bool:
    if seen.probe in (Probe.DNS, Probe.DELEGATION) or seen.sign.startswith("dns."):
        return False
    return seen.sign not in _NEEDS_PROOF and seen.sign not in (Sign.PORT_NO_ROUTE, Sign.MAIL_NO_ROUTE)


def _params(condition: Condition) -> dict[str, str | int]:
    if condition.seen is None:
        return {}
    return {"target": condition.seen.target, **condition.seen.params}
