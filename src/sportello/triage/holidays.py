"""Public holidays, asked for one year at a time and only when a calendar reaches that year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

MonthDay = tuple[int, int]


class UnknownCountry(ValueError):  # noqa: N818 - names what is wrong
    """No public holidays are known for this country code."""


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """The public holidays of `country` (ISO 3166, two letters; none when empty) and days of every year.

    `yearly` holds (month, day) pairs, for the patron saint of the provider's town: (6, 24) closes every 24 June.
    """

    country: str = "IT"
    yearly: frozenset[MonthDay] = frozenset()

    def covers(self, day: date) -> bool:
        """Whether the day is a holiday. Raises UnknownCountry."""
        return (day.month, day.day) in self.yearly or day in public_holidays(self.country, day.year)


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a whole country in one year. Raises UnknownCountry."""
    if not country:
        return frozenset()
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError as unknown:
        raise UnknownCountry(country) from unknown
