"""In words: why a ticket may be the one, and what speaks for joining a request to it or is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sportello.duplicates.rules import Among, Feature, Ground, shipped_model
from sportello.duplicates.rules.features import AGAINST

ALIKE = 0.2
"""From here on, words and topics are called alike."""
TWO_DAYS = 1.1
"""log(1 + days): until then, and not after, it was lately."""


@dataclass(frozen=True, slots=True)
class Why:
    text: str
    speaks_for: bool
    """Else it speaks against."""


_HOLDS: Mapping[str, Promise] = MappingProxyType(
    {
        Feature.TEXT: _("the words are alike"),
        Feature.SAME_TOPIC: _("it is about the same thing"),
        Feature.OTHER_TOPIC: _("it is about something else"),
        Feature.AGE: _("nothing was written in it lately"),
        Feature.CLOSED: _("it is solved already"),
        Feature.SAME_SERVICE: _("the same service"),
        Feature.OTHER_SERVICE: _("another service"),
        Feature.SAME_KIND: _("the same kind of service"),
        Feature.SAME_SOFTWARE: _("the same software"),
        Feature.OTHER_SOFTWARE: _("other software"),
        Feature.SAME_CODE: _("the same error code"),
        Feature.OTHER_CODE: _("another error code"),
        Feature.SAME_NAME: _("the same address or mailbox is named"),
        Feature.OTHER_NAME: _("another address or mailbox is named"),
        Feature.SAME_VERDICT: _("the service fails now as it did then"),
        Feature.OTHER_VERDICT: _("the service does not fail as it did then"),
        Feature.SAME_SENDER: _("the same person writes"),
    }
)
_FROM: Mapping[str, float] = MappingProxyType({Feature.TEXT: ALIKE, Feature.SAME_TOPIC: ALIKE, Feature.AGE: TWO_DAYS})
_AGAINST = frozenset({*AGAINST, Feature.AGE, Feature.CLOSED})
_GROUNDS: Mapping[Ground, Promise] = MappingProxyType(
    {
        Ground.SAME_CUSTOMER: _("the same customer"),
        Ground.SAME_SENDER: _("the same person writes"),
        Ground.MAY_READ: _("the person may read that ticket"),
        Ground.OPEN: _("that ticket is open"),
        Ground.SAME_SERVICE: _("the same service"),
        Ground.FAILS_ALIKE: _("the service fails now as it did then"),
        Ground.SAME_INCIDENT: _("the same incident"),
        Ground.NEAR: _("something was said there in the last days"),
        Ground.LIKELY: _("it is very likely the same problem"),
        Ground.AHEAD: _("no other ticket is nearly as likely"),
        Ground.WORDED_ALIKE: _("the words are alike"),
        Ground.NOTHING_AGAINST: _("nothing speaks against it"),
        Ground.NAMES_THE_SAME: _("the same error code or address is named"),
        Ground.SOON: _("written again within two hours"),
    }
)


def reasons(features: Mapping[str, float], among: Among = Among.CUSTOMER) -> list[Why]:
    """Why a ticket may be the one, what weighs most first."""
    weights = shipped_model(among).weights
    held = [name for name in _HOLDS if weights.get(name) and features.get(name, 0.0) >= _FROM.get(name, 0.01)]
    heaviest = sorted(held, key=lambda name: -abs(weights[name] * features[name]))
    return [Why(str(_HOLDS[name]), name not in _AGAINST) for name in heaviest]


def grounds(of: Iterable[Ground]) -> list[str]:
    """What a judgement rests on, or what it is missing."""
    return [str(_GROUNDS[ground]) for ground in of]
