"""What a person asked for and the desk declines, as opposed to a bug."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A known refusal: shown to the person as a sentence, never as a stack trace.

    `code` is stable and documented (docs/refusals.md); `message` is already translated.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
