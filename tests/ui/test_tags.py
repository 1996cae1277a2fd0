from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.template import engines
from django.urls import reverse
from django.utils import translation

import sportello
from sportello.ui.addresses import address
from sportello.ui.templatetags.ui import initials

NOW = datetime(2026, 3, 4, 9, 52, tzinfo=UTC)  # a Wednesday, 10:52 in Rome
PACKAGE = Path(sportello.__file__).parent


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render({"now": NOW, **context})


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (NOW - timedelta(minutes=2), "10:50"),
        (NOW - timedelta(days=2), "Mon 10:52"),
        (NOW - timedelta(days=30), "2 Feb"),
        (NOW - timedelta(days=300), "8 May 2025"),
    ],
)
def test_a_moment_is_said_as_exactly_as_it_matters(at: datetime, shown: str) -> None:
    with translation.override("en"):
        assert f">{shown}</time>" in rendered("{% when at %}", at=at)


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{% when at %}", ">13 nov 2025</time>"),
        ("{% when at %}", 'title="giovedì 13 novembre 2025, 10:05:00"'),
        ('{{ at|in_full:"D j F" }}', "gio 13 novembre"),
    ],
)
def test_italian_writes_days_and_months_small(template: str, shown: str) -> None:
    with translation.override("it"):
        assert shown in rendered(template, at=datetime(2025, 11, 13, 9, 5, tzinfo=UTC))


def test_the_day_changes_at_midnight_in_rome_and_not_in_utc() -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # 00:30 on the 4th in Rome
    assert ">00:30</time>" in rendered("{% when at %}", at=late)


def test_a_late_countdown_is_marked_and_a_reminder_never_is() -> None:
    late = NOW - timedelta(seconds=65)
    assert 'class="due late"' in rendered("{% due at %}", at=late)
    assert "−01:05" in rendered("{% due at %}", at=late)
    assert "late" not in rendered("{% due at calm=True %}", at=late)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Giulia Rinaldi", "GR"),
        ("Anna Maria De Luca", "AL"),
        ("laura@doria.example", "LD"),
        ("", "?"),
        ("«»", "?"),
        ("Élodie", "É"),
    ],
)
def test_initials_of_all_sorts_of_names(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_foreign_html_gets_a_frame_that_may_run_nothing_and_is_nobody() -> None:
    frame = rendered('{% foreign_html "/desk/messages/1/html" "Messaggio" text %}', text="riga\n" * 40)
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "srcdoc" not in frame


UNESCAPED = re.compile(r"mark_safe|\|\s*safe\b|autoescape off|\bsafeseq\b")
SAFE_STRING_FROM_OUTSIDE = re.compile(r"SafeString\((?!\s*[\"'])")


def test_html_is_left_unescaped_in_known_places_only() -> None:
    """`desk/foreign.py` hands out HTML that was sanitised at intake, under a sandboxing policy; the tag `repeated`, a whole template of ours;
    `desk/repetition.py`, parts of such a template that are kept; `ui/times.py`, which fills very many of them, a constant with words that
    it has escaped.
    """
    sources = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html"} and "locale" not in path.parts]
    found = {
        path.relative_to(PACKAGE).as_posix() for path in sources if UNESCAPED.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()
    made_safe = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources
        if path.suffix == ".py" and SAFE_STRING_FROM_OUTSIDE.search(path.read_text(encoding="utf-8"))
    }
    assert made_safe == {"desk/foreign.py", "desk/repetition.py", "ui/templatetags/ui.py", "ui/times.py"}


INLINE = re.compile(
    r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*(?:nonce|application/json))|\shx-on|javascript:", re.IGNORECASE
)


def test_no_template_of_a_page_has_inline_style_or_script() -> None:
    pages = [path for path in PACKAGE.rglob("templates/**/*.html") if "mail" not in path.parts[-2:-1]]
    found = {path.relative_to(PACKAGE).as_posix(): INLINE.search(path.read_text(encoding="utf-8")) for path in pages}
    assert {name: match[0] for name, match in found.items() if match} == {}


def test_what_is_kept_is_put_together_once_for_each_language() -> None:
    page = engines["django"].from_string("{% load i18n ui %}{% kept %}{% translate 'Sign out' %}{{ who }}{% endkept %}")
    said = []
    for language in ("en", "it", "en", "it"):
        with translation.override(language):
            said.append(page.render({"who": "nobody of this page"}))
    assert said == ["Sign out", "Esci", "Sign out", "Esci"]


def test_a_short_way_to_an_address_leads_where_the_long_one_does() -> None:
    for public_id in (uuid4(), uuid4()):
        assert address("desk:ticket", public_id) == reverse("desk:ticket", args=[public_id])
        assert address("desk:take", public_id) == reverse("desk:take", args=[public_id])
