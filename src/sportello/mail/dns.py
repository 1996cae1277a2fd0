"""Whether receivers can trust mail of a domain: MX, SPF, DKIM, DMARC, each with a sentence and, where one is missing, the record to add."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sportello.core.addresses import BadAddressError, ascii_domain
from sportello.mail import spf
from sportello.mail.adapters.dns import Dns, DnsUnreachable, Resolver
from sportello.mail.models import Mailbox
from sportello.mail.spf import SpfError, Verdict

# Where mail servers and panels usually put their keys; DNS cannot be asked for a list.
USUAL_SELECTORS = ("default", "mail", "dkim", "selector1", "selector2", "s1", "s2", "k1", "google", "x", "key1", "smtp")
HIGHEST_PARENT = 2  # labels: no policy is looked for at a top-level domain
WEAK_KEY_BITS = 1024
GOOD_KEY_BITS = 2048


class Part(StrEnum):
    MX = "MX"
    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"


class Level(StrEnum):
    GOOD = "good"
    ADVICE = "advice"
    BAD = "bad"
    UNKNOWN = "unknown"


WORDS: Mapping[str, str | Promise] = {
    "mx.good": _("Replies reach %(servers)s."),
    "mx.missing": _("The domain names no mail server: replies cannot reach it."),
    "mx.refuses": _("The domain says that it takes no mail at all (null MX): replies cannot reach it."),
    "spf.good": _("One sound SPF record, %(lookups)s of 10 questions used."),
    "spf.missing": _("There is no SPF record: receivers cannot tell who may send for the domain."),
    "spf.several": _("%(detail)s has more than one SPF record: receivers then take none. Join them into one."),
    "spf.syntax": _("The SPF record holds something that receivers do not understand: %(detail)s."),
    "spf.lookups": _("The SPF record costs receivers more than 10 questions; they give up. Name addresses instead of includes."),
    "spf.include": _("The SPF record includes %(detail)s, which has no SPF record: receivers reject the whole record."),
    "spf.circle": _("The SPF record includes itself through %(detail)s."),
    "spf.everybody": _("The SPF record lets everybody send for the domain (+all)."),
    "spf.open_end": _("The SPF record does not say what to think of other senders. It should end with ~all or -all."),
    "spf.sender": _("SPF does not let %(address)s send (%(verdict)s). If mail leaves from there, the record must name it."),
    "dkim.good": _("The key of the selector %(selector)s is published and is ours."),
    "dkim.found": _("A key is published under the selector %(selector)s. Whether the mail server signs with it shows in a received mail."),
    "dkim.missing": _("The key of the selector %(selector)s is not published: the signatures of our mails fail."),
    "dkim.other": _("Under the selector %(selector)s stands another key than ours: the signatures of our mails fail."),
    "dkim.revoked": _("The key of the selector %(selector)s is withdrawn (empty p=)."),
    "dkim.testing": _("The key of the selector %(selector)s is in test mode (t=y): receivers may ignore it."),
    "dkim.weak": _("The key of the selector %(selector)s has %(bits)s bits; receivers want 2048."),
    "dkim.unknown": _(
        "No key was found under the usual selectors. If the mail server signs, all is well; else set SPORTELLO_DKIM_KEY."
    ),
    "dkim.key": _("SPORTELLO_DKIM_KEY holds no key that can be read."),
    "dmarc.good": _("The policy is %(policy)s."),
    "dmarc.missing": _("There is no DMARC record: large receivers distrust the mail, and others can write in the domain's name unseen."),
    "dmarc.several": _("There is more than one DMARC record: receivers then take none."),
    "dmarc.syntax": _("The DMARC record has no valid policy (p=none, quarantine or reject)."),
    "dmarc.none": _("The policy is none: forged mail is reported, but not stopped. Once the reports are clean, use quarantine."),
    "dmarc.no_reports": _("Nobody receives the reports (rua=): problems stay unseen."),
    "dmarc.receipts": _("Receipts have an empty envelope sender, so that they pass DMARC by DKIM only; no DKIM key was found."),
    "unreachable": _("The name servers do not answer: nothing can be said."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A DNS record as it is to be entered."""

    name: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `record` is what to add or to put in place of the present one."""

    part: Part
    level: Level
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    record: Record | None = None

    @property
    def words(self) -> str:
        """The sentence in the reader's language."""
        return str(WORDS[self.code]) % self.params


@dataclass(frozen=True, slots=True)
class Report:
    domain: str
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        """The worst of all findings."""
        found = {finding.level for finding in self.findings}
        return next(level for level in (Level.BAD, Level.UNKNOWN, Level.ADVICE, Level.GOOD) if level in found)

    def of(self, part: Part) -> list[Finding]:
        return [finding for finding in self.findings if finding.part is part]


@dataclass(frozen=True, slots=True)
class Sending:
    """How mail of the domain leaves: the addresses known to send it, and our DKIM key, if we sign."""

    addresses: Sequence[str] = ()
    selector: str = ""
    key: str = ""  # PEM


