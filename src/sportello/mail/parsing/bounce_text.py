"""Mail that came back with a text instead of a standard report. Asked only for mail whose sender is a mail system.

A hosting provider's customers write "Undelivered Mail Returned to Sender" over their own words, and paste whole bounces: a subject or a text
alone never makes a bounce.
"""

from __future__ import annotations

import email
import logging
import re
from email.message import Message

from flufl.bounce import all_failures

from sportello.mail.parsing.addresses import clean_address
from sportello.mail.parsing.bounce import status_groups
from sportello.mail.parsing.headers import Headers, ids_in
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.model import Bounce, FailedRecipient
from sportello.mail.parsing.patterns import one_of
from sportello.mail.parsing.structure import Walk

logging.getLogger("flufl.bounce").addHandler(logging.NullHandler())
logging.getLogger("flufl.bounce").propagate = False

_SYSTEM_SENDER = re.compile(
    one_of(
        r"""
        mailer[-_.]?daemon / mail[-_.]?daemon / \bmdaemon / postmaster / mail delivery (?:sub)?system / delivery subsystem
        system administrator / mail[-_.]delivery / mail administrator / mailadm\b / mail system\b / mail[-_ ]?gateway
        """
    ),
    re.IGNORECASE,
)
_PROGRAM_SENDER = re.compile(
    one_of(
        r"""
        smtp / mail[-_. ]?(?:service|server|scanner) / anti[-_ ]?(?:virus|spam) / gateway / \bimss\b / \badmin(?:istrator)?@
        \bsystem@
        """
    ),
    re.IGNORECASE,
)
_FAILURE_SUBJECT = re.compile(
    r"^\W{0,3}"
    + one_of(
        r"""
        undeliver / non[- ]delivery / returned mail / mail (?:delivery )?(?:failed|failure|problem|system error)
        (?:e?mail |message )?delivery (?:status|failure|failed|problem|notification|report) / failure notice / failed mail
        mail not delivered / (?:mail|message) could not be delivered / could not send message / delayed mail
        warning: (?:message|could not) / permanent delivery failure / mancata consegna / impossibile recapitare
        messaggio non (?:consegnato|recapitato) / mail non (?:consegnata|recapitata)
        notifica (?:di )?(?:mancato recapito|dello stato) / no se (?:ha podido|pudo|puede) entregar / correo devuelto
        mensaje no entregado / (?:mail )?unzustellbar / nicht zustellbar / échec de (?:la )?remise / non remis
        niet[- ]bezorgd
        """
    ),
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    one_of(
        """
        delay / still being retried / not yet been delivered / has not been delivered / will be retried / warning: message
        could not send message for past / ritard / retras / retard / verzöger / opóźni / întârzi / atras[oa]
        """
    ),
    re.IGNORECASE,
)
_FAILED_ADDRESS = re.compile(r"<?([^\s<>@\"'(),;:\[\]]{1,64}@[A-Za-z0-9.-]{3,190}\.[A-Za-z]{2,24})>?")
_FAILURE_WORDS = re.compile(
    one_of(
        r"""
        \b55[0-9]\b / \b5\.\d\.\d / user unknown / unknown user / no such user / does not exist / non esiste / sconosciut
        mailbox (?:is )?(?:full|unavailable) / casella piena / quota / rejected / rifiutat / could not be delivered
        wasn't delivered / couldn't be delivered / undeliverable / non è stato possibile / delivery (?:has )?failed
        permanent(?:ly)? (?:error|fail) / not found / failed (?:permanently|recipient) / host unknown / cannot be delivered
        invalid recipient / has been blocked / no se pudo / no existe / no ha podido / no se puede / desconocid / buzón (?:está )?lleno
        non (?:è )?riuscit / mancat[ao] (?:consegna|recapito) / impossibile (?:consegnare|recapitare) / inesistente / disabilitat
        n['’]existe pas / n['’]a pu être / n['’]a pas pu être / inconnue? / boîte (?:aux lettres )?pleine / nicht zugestellt / unbekannt
        existiert nicht / postfach (?:ist )?voll / abgelehnt / nie istnieje / nieznan / nie można dostarczyć / nie została dostarczona / przepełnion
        nu a putut fi / necunoscut / nu există / não (?:pôde|foi possível|existe) / niet (?:worden )?afgeleverd / bestaat niet / onbekend
        nebylo možné doručit / neexistuje / neznám / nem kézbesíthető / ismeretlen / kunde inte leverer / finns inte / findes ikke
        не удалось доставить / не существует / неизвест
        """
    ),
    re.IGNORECASE,
)
_COPY_OF_ORIGINAL = re.compile(
    r"^[-_ ]{3,}.{0,60}(?:original|copy|headers|originale).{0,60}$", re.IGNORECASE | re.MULTILINE
)
_STATUS = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
_OWN_ID = re.compile(r"^[> \t]*Message-ID[ \t]*:[ \t]*(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE)


def from_system(headers: Headers, *, from_addr: str, from_name: str, return_path: str | None, subject: str) -> bool:
    """Whether the sender is a mail system, by null return path, its name, or as a program that says so in the subject."""
    sender = f"{from_name} {from_addr}"
    if (
        headers.has("x-failed-recipients")
        or _SYSTEM_SENDER.search(sender)
        or (return_path and _SYSTEM_SENDER.search(return_path))
    ):
        return True
    if return_path == "":
        return not from_addr or _FAILURE_SUBJECT.match(subject) is not None
    return _FAILURE_SUBJECT.match(subject) is not None and (not from_addr or _PROGRAM_SENDER.search(sender) is not None)


def read(raw: bytes, headers: Headers, text: str, subject: str, about: tuple[str, ...], walk: Walk) -> Bounce | None:
    """None when no failed address can be made out."""
    limits = walk.limits
    text = text[: limits.bounce_chars]
    found = (
        _embedded_report(text, limits)
        or _by_header(headers, text)
        or _by_detectors(raw, walk)
        or _by_words(text, subject)
    )
    if not found:
        return None
    return Bounce(tuple(found), about or _ids_in_text(text) or headers.ids("in-reply-to"), standard=False)


def _embedded_report(text: str, limits: Limits) -> list[FailedRecipient]:
    """RFC 3464 fields that a relay has turned into plain text."""
    if "final-recipient" not in text.lower():
        return []
    out = []
    for group in status_groups(text, limits):
        address = clean_address(group.get("final-recipient", "").rpartition(";")[2])
        if "@" in address:
            action, status = group.get("action", "").lower(), group.get("status", "")[:12].strip()
            out.append(
                FailedRecipient(
                    address, status, action, group.get("diagnostic-code", "")[:500], action.startswith("delayed")
                )
            )
    return out


def _by_header(headers: Headers, text: str) -> list[FailedRecipient]:
    """Exim and Google name the failed addresses in a header."""
    addresses = [clean_address(word) for word in headers.get("x-failed-recipients").split(",")[:100]]
    return [
        FailedRecipient(address, status=_status_in(text), transient=_status_in(text).startswith("4"))
        for address in addresses
        if "@" in address
    ]


def _by_detectors(raw: bytes, walk: Walk) -> list[FailedRecipient]:
    """The private formats of eighteen mail systems. The library needs the standard parser: only small, simple mails are given to it."""
    if walk.parts > 50 or "too-deep" in walk.problems:
        return []
    try:
        temporary, permanent = all_failures(_standard_message(raw[: walk.limits.bounce_chars]))
    except Exception:  # noqa: BLE001 - detectors raise anything on odd mail, and are asked last
        walk.note("bounce-detector")
        return []
    both = [(address, True) for address in sorted(temporary - permanent)] + [
        (address, False) for address in sorted(permanent)
    ]
    addresses = [(clean_address(address.decode("utf-8", "replace")), transient) for address, transient in both]
    return [FailedRecipient(address, transient=transient) for address, transient in addresses if address]


def _standard_message(raw: bytes) -> Message:
    message = email.message_from_bytes(raw)
    sender = str(message.get("From", "")).encode("ascii", "replace").decode()
    del message["From"]
    message["From"] = " ".join(sender.split()) or "mailer-daemon@invalid"
    return message


def _by_words(text: str, subject: str) -> list[FailedRecipient]:
    """The first address that stands near words of failure, above any copy of the original."""
    lines = _COPY_OF_ORIGINAL.split(text[:20_000], maxsplit=1)[0].split("\n")
    transient = _NOT_YET.search(subject) is not None
    for index, line in enumerate(lines[:200]):
        match = _FAILED_ADDRESS.search(line[:500])
        if match and any(_FAILURE_WORDS.search(near[:500]) for near in lines[max(0, index - 6) : index + 5]):
            return [FailedRecipient(clean_address(match.group(1)), status=_status_in(line), transient=transient)]
    return []


def _status_in(text: str) -> str:
    match = _STATUS.search(text[:20_000])
    return match.group(1) if match else ""


def _ids_in_text(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for value in _OWN_ID.findall(text)[:5] for i in ids_in(value)))
