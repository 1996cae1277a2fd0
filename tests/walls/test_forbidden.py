"""Words of the code that open a wall, and the few places that have a reason for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "sportello"
FORBIDDEN = {
    "mark_safe": r"\bmark_safe\b|\bMarkup\(",
    "SafeString": r"\bSafeString\(",
    "|safe": r"\|\s*safe\b",
    "autoescape off": r"autoescape\s*=?\s*(off|false|False)",
    "csrf_exempt": r"@csrf_exempt|csrf_exempt\(",
    "raw SQL of the ORM": r"\.(raw|extra)\(\s*[frb]?[\"']|\bRawSQL\(",
    "SQL put together from text": r"(?:execute|rows_of)\(\s*(f[\"']|[^,)]*[\"']\s*%|[^,)]*\.format\()",
    "code from text": r"(?<![\w.])(eval|exec)\(",
    "unsafe unpacking": r"\bpickle\.loads?\(|\bmarshal\.loads?\(|yaml\.load\(|\bshelve\.",
    "a shell": r"shell\s*=\s*True|os\.system\(|os\.popen\(",
    "a table that may hold formulas": r"\bcsv\.(writer|DictWriter)\(",
    "checks left out": r"verify\s*=\s*False|CERT_NONE|check_hostname\s*=\s*False",
}
ALLOWED = {
    ("csrf_exempt", "accounts/views.py"): (
        1,
        "browsers report what they refused without our token; it is only counted, within a limit",
    ),
    ("SafeString", "desk/foreign.py"): (
        1,
        "the sanitised HTML of a mail, for a frame without scripts and without an origin",
    ),
    ("SafeString", "desk/repetition.py"): (1, "a compiled template's part, with Django's own token put in its place"),
    ("SafeString", "desk/rows.py"): (1, "rows of an id, a countdown and a compiled template's part, all HTML already"),
    ("a table that may hold formulas", "core/spreadsheets.py"): (1, "the one writer, which lets no cell be a formula"),
    ("checks left out", "diagnostics/adapters/certificates.py"): (
        2,
        "a service is looked at, bad certificate or not; what the certificate is worth is judged beside it, and nothing secret is sent",
    ),
    ("csrf_exempt", "telephone/views.py"): (1, "no browser asks: every request is signed over its body"),
    ("SafeString", "desk/templatetags/desk.py"): (1, "a constant"),
    ("SafeString", "mail/composition.py"): (1, "blocks that were each escaped"),
    ("SafeString", "ui/prose.py"): (1, "pieces that were each escaped, and our own ends of lines between them"),
    ("SafeString", "ui/times.py"): (1, "a constant, filled with words that were each escaped"),
    ("SafeString", "ui/templatetags/ui.py"): (1, "what a compiled template gives, which escapes by itself"),
    ("autoescape off", "incidents/templates/incidents/planned.txt"): (1, "plain text of a mail"),
    ("autoescape off", "incidents/templates/incidents/told.txt"): (1, "plain text of a mail"),
    ("autoescape off", "intake/templates/intake/joined.txt"): (1, "plain text of a mail"),
    ("autoescape off", "intake/templates/intake/receipt.txt"): (1, "plain text of a mail"),
    ("autoescape off", "intake/templates/intake/undecided.txt"): (1, "plain text of a mail"),
    ("autoescape off", "presales/templates/presales/confirm.txt"): (1, "plain text of a mail"),
    ("autoescape off", "tickets/templates/tickets/alarm.txt"): (1, "plain text of a mail"),
    ("autoescape off", "tickets/templates/tickets/analysis.txt"): (1, "plain text of a mail"),
    ("autoescape off", "tickets/templates/tickets/claim.txt"): (1, "plain text of a mail"),
    ("autoescape off", "tickets/templates/tickets/delay.txt"): (1, "plain text of a mail"),
    ("autoescape off", "tickets/templates/tickets/order_asked.txt"): (1, "plain text of a mail"),
    ("autoescape off", "tickets/templates/tickets/undelivered.txt"): (1, "plain text of a mail"),
    ("SQL put together from text", "desk/live.py"): (1, "the name of the channel, a constant"),
    ("SQL put together from text", "core/live.py"): (
        1,
        "one call of a function for each notice; what they say are parameters",
    ),
    ("SQL put together from text", "core/statements.py"): (1, "names of columns, which our models say"),
    ("SQL put together from text", "core/migrating.py"): (1, "the name of an index, which a migration says and quotes"),
    ("SQL put together from text", "mail/actions/outbound.py"): (1, "names of columns that our own calls say"),
    ("SQL put together from text", "mail/actions/inbound.py"): (1, "a condition that statements share, a constant"),
    ("SQL put together from text", "tickets/queries/search/finding.py"): (
        1,
        "a constant, as often as there are words; the words themselves are parameters",
    ),
    ("SQL put together from text", "watch/queries.py"): (1, "a number of our own, which SET takes no parameter for"),
}


def found() -> dict[tuple[str, str], int]:
    places: dict[tuple[str, str], int] = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in {".py", ".html", ".txt", ".xml"} and "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            for name, pattern in FORBIDDEN.items():
                if count := len(re.findall(pattern, text)):
                    places[name, str(path.relative_to(SOURCE))] = count
    return places


def test_what_opens_a_wall_is_used_only_where_there_is_a_reason() -> None:
    assert {place: count for place, count in found().items() if count > ALLOWED.get(place, (0, ""))[0]} == {}


def test_every_reason_still_has_its_place() -> None:
    assert set(ALLOWED) <= set(found())
    assert all(reason for _count, reason in ALLOWED.values())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("|safe", "{{ text|safe }}"),
        ("autoescape off", "{% autoescape off %}"),
        ("SQL put together from text", 'cursor.execute(f"SELECT {x}")'),
        ("SQL put together from text", 'cursor.execute("SELECT %s" % x)'),
        ("raw SQL of the ORM", 'Ticket.objects.raw("SELECT 1")'),
        ("a shell", "subprocess.run(x, shell=True)"),
        ("code from text", "eval(x)"),
    ],
)
def test_the_patterns_find_what_they_are_for(name: str, code: str) -> None:
    assert re.search(FORBIDDEN[name], code)