def sending_domains() -> list[str]:
    """The domains of the active mailboxes, each once."""
    active = Mailbox.objects.filter(is_active=True).values_list("address", flat=True)
    return list(dict.fromkeys(address.rpartition("@")[2].lower() for address in active))


def check_domain(domain: str, *, resolver: Resolver | None = None, sending: Sending | None = None) -> Report:
    """Ask DNS for everything at once. Takes some seconds when name servers do not answer; raises nothing."""
    resolver = resolver or Dns()
    try:
        name = ascii_domain(domain)
    except BadAddressError:
        return Report(domain, (Finding(Part.MX, Level.BAD, "mx.missing"),))
    sending = sending or configured(name, resolver)
    checks: tuple[tuple[Part, Callable[[], Iterator[Finding]]], ...] = (
        (Part.MX, lambda: _mx(name, resolver)),
        (Part.SPF, lambda: _spf(name, resolver, sending)),
        (Part.DKIM, lambda: _dkim(name, resolver, sending)),
        (Part.DMARC, lambda: _dmarc(name, resolver)),
    )
    findings = [finding for part, check in checks for finding in _reached(part, check)]
    return Report(domain, (*findings, *_together(findings)))


def configured(domain: str, resolver: Resolver) -> Sending:
    """What the settings say: the mail server's public addresses, and the key when it is one for this domain."""
    ours = f".{domain}".endswith(f".{settings.DKIM_DOMAIN.lower()}") if settings.DKIM_KEY else False
    try:
        addresses = [one for one in resolver.addresses(settings.SMTP_HOST) if ip_address(one).is_global]
    except DnsUnreachable:
        addresses = []
    return Sending(addresses, settings.DKIM_SELECTOR if ours else "", settings.DKIM_KEY if ours else "")


