"""Whose fault it is, as far as it can be told from outside: the same page can be the provider's fault or the customer's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sportello.diagnostics.enums import Blame, Effect, Probe, Role, Sign
from sportello.diagnostics.rules.seen import Seen

FEWEST = 2
"""So many neighbours must have been seen before they prove something."""

_OF_THE_APPLICATION = frozenset((Sign.PAGE_CRITICAL, Sign.PAGE_PHP, Sign.PAGE_LOOP, Sign.PAGE_MAINTENANCE))
"""Only the customer's own code, or settings in their own space, say this."""
_OF_THE_APPLICATION_ALONE = frozenset(
    (Sign.PAGE_EMPTY, Sign.PAGE_FORBIDDEN, Sign.PAGE_LISTING, Sign.PAGE_MISSING, Sign.PAGE_TEXT_GONE)
)
"""Theirs too, once other sites of the same server are seen to work."""
_OF_THE_HOUSE = frozenset((Sign.MAIL_REFUSED, Sign.MAIL_SILENT, Sign.MAIL_CUT_OFF))
"""Ours: mail is only looked at where the machine that takes it is."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """How many others on the same server were seen clearly, how many of them do not work, and whether the server itself answers."""

    tried: int = 0
    down: int = 0
    server_answers: bool | None = None

    @property
    def all_work(self) -> bool:
        return self.tried > 0 and self.down == 0

    @property
    def share_the_fault(self) -> bool:
        """Two of three, or all of two: it is the server."""
        return self.tried >= FEWEST and 3 * self.down >= 2 * self.tried


def neighbours_in(seen: Iterable[Seen]) -> Neighbours:
    """What was merely slow, or could not be seen, says nothing of a neighbour."""
    by_name: dict[str, list[Seen]] = defaultdict(list)
    ports = []
    for each in seen:
        if each.role == Role.NEIGHBOUR:
            by_name[each.name].append(each)
        elif each.role == Role.SERVER:
            ports.append(each)
    clear = [states for states in by_name.values() if _is_clear(states)]
    return Neighbours(len(clear), sum(map(_is_down, clear)), _answers(ports))


def blame_for(sign: Sign | None, neighbours: Neighbours) -> Blame:
    if neighbours.share_the_fault or sign in _OF_THE_HOUSE:
        return Blame.PROVIDER
    if sign in (Sign.PORT_REFUSED, Sign.PORT_SILENT) and neighbours.server_answers is False:
        return Blame.PROVIDER
    if sign in _OF_THE_APPLICATION or (sign in _OF_THE_APPLICATION_ALONE and neighbours.all_work):
        return Blame.CUSTOMER
    return Blame.OPEN


def _is_clear(states: Sequence[Seen]) -> bool:
    return any(
        each.effect not in (Effect.BLIND, Effect.SLOW) and each.sign != Sign.PAGE_HANGING
        for each in states
        if _tells(each)
    )


def _tells(seen: Seen) -> bool:
    """A name that is found and a port that is open are only the way to the page."""
    return seen.probe == Probe.PAGE or seen.fails


def _is_down(states: Sequence[Seen]) -> bool:
    return any(each.fails and each.sign != Sign.PAGE_HANGING for each in states) and not any(
        each.probe == Probe.PAGE and not each.fails for each in states
    )


def _answers(ports: Sequence[Seen]) -> bool | None:
    told = [each for each in ports if each.sign != Sign.PORT_NO_ROUTE]
    return any(each.sign == Sign.PORT_OPEN for each in told) if told else None
