"""How one name of a service does: what its probes say together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sportello.diagnostics.enums import Effect, Probe, Role, Sign
from sportello.diagnostics.rules.seen import Seen
from sportello.diagnostics.rules.whereabouts import Where

HANGING_SECONDS = 25
"""Somebody who looks at a page waits no longer. What has not sent a byte by then does not work; what sends one later is slow."""


class Family(StrEnum):
    """Failures that are alike."""

    NAME = "name"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    PAGE = "page"
    MAIL = "mail"


class State(StrEnum):
    WORKS = "works"
    SLOW = "slow"
    PART = "part"
    STOPPED = "stopped"
    BLIND = "blind"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Condition:
    """`seen` is the probe that decided, None where there was nothing to see."""

    state: State
    seen: Seen | None = None
    family: Family | None = None
    where: Where = Where.UNKNOWN


_BROKEN_CERTIFICATES = frozenset(
    (Sign.CERTIFICATE_EXPIRED, Sign.CERTIFICATE_OTHER_NAME, Sign.CERTIFICATE_CHAIN, Sign.CERTIFICATE_SELF_SIGNED)
)
_MAIL_CLOSED = frozenset((Sign.MAIL_REFUSED, Sign.MAIL_SILENT, Sign.MAIL_CUT_OFF))
_BEST_FIRST = (Effect.GOOD, Effect.ODD, Effect.SLOW, Effect.PART, Effect.STOPPED, Effect.FAILS, Effect.BLIND)
_STATES = {
    Effect.GOOD: State.WORKS,
    Effect.ODD: State.WORKS,
    Effect.SLOW: State.SLOW,
    Effect.PART: State.PART,
    Effect.STOPPED: State.STOPPED,
    Effect.BLIND: State.BLIND,
    Effect.FAILS: State.FAILS,
}


def of_name(seen: Iterable[Seen], name: str, role: Role = Role.OWN) -> Condition:
    """How the site of this name does, past its proxy if `role` is ORIGIN."""
    mine = [each for each in seen if each.name == name and each.role == role]
    asked = _first(mine, Probe.DNS)
    place = Where(str(asked.params.get("where", Where.UNKNOWN))) if asked else Where.UNKNOWN
    if asked is not None and asked.sign != Sign.NAME_FOUND:
        return Condition(_STATES[asked.effect], asked, Family.NAME, place)
    found = _of_site(mine)
    return Condition(found.state, found.seen, found.family, place)


def of_mail(seen: Iterable[Seen], name: str) -> Condition:
    """How the mail of a name does. A port 25 that is silent to us proves nothing while another port of the same house answers."""
    tried = [each for each in seen if each.probe == Probe.MAIL and each.role == Role.OWN and each.name == name]
    if not tried:
        return Condition(State.BLIND)
    elsewhere = next((each for each in tried if each.sign == Sign.MAIL_ELSEWHERE), None)
    if elsewhere is not None:
        return Condition(State.WORKS, elsewhere, where=Where.ELSEWHERE)
    best = min(tried, key=_rank)
    closed = _closed(tried, 25) or _closed(tried, 587, 465)
    if best.effect in (Effect.GOOD, Effect.ODD) and closed is not None and closed.sign != Sign.MAIL_SILENT:
        return Condition(State.PART, closed, Family.MAIL, Where.OURS)
    return Condition(_STATES[best.effect], best, Family.MAIL if best.fails else None, Where.OURS)


def _closed(tried: Sequence[Seen], *ports: int) -> Seen | None:
    """One of these doors if all of them are closed: any open one of them will do."""
    doors = [each for each in tried if each.params.get("port") in ports]
    return doors[0] if doors and all(each.sign in _MAIL_CLOSED for each in doors) else None


def of_machine(seen: Iterable[Seen]) -> Condition:
    """How a whole server does: one port that answers, even by refusing, shows that it is on."""
    ports = [each for each in seen if each.probe == Probe.TCP and each.role == Role.OWN]
    if not ports:
        return Condition(State.BLIND)
    best = min(ports, key=_rank)
    if best.sign == Sign.PORT_OPEN:
        return Condition(State.WORKS, best, where=Where.OURS)
    if best.sign == Sign.PORT_NO_ROUTE:
        return Condition(State.BLIND, best, where=Where.OURS)
    refused = next((each for each in ports if each.sign == Sign.PORT_REFUSED), None)
    if refused is not None:
        return Condition(State.PART, refused, where=Where.OURS)
    return Condition(State.FAILS, best, Family.CONNECTION, Where.OURS)


def is_patient(seen: Seen) -> bool:
    """Whether a page that sent nothing was waited for as long as anybody would."""
    return int(seen.params.get("seconds", 0)) >= HANGING_SECONDS


def _of_site(mine: Sequence[Seen]) -> Condition:
    pages = [each for each in mine if each.probe == Probe.PAGE]
    if not pages:
        return _of_ports([each for each in mine if each.probe == Probe.TCP])
    best = min(pages, key=_rank)
    if best.sign == Sign.PAGE_HANGING and not is_patient(best):
        return Condition(State.SLOW, best)
    if best.fails:
        return Condition(State.FAILS, best, Family.PAGE)
    certificate = next((each for each in mine if each.sign in _BROKEN_CERTIFICATES), None)
    if certificate is not None:
        return _with_bad_certificate(certificate, pages)
    worst = max(pages, key=_rank)
    if best.effect in (Effect.GOOD, Effect.ODD) and worst.fails and worst.sign != Sign.PAGE_HANGING:
        return Condition(State.PART, worst)
    return Condition(_STATES[best.effect], best)


def _with_bad_certificate(certificate: Seen, pages: Sequence[Seen]) -> Condition:
    """Browsers warn and can be told to go on, unless the site has said that they must not (HSTS)."""
    if any(each.params.get("hsts") for each in pages):
        return Condition(State.FAILS, certificate, Family.CERTIFICATE)
    return Condition(State.PART, certificate)


def _of_ports(ports: Sequence[Seen]) -> Condition:
    if not ports:
        return Condition(State.BLIND)
    best = min(ports, key=_rank)
    if best.sign == Sign.PORT_NO_ROUTE:
        return Condition(State.BLIND, best)
    if best.sign == Sign.PORT_OPEN:
        return Condition(State.BLIND, best)
    refused = next((each for each in ports if each.sign == Sign.PORT_REFUSED), best)
    return Condition(State.FAILS, refused, Family.CONNECTION)


def _first(seen: Sequence[Seen], probe: Probe) -> Seen | None:
    return next((each for each in seen if each.probe == probe), None)


def _rank(seen: Seen) -> int:
    """The best comes first. A page that merely has not come yet is better than one that says what is wrong."""
    rank = _BEST_FIRST.index(seen.effect) * 2
    return rank - 1 if seen.sign == Sign.PAGE_HANGING else rank