def _reached(part: Part, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except DnsUnreachable:
        return [Finding(part, Level.UNKNOWN, "unreachable")]


# -- MX ----------------------------------------------------------------------------------------------------------------
def _mx(domain: str, resolver: Resolver) -> Iterator[Finding]:
    servers = resolver.exchangers(domain)
    if servers in (["."], [""]):
        yield Finding(Part.MX, Level.BAD, "mx.refuses")
    elif servers or resolver.addresses(domain):  # without MX the domain's own address takes the mail (RFC 5321, 5.1)
        yield Finding(Part.MX, Level.GOOD, "mx.good", {"servers": ", ".join(servers) or domain})
    else:
        yield Finding(Part.MX, Level.BAD, "mx.missing", record=Record(domain, "MX", f"10 mail.{domain}."))


# -- SPF ---------------------------------------------------------------------------------------------------------------
def _spf(domain: str, resolver: Resolver, sending: Sending) -> Iterator[Finding]:
    try:
        record = spf.record_of(resolver, domain)
        if record is None:
            yield Finding(Part.SPF, Level.BAD, "spf.missing", record=_spf_record(domain, "", sending.addresses))
            return
        yield from _spf_judged(domain, record, resolver, sending)
    except SpfError as error:
        yield Finding(Part.SPF, Level.BAD, f"spf.{error.code}", {"detail": error.detail})


def _spf_judged(domain: str, record: str, resolver: Resolver, sending: Sending) -> Iterator[Finding]:
    walk = spf.Evaluation(resolver)
    walk.judge("192.0.2.1", domain)  # an address that nobody has: the walk goes to the end
    end = next((term for term in reversed(spf.terms(record)) if term.lstrip("+-~?") == "all"), "")
    if end in {"all", "+all"}:
        yield Finding(Part.SPF, Level.BAD, "spf.everybody", record=_spf_record(domain, record, ()))
    elif not end.startswith(("-", "~")) and "redirect=" not in record.lower():
        yield Finding(Part.SPF, Level.ADVICE, "spf.open_end", record=_spf_record(domain, record, ()))
    else:
        yield Finding(Part.SPF, Level.GOOD, "spf.good", {"lookups": walk.lookups})
    for address in sending.addresses:
        verdict = spf.Evaluation(resolver).judge(address, domain)
        if verdict is not Verdict.PASS:
            params = {"address": address, "verdict": str(verdict)}
            yield Finding(Part.SPF, Level.ADVICE, "spf.sender", params, _spf_record(domain, record, [address]))


def _spf_record(domain: str, present: str, addresses: Sequence[str]) -> Record:
    """The present record, or a first one, with these addresses let in and others doubted."""
    kept = [term for term in present.split()[1:] if term.lstrip("+-~?").lower() != "all"] if present else ["mx"]
    end = "-all" if "-all" in present.lower().split() else "~all"
    ours = [f"ip{ip_address(address).version}:{address}" for address in addresses]
    return Record(domain, "TXT", " ".join(["v=spf1", *ours, *kept, end]))


# -- DKIM --------------------------------------------------------------------------------------------------------------
def _dkim(domain: str, resolver: Resolver, sending: Sending) -> Iterator[Finding]:
    if sending.key:
        yield from _own_key(domain, resolver, sending)
        return
    found = False
    for selector in dict.fromkeys([*filter(None, [sending.selector]), *USUAL_SELECTORS]):
        tags = _key_record(resolver, selector, domain)
        if tags and tags.get("p"):
            found = True
            yield Finding(Part.DKIM, Level.GOOD, "dkim.found", {"selector": selector})
            yield from _key_faults(tags, selector)
    if not found:
        yield Finding(Part.DKIM, Level.ADVICE, "dkim.unknown")


def _own_key(domain: str, resolver: Resolver, sending: Sending) -> Iterator[Finding]:
    ours = public_key(sending.key)
    params = {"selector": sending.selector}
    if not ours:
        yield Finding(Part.DKIM, Level.BAD, "dkim.key")
        return
    record = Record(f"{sending.selector}._domainkey.{domain}", "TXT", f"v=DKIM1; k=rsa; p={ours}")
    tags = _key_record(resolver, sending.selector, domain)
    if tags is None:
        yield Finding(Part.DKIM, Level.BAD, "dkim.missing", params, record)
    elif not tags.get("p"):
        yield Finding(Part.DKIM, Level.BAD, "dkim.revoked", params, record)
    elif tags["p"] != ours:
        yield Finding(Part.DKIM, Level.BAD, "dkim.other", params, record)
    else:
        yield Finding(Part.DKIM, Level.GOOD, "dkim.good", params)
        yield from _key_faults(tags, sending.selector)


def _key_record(resolver: Resolver, selector: str, domain: str) -> dict[str, str] | None:
    records = [_tags(text) for text in resolver.texts(f"{selector}._domainkey.{domain}")]
    return next((tags for tags in records if "p" in tags and tags.get("v", "DKIM1") == "DKIM1"), None)


def _key_faults(tags: Mapping[str, str], selector: str) -> Iterator[Finding]:
    if "y" in tags.get("t", "").split(":"):
        yield Finding(Part.DKIM, Level.ADVICE, "dkim.testing", {"selector": selector})
    bits = _key_bits(tags)
    if bits < GOOD_KEY_BITS:
        level = Level.BAD if bits < WEAK_KEY_BITS else Level.ADVICE
        yield Finding(Part.DKIM, level, "dkim.weak", {"selector": selector, "bits": bits})


def _key_bits(tags: Mapping[str, str]) -> int:
    """The size of an RSA key; other kinds have no weak size."""
    if tags.get("k", "rsa") != "rsa":
        return GOOD_KEY_BITS
    try:
        key = serialization.load_der_public_key(base64.b64decode(tags["p"]))
    except (ValueError, UnsupportedAlgorithm):
        return 0
    return key.key_size if isinstance(key, RSAPublicKey) else GOOD_KEY_BITS


def public_key(pem: str) -> str:
    """The `p=` that belongs to a private RSA key in PEM; empty when it is none."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return ""
    if not isinstance(key, RSAPrivateKey):
        return ""
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode("ascii")


# -- DMARC -------------------------------------------------------------------------------------------------------------
def _dmarc(domain: str, resolver: Resolver) -> Iterator[Finding]:
    found_at, records = _dmarc_records(domain, resolver)
    start = Record(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}")
    if not records:
        yield Finding(Part.DMARC, Level.BAD, "dmarc.missing", record=start)
        return
    if len(records) > 1:
        yield Finding(Part.DMARC, Level.BAD, "dmarc.several")
        return
    tags = _tags(records[0])
    policy = (tags.get("sp") if found_at != domain else None) or tags.get("p", "")
    if policy.lower() not in {"none", "quarantine", "reject"}:
        yield Finding(Part.DMARC, Level.BAD, "dmarc.syntax", record=start)
        return
    level = Level.ADVICE if policy.lower() == "none" else Level.GOOD
    yield Finding(
        Part.DMARC, level, "dmarc.none" if level is Level.ADVICE else "dmarc.good", {"policy": policy.lower()}
    )
    if not tags.get("rua"):
        yield Finding(Part.DMARC, Level.ADVICE, "dmarc.no_reports")


def _dmarc_records(domain: str, resolver: Resolver) -> tuple[str, list[str]]:
    """The record of the domain, else of the nearest domain above it, as receivers climb."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - HIGHEST_PARENT + 1)):
        name = ".".join(labels[start:])
        records = [text for text in resolver.texts(f"_dmarc.{name}") if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text)]
        if records:
            return name, records
    return domain, []


def _together(findings: Sequence[Finding]) -> Iterator[Finding]:
    """What follows from two parts at once."""
    codes = {finding.code for finding in findings}
    if "dmarc.good" in codes and codes & {"dkim.unknown", "dkim.missing", "dkim.other", "dkim.revoked", "dkim.key"}:
        yield Finding(Part.DMARC, Level.ADVICE, "dmarc.receipts")


def _tags(record: str) -> dict[str, str]:
    """`v=DMARC1; p=none` as a mapping; white space inside values is left out (RFC 6376, 3.2)."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip(): re.sub(r"\s+", "", value) for name, _, value in pairs}
