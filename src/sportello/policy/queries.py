"""Named reads of the policy."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from sportello.policy.enums import Section
from sportello.policy.models import Clause, Edition


@dataclass(frozen=True, slots=True)
class Part:
    section: Section
    clauses: list[Clause]


@dataclass(frozen=True, slots=True)
class Policy:
    """What one edition says. `editions` are all there are, the newest first."""

    edition: Edition
    editions: list[Edition]
    parts: list[Part]

    @property
    def is_in_force(self) -> bool:
        return self.edition == self.editions[0]


def policy_in_force() -> Policy | None:
    """None where there is no policy at all: no installation begins so."""
    editions = _editions()
    return _policy(editions[0], editions) if editions else None


def policy_of(number: int) -> Policy | None:
    editions = _editions()
    edition = next((each for each in editions if each.number == number), None)
    return _policy(edition, editions) if edition else None


def clause_in_force(code: str) -> Clause | None:
    return Clause.objects.filter(code=code, ends=None).first()


def how_many_editions() -> int:
    return Edition.objects.count()


def _editions() -> list[Edition]:
    return list(Edition.objects.select_related("published_by"))


def _policy(edition: Edition, editions: list[Edition]) -> Policy:
    found = Clause.objects.filter(
        Q(ends=None) | Q(ends__number__gt=edition.number), begins__number__lte=edition.number
    ).select_related("begins")
    clauses = list(found)
    parts = (Part(section, [each for each in clauses if each.section == section]) for section in Section)
    return Policy(edition, editions, [part for part in parts if part.clauses])
