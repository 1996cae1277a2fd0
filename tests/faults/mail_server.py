"""A mail server that hands mail over by LMTP as Postfix does: what was not acknowledged it keeps, and comes again."""

from __future__ import annotations

import re
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Self

LANES = 3
PAUSE = 0.1  # seconds until it comes again
PATIENCE = 60.0
_LEADING_DOT = re.compile(rb"(?:\A|(?<=\r\n))\.")


@dataclass(frozen=True)
class Letter:
    message_id: str
    sender: str
    raw: bytes
    """With CRLF at its end."""


@dataclass
class MailServer:
    """Hands over to one mailbox. Every `cuts`-th mail loses its line, the first time, between the last dot and the answer."""

    port: int
    recipient: str
    cuts: int = 0
    patience: float = PATIENCE
    lanes: int = LANES
    acknowledged: dict[str, float] = field(default_factory=dict)
    """When each mail's 250 came, by its Message-ID, in seconds of the monotonic clock."""
    refused: dict[str, bytes] = field(default_factory=dict)
    """What was refused for good, which a real server sends back to its author."""
    took: list[float] = field(default_factory=list)
    """Seconds until each 250, from the connection on."""
    answers: Counter[int] = field(default_factory=Counter)
    """How often each code was heard; 0 stands for a line that was cut or not there."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _taken: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._lanes = ThreadPoolExecutor(self.lanes, thread_name_prefix="lane")
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._lanes.shutdown(cancel_futures=True)

    def hand_over(self, letters: Sequence[Letter]) -> list[Future[None]]:
        """In several connections at once, each mail until it is acknowledged or refused for good."""
        return [self._lanes.submit(self._hand_over, letter) for letter in letters]

    def refusals(self) -> int:
        """How often it was asked to come again later."""
        return sum(times for code, times in self.answers.items() if code // 100 == 4)

    def heard(self) -> int:
        """How many answers there were, good and bad."""
        return self.answers.total() - self.answers[0]

    def _hand_over(self, letter: Letter) -> None:
        with self._lock:
            self._taken += 1
            cut = bool(self.cuts) and self._taken % self.cuts == 0
        end = time.monotonic() + self.patience
        while not self._has_gone(letter, cut=cut):
            assert time.monotonic() < end, f"{letter.message_id} was not taken within {self.patience} s"
            cut = False
            if self._over.wait(PAUSE):
                return

    def _has_gone(self, letter: Letter, *, cut: bool) -> bool:
        begun = time.monotonic()
        code, words = self._try(letter, cut=cut)
        with self._lock:
            self.answers[code] += 1
            if code == 250:
                self.acknowledged[letter.message_id] = time.monotonic()
                self.took.append(self.acknowledged[letter.message_id] - begun)
            elif code >= 500:
                self.refused[letter.message_id] = words
        return code == 250 or code >= 500

    def _try(self, letter: Letter, *, cut: bool) -> tuple[int, bytes]:
        """One talk; its last answer."""
        try:
            with smtplib.LMTP("127.0.0.1", self.port, timeout=30) as door:
                return self._talk(door, letter, cut=cut)
        except smtplib.SMTPResponseException as error:
            words = error.smtp_error
            return max(0, error.smtp_code), words if isinstance(words, bytes) else words.encode()
        except (OSError, smtplib.SMTPException):
            return 0, b""

    def _talk(self, door: smtplib.LMTP, letter: Letter, *, cut: bool) -> tuple[int, bytes]:
        door.ehlo_or_helo_if_needed()
        for answer in (door.mail(letter.sender), door.rcpt(self.recipient)):
            if answer[0] != 250:
                return answer
        return self._send(door, letter, cut=cut)

    def _send(self, door: smtplib.LMTP, letter: Letter, *, cut: bool = False) -> tuple[int, bytes]:
        """The mail byte for byte, unlike smtplib. With `cut` there is nobody to hear the answer: raises OSError."""
        answer = door.docmd("DATA")
        if answer[0] != 354:
            return answer
        door.send(_LEADING_DOT.sub(b"..", letter.raw) + b".\r\n")
        if cut:
            door.close()
            raise ConnectionAbortedError
        return door.getreply()
