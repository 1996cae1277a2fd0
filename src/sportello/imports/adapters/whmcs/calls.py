"""Calls to the API of WHMCS: signed in by identifier and secret, patient with one that is busy, and page by page.

Nothing of an answer is logged or told but the sentence of a refusal: answers hold passwords.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sportello.core import http, reach
from sportello.imports.adapters.source import SourceError
from sportello.imports.adapters.whmcs.shapes import Record, number, records
from sportello.imports.enums import Trouble

PATH = "/includes/api.php"
PAGE = 100
MOST_PAGES = 20_000
LARGEST_ANSWER = 32 << 20
TIMEOUT = 60.0  # a list of a large installation takes its time
BUSY = (408, 425, 429, 500, 502, 503, 504)
PAUSES = (2.0, 10.0, 30.0, 60.0)
LONGEST_PAUSE = 300.0
_SAID = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    url: str
    identifier: str
    secret: str
    access_key: str = ""
    allowed: tuple[reach.Network, ...] = ()
    pause: Callable[[float], None] = time.sleep

    def call(self, action: str, **params: str | int) -> Record:
        """The answer to one call. Raises SourceError when it is a refusal, and when WHMCS stays busy or silent."""
        trouble = ""
        for wait in (*PAUSES, None):
            try:
                answer = self._post(action, params)
            except reach.NotAllowed as error:
                raise SourceError(Trouble.UNREACHABLE, f"{error}; see SPORTELLO_WHMCS_NETWORKS") from None
            except reach.Unreachable as error:
                trouble, asked = str(error), None
            else:
                if answer.status not in BUSY or _is_refusal(answer.body):
                    return _read(action, answer)
                trouble, asked = f"{action}: HTTP status {answer.status}", answer.retry_after
            if wait is not None:
                self.pause(min(max(wait, asked or 0), LONGEST_PAUSE))
        raise SourceError(Trouble.UNREACHABLE, trouble)

    def pages(self, action: str, outer: str, inner: str) -> Iterator[Record]:
        """All records of a list. One that grows while it is read is read on to its end; of one that shrinks, some may have been passed over."""
        start, least, known = 0, 0, set[str]()
        for _page in range(MOST_PAGES):
            answer = self.call(action, limitstart=start, limitnum=PAGE)
            found, total = self._records(action, answer, outer, inner), number(answer, "totalresults")
            fresh = [record for record in found if _key(record) not in known]
            known.update(map(_key, fresh))
            yield from fresh
            start += len(found)
            if total is not None and (total < least or (start < total and not fresh)):
                raise SourceError(Trouble.NOT_UNDERSTOOD, f"{action}: {len(known)} of {max(total, least)} records came")
            if not fresh or (start >= total if total is not None else len(found) < PAGE):
                return
            least = total or 0
        raise SourceError(Trouble.NOT_UNDERSTOOD, f"{action}: too many pages")

    def all(self, action: str, outer: str, inner: str) -> list[Record]:
        """The records of a list without pages."""
        return self._records(action, self.call(action), outer, inner)

    def _records(self, action: str, answer: Record, outer: str, inner: str) -> list[Record]:
        try:
            return records(answer, outer, inner)
        except ValueError:
            raise SourceError(Trouble.NOT_UNDERSTOOD, f"{action}: {outer} is no list") from None

    def _post(self, action: str, params: Mapping[str, str | int]) -> http.Answer:
        signed = {"identifier": self.identifier, "secret": self.secret, "accesskey": self.access_key}
        fields = {name: value for name, value in signed.items() if value}
        return http.post_form(
            self.url.rstrip("/") + PATH,
            {**fields, "action": action, "responsetype": "json", **params},
            timeout=TIMEOUT,
            allowed=self.allowed,
            most=LARGEST_ANSWER,
        )


def _read(action: str, answer: http.Answer) -> Record:
    found = _json(answer.body)
    if found is None:
        raise SourceError(Trouble.NOT_UNDERSTOOD, f"{action}: not JSON, HTTP status {answer.status}")
    if found.get("result") == "success":
        return found
    if found.get("result") == "error" or not answer.is_success:
        raise SourceError(Trouble.REFUSED, f"{action}: {str(found.get('message', answer.status))[:_SAID]}")
    raise SourceError(Trouble.NOT_UNDERSTOOD, f"{action}: neither success nor error")


def _is_refusal(body: bytes) -> bool:
    """WHMCS answers some refusals with a status of its own: those are answers, not business."""
    return (_json(body) or {}).get("result") == "error"


def _json(body: bytes) -> dict[str, Any] | None:
    """None for HTML error pages, empty and cut answers; a byte order mark and warnings of PHP before the object are passed over."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text[max(text.find("{"), 0) :])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _key(record: Record) -> str:
    return str(record.get("id", record.get("contactid", "")))
