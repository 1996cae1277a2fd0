"""What looks like an outage, what a request is about, what counts as an answer, and what is over with an incident."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sportello.incidents.rules import (
    Asked,
    Case,
    Ending,
    Kept,
    Left,
    Seen,
    SetAside,
    belonging,
    counts_as_answer,
    ending_of,
    judge,
    may_come_back,
)
from sportello.incidents.rules.belonging import Against
from sportello.incidents.rules.proposing import QUIET, Judged, Why
from sportello.incidents.rules.wording import Speaks, asks_something_else, speaks_of
from sportello.services.enums import ServiceVerdict
from tests.factories import NOW

MINUTE = timedelta(minutes=1)


def cases(customers: int, *, at: datetime = NOW, speaks: bool = False) -> list[Case]:
    return [Case(number, number, at, speaks) for number in range(customers)]


# -- proposing -----------------------------------------------------------------------------------------------------------
def test_three_customers_of_a_server_within_a_quarter_of_an_hour_look_like_an_outage() -> None:
    judged = judge(Seen(cases(3, at=NOW - 15 * MINUTE)), now=NOW)
    assert judged == Judged(3, ((Why.CUSTOMERS, {"customers": 3, "minutes": 15}),))


@pytest.mark.parametrize(
    "seen",
    [
        Seen(cases(2)),
        Seen([Case(ticket, 1, NOW, speaks=True) for ticket in range(9)]),  # one customer, however often
        Seen(cases(3, at=NOW - 16 * MINUTE)),
        Seen(cases(2, speaks=True)),  # words alone prove nothing
        Seen([], failing=1, working=0),
        Seen([], failing=2, working=3),  # the others on the server work: it is not the server
    ],
)
def test_less_than_that_does_not(seen: Seen) -> None:
    assert judge(seen, now=NOW) is None


def test_services_of_one_server_failing_together_need_no_ticket() -> None:
    judged = judge(Seen([], failing=2, working=1), now=NOW)
    assert judged == Judged(0, ((Why.NEIGHBOURS, {"failing": 2, "examined": 3}),))


def test_words_only_confirm() -> None:
    judged = judge(Seen([*cases(3), Case(9, 9, NOW, speaks=True)]), now=NOW)
    assert judged is not None
    assert judged.reasons[-1] == (Why.WORDS, {"speaking": 1, "tickets": 4})


@pytest.mark.parametrize(
    ("minutes", "customers", "back"), [(0, 3, False), (59, 8, False), (60, 3, True), (5, 9, True), (5, 30, True)]
)
def test_what_was_set_aside_comes_back_after_an_hour_or_once_it_is_far_larger(
    minutes: int, customers: int, *, back: bool
) -> None:
    aside = SetAside(NOW + QUIET, customers=3)
    assert may_come_back(Judged(customers, ()), aside, now=NOW + minutes * MINUTE) is back


# -- belonging -----------------------------------------------------------------------------------------------------------
def asked(
    text: str = "Il sito non si apre",
    *,
    question: bool = False,
    fails: bool = False,
    verdict: ServiceVerdict | None = None,
    ago: int = 0,
) -> Asked:
    return Asked(written_at=NOW - ago * MINUTE, is_question=question, says_it_fails=fails, verdict=verdict, text=text)


UNSAID = (
    "Buongiorno, oggi in ufficio siamo solo in due, domani torneremo a essere in cinque e dopodomani saremo al mare."
)
MAILBOX = "Come si crea una casella nuova?"


@pytest.mark.parametrize(
    ("one", "against"),
    [
        (asked(), ()),
        (asked("The invoice page shows error 500"), ()),
        (asked("Aiuto, urgente!", verdict=ServiceVerdict.UNUSABLE), ()),
        (asked(UNSAID, fails=True), ()),
        (asked(question=True, verdict=ServiceVerdict.UNUSABLE), ()),
        (asked(ago=30), ()),
        (asked("Aiuto, urgente!"), (Against.NOTHING_FOR,)),
        (asked(UNSAID), (Against.NOTHING_FOR,)),
        (asked(UNSAID, verdict=ServiceVerdict.UNUSABLE), (Against.NOTHING_FOR,)),
        (asked("Fattura di ottobre"), (Against.OTHER_MATTER,)),
        (asked("C'è un errore nella fattura di ottobre", fails=True), (Against.OTHER_MATTER,)),
        (asked(MAILBOX, verdict=ServiceVerdict.UNUSABLE), (Against.OTHER_MATTER,)),
        (asked(MAILBOX, question=True), (Against.QUESTION, Against.OTHER_MATTER)),
        (asked(question=True), (Against.QUESTION,)),
        (asked(verdict=ServiceVerdict.FINE), (Against.FINE,)),
        (asked(fails=True, verdict=ServiceVerdict.SUSPENDED), (Against.OTHER_CAUSE,)),
        (asked(ago=31, verdict=ServiceVerdict.UNUSABLE), (Against.BEFORE,)),
    ],
)
def test_a_request_is_about_an_outage_where_something_says_so_and_nothing_speaks_against_it(
    one: Asked, against: tuple[Against, ...]
) -> None:
    assert belonging(one, started_at=NOW).against == against


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("Il sito è down", Speaks.OUTAGE),
        ("la posta NON FUNZIONA", Speaks.OUTAGE),
        ("errore 503", Speaks.OUTAGE),
        ("pagina bianca", Speaks.OUTAGE),
        ("Website not reachable", Speaks.OUTAGE),
        ("our site won\N{RIGHT SINGLE QUOTATION MARK}t load", Speaks.OUTAGE),
        (MAILBOX, Speaks.OTHER),
        ("cambio intestatario del dominio", Speaks.OTHER),
        ("vorrei un certificato", Speaks.OTHER),
        ("How do I create a new mailbox?", Speaks.OTHER),
        ("Change of the domain's owner", Speaks.OTHER),
        ("Il filtro antispam non funziona", Speaks.OTHER),
        ("Aiuto!", Speaks.NEITHER),
    ],
)
def test_what_words_speak_of(text: str, of: Speaks) -> None:
    assert speaks_of(text) is of


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Il sito è giù. Mi serve anche la fattura di ottobre.", True),
        ("The site is down. And could you send me the invoice?", True),
        ("Il sito è giù: errore 500 nel carrello!", False),
    ],
)
def test_another_matter_besides_an_outage_is_read_sentence_by_sentence(text: str, *, more: bool) -> None:
    assert asks_something_else(text) is more


# -- answering -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("by_person", "ago", "next_in", "counts"),
    [
        (True, 60, None, True),
        (True, 61, None, False),  # said too long ago, with nothing promised
        (True, 300, 1, True),
        (True, 300, 0, False),  # the promised time has passed in silence
        (False, 0, 30, False),  # a program's words are no answer
    ],
)
def test_an_incident_answers_only_with_what_a_person_said_and_still_stands(
    ago: int, next_in: int | None, *, by_person: bool, counts: bool
) -> None:
    until = None if next_in is None else NOW + next_in * MINUTE
    found = counts_as_answer(by_person=by_person, said_at=NOW - ago * MINUTE, next_update_at=until, now=NOW)
    assert found is counts


# -- the end -------------------------------------------------------------------------------------------------------------
def left(
    verdict: ServiceVerdict | None = None,
    seen: int = 1,
    *,
    looks: bool = True,
    asks: bool = False,
    more: bool = False,
    deep: bool = False,
    proven: bool = True,
) -> Left:
    return Left(
        verdict=verdict,
        verdict_at=NOW + seen * MINUTE if verdict else None,
        can_be_looked_at=looks,
        asks_something=asks,
        asks_something_else=more,
        in_analysis=deep,
        may_be_told=proven,
    )


@pytest.mark.parametrize(
    ("one", "after", "ending"),
    [
        (left(ServiceVerdict.FINE), 1, Ending.OVER),
        (left(ServiceVerdict.UNKNOWN), 1, Ending.OVER),
        (left(ServiceVerdict.UNUSABLE), 1, Kept.STILL_DOWN),
        (left(ServiceVerdict.DEGRADED), 1, Kept.STILL_DEGRADED),
        (left(ServiceVerdict.UNUSABLE, seen=-1), 1, Ending.NOT_YET),  # seen before the end
        (left(ServiceVerdict.UNUSABLE, seen=-1), 3, Ending.OVER),
        (left(), 2, Ending.NOT_YET),
        (left(looks=False), 0, Ending.OVER),
        (left(ServiceVerdict.FINE, asks=True), 1, Kept.UNANSWERED),
        (left(ServiceVerdict.FINE, more=True), 1, Kept.OTHER_MATTER),
        (left(ServiceVerdict.FINE, deep=True), 1, Kept.IN_ANALYSIS),
        (left(looks=False, proven=False), 0, Kept.UNPROVEN),
    ],
)
def test_a_ticket_is_over_with_its_incident_unless_its_service_is_still_down(
    one: Left, after: int, ending: Kept | Ending
) -> None:
    assert ending_of(one, ended_at=NOW, now=NOW + after * MINUTE) is ending
