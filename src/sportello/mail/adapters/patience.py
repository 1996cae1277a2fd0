"""A mail server that hangs must not hold up the whole worker, which has mails to read meanwhile."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from sportello.mail.adapters.smtp import Parcel, Transport
from sportello.mail.rules import Answer, Phase

SILENT_AFTER = 2  # mails in a row that got no answer


@dataclass(slots=True)
class Health:
    """How the server is doing, as this process has seen it."""

    _unanswered: int = 0
    _is_tried: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def may_try(self) -> bool:
        """Everybody while the server answers; while it is silent, one at a time finds out whether it is back."""
        with self._lock:
            if self._unanswered < SILENT_AFTER:
                return True
            may, self._is_tried = not self._is_tried, True
            return may

    def saw(self, *, answered: bool) -> None:
        with self._lock:
            self._unanswered = 0 if answered else self._unanswered + 1
            self._is_tried = False


@dataclass(frozen=True, slots=True)
class Patient:
    """A transport that is left alone while another mail waits for its answer in vain."""

    transport: Transport
    health: Health

    def send(self, parcel: Parcel) -> Answer:
        if not self.health.may_try():
            return Answer(Phase.CONNECT, 0, "the mail server does not answer; another mail is waiting for it")
        answered = False
        try:
            answer = self.transport.send(parcel)
            answered = answer.code != 0
        finally:
            self.health.saw(answered=answered)
        return answer
