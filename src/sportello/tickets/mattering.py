"""What a customer's earlier requests say matters to them [promise.history]. Pure: plain words, counts and times, nothing learnt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sportello.tickets.topics import Topic, addresses_in, important_in, part_of_day, topics_of

RECENT = timedelta(days=90)
LOOKED_BACK = timedelta(days=365)
MOST_STORIES = 100
MOST_FOUND = 8
LEAST_TICKETS = 2
LEAST_FOR_A_HABIT = 5
HABIT = 0.6  # the share of tickets in one part of the day
GENERAL = frozenset({Topic.SITE, Topic.DOMAIN})
"""What nearly everybody speaks of: it counts half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One earlier request, as far as it says what matters. `at` is by the provider's clock; times are whole minutes."""

    ticket: int
    at: datetime
    text: str
    service: str = ""
    is_claimed: bool = False
    outage_minutes: int = 0
    waited_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that matters, with what says so: the tickets, the newest first, and the harm of them all."""

    key: str
    weight: int
    tickets: tuple[int, ...]
    outage_minutes: int
    waited_minutes: int
    times_said: int


def what_matters(stories: Sequence[Story], domains: frozenset[str], now: datetime) -> list[Found]:
    """The heaviest first. A thing counts once two requests are about it, or one says that it is important."""
    several_services = len({story.service for story in stories if story.service}) > 1
    about: defaultdict[str, list[Story]] = defaultdict(list)
    for story in stories:
        for key in keys_of(story, domains):
            if several_services or not key.startswith("service:"):
                about[key].append(story)
    found = [_found(key, told, now) for key, told in about.items()]
    kept = [each for each in found if len(each.tickets) >= LEAST_TICKETS or each.times_said]
    return sorted([*kept, *_habits(stories)], key=_heaviest_first)[:MOST_FOUND]


def keys_of(story: Story, domains: frozenset[str]) -> Iterator[str]:
    """What one request is about: topics, mail boxes of the customer's own domains, the service."""
    for topic in topics_of(story.text):
        yield f"topic:{topic}"
    for address in addresses_in(story.text, domains):
        yield f"address:{address}"
    if story.service:
        yield f"service:{story.service}"


def touched(story: Story, domains: frozenset[str], found: Sequence[Found]) -> list[str]:
    """Which of these the request touches: those that another request than itself speaks for, the heaviest first."""
    own = set(keys_of(story, domains))
    return [each.key for each in found if each.key in own and set(each.tickets) - {story.ticket}]


def _found(key: str, told: Sequence[Story], now: datetime) -> Found:
    said = [story for story in told if key.removeprefix("topic:") in important_in(story.text)]
    strength = sum(_strength(story, now) for story in told) + 4 * len(said)
    return Found(
        key=key,
        weight=strength // 2 if key.removeprefix("topic:") in GENERAL else strength,
        tickets=tuple(story.ticket for story in sorted(told, key=_newest_first)),
        outage_minutes=sum(story.outage_minutes for story in told),
        waited_minutes=sum(story.waited_minutes for story in told),
        times_said=len(said),
    )


def _strength(story: Story, now: datetime) -> int:
    """Two for a request, one more each for an outage claimed or seen and for an answer that came late; half when it is old."""
    strength = 2 + bool(story.outage_minutes or story.is_claimed) + bool(story.waited_minutes)
    return strength if now - story.at <= RECENT else strength // 2


def _habits(stories: Sequence[Story]) -> Iterator[Found]:
    """The part of the day in which most requests come."""
    parts = Counter(part_of_day(story.at) for story in stories)
    for part, times in parts.most_common(1):
        if len(stories) >= LEAST_FOR_A_HABIT and times >= HABIT * len(stories):
            told = [story for story in stories if part_of_day(story.at) == part]
            newest = tuple(story.ticket for story in sorted(told, key=_newest_first))
            yield Found(key=f"time:{part}", weight=1, tickets=newest, outage_minutes=0, waited_minutes=0, times_said=0)


def _heaviest_first(found: Found) -> tuple[int, str]:
    return -found.weight, found.key


def _newest_first(story: Story) -> tuple[float, int]:
    return -story.at.timestamp(), -story.ticket
