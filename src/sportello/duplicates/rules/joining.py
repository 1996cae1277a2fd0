"""When a request joins an open ticket by itself, when that is only proposed, and when neither [one.problem].

Words alone never join. A wrong join costs more trust than none: what is not certain enough is a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How certain is certain enough. Learned from corrections within bounds (learning.py)."""

    join: float = 0.8
    """The least probability for joining by itself."""
    propose: float = 0.25
    """The least probability for a proposal."""
    lead: float = 1.0
    """By how much (log-odds) the best must be ahead of the second for joining by itself."""
    wide_lead: float = 3.0
    """The same for a mail that answers nothing of ours and about whose service nothing was seen."""
    within: timedelta = timedelta(hours=72)
    """Since something was last said in the ticket."""
    alike: float = 0.2
    """How alike the words of such a mail must be: the same topics in other words may be another problem of the service."""
    soon: timedelta = timedelta(hours=2)
    """Writing again so soon speaks for one problem, as the same code of an error or the same host name does."""


SHIPPED = Thresholds()


class Ground(StrEnum):
    """What speaks for joining, or is missing for it. The words are in duplicates/sentences.py."""

    SAME_CUSTOMER = "same_customer"
    SAME_SENDER = "same_sender"
    MAY_READ = "may_read"
    OPEN = "open"
    SAME_SERVICE = "same_service"
    FAILS_ALIKE = "fails_alike"
    SAME_INCIDENT = "same_incident"
    NEAR = "near"
    LIKELY = "likely"
    AHEAD = "ahead"
    WORDED_ALIKE = "worded_alike"
    NOTHING_AGAINST = "nothing_against"
    NAMES_THE_SAME = "names_the_same"
    SOON = "soon"


class Way(StrEnum):
    JOIN = "join"
    PROPOSE = "propose"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Facts:
    """The best candidate, and what else is known of the two.

    `lead` is by how much its score is ahead of the next candidate's. `may_read`: the sender may read the ticket. `seems_an_answer`: its subject is
    that of an answer to ours. Anybody can write a subject: it is worth a question, no more (what carries our token is in its ticket already).
    `alike` is how alike the words are, from 0 to 1; `names_the_same`: both name a code of an error, a host or a mailbox; `speaks_against`: they name
    different ones, or different topics or software, or the service fails in one of the two alone.
    """

    probability: float
    lead: float
    since: timedelta
    same_customer: bool
    same_sender: bool
    may_read: bool
    is_open: bool
    same_service: bool
    fails_alike: bool = False
    same_incident: bool = False
    seems_an_answer: bool = False
    alike: float = 0.0
    names_the_same: bool = False
    speaks_against: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    way: Way
    grounds: tuple[Ground, ...]
    missing: tuple[Ground, ...]
    """What would have to be known for joining by itself."""

    @property
    def joins(self) -> bool:
        return self.way == Way.JOIN


def may_join(facts: Facts, thresholds: Thresholds = SHIPPED) -> Judgement:
    """Whether a request about the same problem joins the ticket by itself.

    It takes the same customer (or sender), a reader who may see the ticket, an open one, the same service, nearness in time, and something
    beside words: the service fails as it did, or the same incident.
    """
    beside_words = {
        Ground.FAILS_ALIKE: facts.fails_alike,
        Ground.SAME_INCIDENT: facts.same_incident,
    }
    needed = {
        **_always(facts, thresholds),
        Ground.SAME_SERVICE: facts.same_service,
        Ground.LIKELY: facts.probability >= thresholds.join,
        Ground.AHEAD: facts.lead >= thresholds.lead,
    }
    held = [ground for ground, there in beside_words.items() if there]
    return _judged(facts, thresholds, needed, held, [] if held else list(beside_words))


def may_follow(facts: Facts, thresholds: Thresholds = SHIPPED) -> Judgement:
    """Whether a mail without our token goes to its sender's open ticket: only the sender's own, about the same service, far ahead of all else, in
    words much alike, with nothing against it, and with something beside words: the same code or name in both, or a short time between them.
    """
    beside_words = {Ground.NAMES_THE_SAME: facts.names_the_same, Ground.SOON: facts.since <= thresholds.soon}
    needed = {
        **_always(facts, thresholds),
        Ground.SAME_SENDER: facts.same_sender,
        Ground.SAME_SERVICE: facts.same_service,
        Ground.LIKELY: facts.probability >= max(thresholds.join, WIDE),
        Ground.AHEAD: facts.lead >= thresholds.wide_lead,
        Ground.WORDED_ALIKE: facts.alike >= thresholds.alike,
        Ground.NOTHING_AGAINST: not facts.speaks_against,
    }
    held = [ground for ground, there in beside_words.items() if there]
    return _judged(facts, thresholds, needed, held, [] if held else list(beside_words))


WIDE = 0.9
"""The least probability for following a sender's own ticket."""


def _always(facts: Facts, thresholds: Thresholds) -> dict[Ground, bool]:
    return {
        Ground.SAME_CUSTOMER: facts.same_customer,
        Ground.MAY_READ: facts.may_read,
        Ground.OPEN: facts.is_open,
        Ground.NEAR: timedelta() <= facts.since <= thresholds.within,
    }


def _judged(
    facts: Facts, thresholds: Thresholds, needed: dict[Ground, bool], held: list[Ground], wanting: list[Ground]
) -> Judgement:
    grounds = (*(ground for ground, there in needed.items() if there), *held)
    missing = (*(ground for ground, there in needed.items() if not there), *wanting)
    return Judgement(_way(facts, thresholds, is_certain=not missing), grounds, missing)


def _way(facts: Facts, thresholds: Thresholds, *, is_certain: bool) -> Way:
    """Never across two customers, not even as a proposal."""
    if not facts.same_customer:
        return Way.NEITHER
    if is_certain:
        return Way.JOIN
    likely = facts.probability >= thresholds.propose or facts.seems_an_answer
    return Way.PROPOSE if likely else Way.NEITHER
