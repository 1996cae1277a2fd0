"""Images pasted into HTML as `data:` addresses, as several webmails do: taken out as files, and referred to by `cid:` like any other."""

from __future__ import annotations

import re

from sportello.mail.parsing import attachments
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.model import Attachment
from sportello.mail.parsing.transfer import base64_bytes

_PASTED = re.compile(
    r"""\bsrc\s{0,9}=\s{0,9}(["']?)\s{0,9}data:image/(png|jpe?g|gif|webp)(?:;[a-z0-9=-]{1,40}){0,3};base64,([A-Za-z0-9+/=\s]*)\1""",
    re.IGNORECASE,
)


def take_out(source: str, limits: Limits) -> tuple[str, list[Attachment]]:
    """The HTML with references in place of the images, and these, at most `limits.attachments`; the rest are dropped when it is cleaned."""
    found: dict[str, Attachment] = {}

    def reference(pasted: re.Match[str]) -> str:
        if len(found) >= limits.attachments:
            return ""
        kind = pasted.group(2).lower().replace("jpg", "jpeg")
        file = _file(kind, base64_bytes(pasted.group(3).encode("ascii", "ignore")), len(found) + 1)
        return f'src="cid:{found.setdefault(file.content_id, file).content_id}"'

    return _PASTED.sub(reference, source), list(found.values())


def _file(kind: str, content: bytes, number: int) -> Attachment:
    file = attachments.of_bytes(f"image-{number}.{kind.replace('jpeg', 'jpg')}", f"image/{kind}", content, inline=True)
    return attachments.of_bytes(
        file.name, file.content_type, content, content_id=f"{file.sha256[:32]}@pasted.invalid", inline=True
    )
