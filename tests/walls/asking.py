"""How the walls' tests ask, what they compare, and how they know that nothing was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

# What may be written while somebody is being refused: the session of whoever asked, that it was seen, how often they tried,
# and in the audit that they were refused.
KEPT_OF_ANYBODY = ("django_session", "customers_contactsession", "cache", "accounts_attempts")
WRITES = """
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) - (SELECT count(*) FROM accounts_auditentry WHERE act = 'refused')
FROM pg_stat_xact_user_tables WHERE relname <> ALL(%s)
"""
DOORS = ("/account/login/", "/portal/sign-in/")
FORM = "application/x-www-form-urlencoded"
CHANGES_EACH_TIME = re.compile(
    rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|name="once" value="[^"]*"|data-now="\d+"'
)


def ask(client: Client, method: str, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> HttpResponse:
    """One request that leaves the browser's cookies as they were."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    answer: Any = client.generic(method, path, urlencode(form or {}, doseq=True), content_type=FORM, **more)
    if answer.streaming:
        answer.streaming_content = [b"".join(answer.streaming_content)]  # which also closes it
    client.cookies.clear()
    client.cookies.load(cookies)
    given: HttpResponse = answer
    return given


def is_refusal(answer: HttpResponse, *, has_method: bool) -> bool:
    if not has_method:
        return answer.status_code == 405
    at_the_door = answer.status_code == 302 and answer["Location"].startswith(DOORS)
    return at_the_door or answer.status_code in {401, 403}


def steady(answer: Any, *without: str) -> bytes:
    """The answer without what is different each time, and without these words."""
    content = CHANGES_EACH_TIME.sub(b"", answer.content)
    for words in without:
        content = content.replace(words.encode(), b"")
    return content


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def nothing_written(what: str) -> Iterator[None]:
    before = _writes()
    yield
    assert _writes() == before, f"{what}: refused, and yet something was written"


def _writes() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WRITES, [list(KEPT_OF_ANYBODY)])
        (count,) = cursor.fetchone()
    return int(count)
