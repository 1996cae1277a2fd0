"""Whether two requests are about one problem, and when one joins the other by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sportello.duplicates.rules import (
    SHIPPED,
    Among,
    Facts,
    Ground,
    Known,
    Outcome,
    Report,
    Way,
    learn,
    may_follow,
    may_join,
    rank,
    shipped_model,
)
from sportello.duplicates.rules.grams import alike_each, similarities, words_of
from sportello.duplicates.rules.marks import marks_of
from sportello.duplicates.rules.topics import topics_of

NOW = datetime(2026, 3, 4, 9, 52, tzinfo=UTC)
CERTAIN = Facts(
    probability=0.95,
    lead=4.0,
    since=timedelta(hours=2),
    same_customer=True,
    same_sender=True,
    may_read=True,
    is_open=True,
    same_service=True,
    fails_alike=True,
)


def _alike(text: str, *others: str) -> list[float]:
    return similarities(words_of(text), [words_of(other) for other in others])


# -- texts -------------------------------------------------------------------------------------------------------------
def test_the_same_words_are_wholly_alike_and_others_not_at_all() -> None:
    alike, other = _alike("Certificato scaduto", "certificàto   SCADUTO, grazie", "zzz yyy")
    assert round(alike, 9) == 1.0
    assert other == 0.0


def test_a_typing_error_takes_little_away() -> None:
    wrong, other = _alike("il certificato è scaduto", "il certifcato e scadutto", "la casella è piena")
    assert wrong > 3 * other


def test_courtesy_and_quotes_are_not_compared() -> None:
    assert words_of("Buongiorno, il sito è giù.\n> certificato scaduto\nCordiali saluti") == ["il", "sito", "e", "giu"]


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_can_be_compared(one: str, other: str) -> None:
    (alike,) = _alike(one, other)
    assert 0 <= alike <= 1.000001


def test_many_are_compared_as_one_is() -> None:
    """How rare a run is, is told by the compared texts: here those are the same."""
    texts = ["posta ferma", "posta lenta", "sito fermo"]
    (row,) = alike_each(["posta ferma"], texts)
    assert sorted(range(3), key=lambda at: -row[at]) == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("errore 500 ovunque", {"500"}),
        ("HTTP 500 Internal", {"500"}),
        ("torna 550 5.7.26 unauthenticated", {"550-5.7.26"}),
        ("NET::ERR_CERT_DATE_INVALID", {"err_cert_date_invalid"}),
        ("abbiamo 500 prodotti", set()),
        ("Outlook 0x800CCC0E", {"0x800ccc0e"}),
    ],
)
def test_codes_of_errors_are_found(text: str, codes: set[str]) -> None:
    assert marks_of(text, []).codes == codes


def test_names_are_found_but_for_those_that_go_without_saying() -> None:
    text = "info@rossi.example non riceve, https://www.shop.rossi.example/index.php sì, 192.0.2.7 anche. Il dominio è rossi.example"
    found = marks_of(text, [], frozenset({"rossi.example"}))
    assert found.names == {"info@rossi.example", "shop.rossi.example", "192.0.2.7"}


def test_a_topic_is_known_in_both_languages() -> None:
    assert topics_of(["caselle"]) == topics_of(["mailboxes"]) == {"mailbox"}


# -- the model ---------------------------------------------------------------------------------------------------------
def test_every_weight_is_of_a_feature_that_is_reckoned() -> None:
    known = Known(key=1, text="sito lento", at=NOW)
    (one,) = rank(Report(text="sito lento", at=NOW), [known], shipped_model())
    assert set(shipped_model().weights) | set(shipped_model(Among.ALL).weights) == set(one.features)


def test_the_same_words_about_another_service_come_after_the_right_one() -> None:
    here = Known(key=1, text="posta ferma da ieri", at=NOW, service=1)
    elsewhere = Known(key=2, text="la posta è ferma", at=NOW, service=2)
    report = Report(text="la posta è ferma", at=NOW, service=1)
    assert [one.known.key for one in rank(report, [elsewhere, here], shipped_model())] == [1, 2]


def test_nothing_is_ranked_where_nothing_is_known() -> None:
    assert rank(Report(text="", at=NOW), [], shipped_model()) == []


def test_among_very_many_the_right_one_is_still_found() -> None:
    others = [Known(key=at, text=f"fattura numero {at} da rifare", at=NOW, service=1) for at in range(60)]
    right = Known(key=99, text="la posta è ferma da ieri", at=NOW, service=1)
    ranked = rank(Report(text="posta ferma", at=NOW, service=1), [*others, right], shipped_model())
    assert (ranked[0].known.key, len(ranked)) == (99, 8)


def test_what_cannot_be_likely_enough_is_left_out_and_changes_nothing_of_the_others() -> None:
    """Its words still tell how rare a run is."""
    old = [
        Known(key=at, text=f"fattura numero {at} da rifare", at=NOW - timedelta(days=20), service=2) for at in range(3)
    ]
    near = [Known(key=at, text="la posta ferma", at=NOW - timedelta(hours=at), service=1) for at in range(10, 14)]
    report = Report(text="posta ferma da rifare", at=NOW, service=1)
    every = rank(report, [*old, *near], shipped_model())
    some = rank(report, [*old, *near], shipped_model(), least=0.1)
    assert (
        [one.known.key for one in every if one.probability >= 0.1]
        == [one.known.key for one in some]
        == [10, 11, 12, 13]
    )
    assert [one.score for one in some] == pytest.approx([one.score for one in every[:4]])


def test_where_nothing_can_be_likely_nothing_is_ranked() -> None:
    other = Known(key=1, text="fattura da rifare", at=NOW - timedelta(days=20), service=2)
    assert rank(Report(text="posta ferma", at=NOW, service=1), [other], shipped_model(), least=0.1) == []


def test_where_nothing_can_be_worth_it_nothing_is_ranked_and_else_all_is() -> None:
    outcomes = set()
    for days in range(0, 130, 10):
        at = NOW - timedelta(days=days)
        known = [Known(key=key, text=f"fattura {key} e posta ferma", at=at, service=1, sender=key) for key in range(3)]
        report = Report(text="fattura da rifare, la posta arriva", at=NOW, service=1)
        every, some = (rank(report, known, shipped_model(), least=0.1, worth=worth) for worth in (0.0, 0.4))
        assert some == every or max(one.probability for one in every) < 0.4
        outcomes.add((bool(every), bool(some)))
    assert outcomes == {(True, True), (True, False)}


# -- joining -----------------------------------------------------------------------------------------------------------
def test_what_is_certain_joins_by_itself() -> None:
    judgement = may_join(CERTAIN)
    assert judgement.joins
    assert judgement.missing == ()
    assert Ground.FAILS_ALIKE in judgement.grounds


def test_words_alone_never_join() -> None:
    judgement = may_join(replace(CERTAIN, probability=1.0, lead=99.0, fails_alike=False))
    assert judgement.way == Way.PROPOSE
    assert set(judgement.missing) == {Ground.FAILS_ALIKE, Ground.SAME_INCIDENT}


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"may_read": False}, Ground.MAY_READ),
        ({"is_open": False}, Ground.OPEN),
        ({"same_service": False}, Ground.SAME_SERVICE),
        ({"since": timedelta(hours=73)}, Ground.NEAR),
        ({"probability": 0.5}, Ground.LIKELY),
        ({"lead": 0.2}, Ground.AHEAD),
    ],
)
def test_each_missing_fact_makes_it_a_proposal(change: dict[str, object], missing: Ground) -> None:
    judgement = may_join(replace(CERTAIN, **change))  # type: ignore[arg-type] # one field each
    assert judgement.way == Way.PROPOSE
    assert judgement.missing == (missing,)


def test_two_customers_are_never_joined_nor_proposed_to_each_other() -> None:
    assert may_join(replace(CERTAIN, same_customer=False, seems_an_answer=True)).way == Way.NEITHER
    assert may_follow(replace(CERTAIN, same_customer=False)).way == Way.NEITHER


def test_a_subject_that_answers_us_is_worth_a_question_and_no_more() -> None:
    """S18: anybody can write "Re:" and the subject of a ticket."""
    answer = replace(CERTAIN, seems_an_answer=True, fails_alike=False)
    assert may_join(answer).way == Way.PROPOSE
    assert may_join(replace(answer, probability=0.1)).way == Way.PROPOSE
    assert may_join(replace(answer, probability=0.1, seems_an_answer=False)).way == Way.NEITHER


def test_an_incident_stands_for_a_verdict() -> None:
    assert may_join(replace(CERTAIN, fails_alike=False, same_incident=True)).joins


def test_what_is_unlikely_is_not_even_proposed() -> None:
    assert may_join(replace(CERTAIN, probability=0.1)).way == Way.NEITHER


def test_a_mail_without_a_token_follows_only_its_own_senders_ticket_and_only_far_ahead() -> None:
    mail = replace(CERTAIN, fails_alike=False, alike=0.3)
    assert may_follow(mail).joins
    assert may_follow(replace(mail, lead=2.9)).missing == (Ground.AHEAD,)
    assert may_follow(replace(mail, same_sender=False)).missing == (Ground.SAME_SENDER,)
    assert may_follow(replace(mail, probability=0.89)).missing == (Ground.LIKELY,)


def test_a_mail_without_a_token_does_not_follow_on_topic_sender_and_service_alone() -> None:
    """A lone open ticket is always far ahead: another problem of the service within minutes looked certain."""
    mail = replace(CERTAIN, fails_alike=False, alike=0.3)
    assert may_follow(replace(mail, alike=0.1)).missing == (Ground.WORDED_ALIKE,)
    assert may_follow(replace(mail, speaks_against=True)).missing == (Ground.NOTHING_AGAINST,)
    late = replace(mail, since=timedelta(hours=3))
    assert may_follow(late).missing == (Ground.NAMES_THE_SAME, Ground.SOON)
    assert may_follow(replace(late, names_the_same=True)).joins


# -- learning ----------------------------------------------------------------------------------------------------------
def _outcomes(number: int, probability: float, *, right: bool, certain: bool = True) -> list[Outcome]:
    return [Outcome(probability, was_certain=certain, was_right=right)] * number


def test_without_outcomes_nothing_changes() -> None:
    assert learn([]).thresholds == SHIPPED
    assert learn([]).changes == ()


def test_one_join_undone_among_few_makes_joining_harder_at_once() -> None:
    told = learn([*_outcomes(5, 0.95, right=True), *_outcomes(1, 0.85, right=False)])
    assert told.thresholds.join == 0.86
    (change,) = told.changes
    assert (change.threshold, change.before, change.after, change.right, change.number) == ("join", 0.8, 0.86, 5, 5)


def test_joining_becomes_easier_only_on_fifty_right_ones() -> None:
    assert learn(_outcomes(49, 0.7, right=True)).thresholds.join == 0.8
    assert learn(_outcomes(50, 0.7, right=True)).thresholds.join == 0.6


def test_proposals_that_lacked_more_than_certainty_do_not_make_joining_easier() -> None:
    assert learn(_outcomes(80, 0.7, right=True, certain=False)).thresholds.join == 0.8


def test_proposals_that_nobody_takes_become_fewer() -> None:
    told = learn([*_outcomes(60, 0.3, right=False, certain=False), *_outcomes(20, 0.6, right=True, certain=False)])
    assert told.thresholds.propose == 0.35


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.builds(Outcome, probability=st.floats(0, 1), was_certain=st.booleans(), was_right=st.booleans()), max_size=80
    )
)
def test_thresholds_stay_within_their_bounds(outcomes: list[Outcome]) -> None:
    learned = learn(outcomes).thresholds
    assert 0.6 <= learned.join <= 0.99
    assert 0.1 <= learned.propose <= 0.6
    assert (learned.lead, learned.wide_lead, learned.within) == (SHIPPED.lead, SHIPPED.wide_lead, SHIPPED.within)
