"""What a request is about, told by plain words in Italian and English. Pure: lists to be read and mended, and nothing learnt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Topic(StrEnum):
    ORDERS = "orders"
    BOOKINGS = "bookings"
    MAIL = "mail"
    SITE = "site"
    SPEED = "speed"
    DATABASE = "database"
    DOMAIN = "domain"
    CERTIFICATE = "certificate"
    BACKUP = "backup"
    ACCESS = "access"
    UPLOAD = "upload"
    BILLING = "billing"


class DayPart(StrEnum):
    """When a customer asks, by the provider's clock."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    WEEKEND = "weekend"


BEGINNINGS: Mapping[Topic, str] = MappingProxyType(
    {
        Topic.ORDERS: "ordin[ei] ordinazion carrell checkout pagament acquist vendit e-?commerce woocommerce negozi prestashop"
        " magento paypal stripe order cart payment shop sales purchase",
        Topic.BOOKINGS: "prenotazion booking reservation appuntament",
        Topic.MAIL: "posta e-?mail mail casell[ae] pec smtp imap pop3 webmail newsletter mailbox inbox outlook thunderbird",
        Topic.SITE: "sito pagin[ae] homepage wordpress joomla drupal site website page plugin",
        Topic.SPEED: "lent[oaie] lentezz rallenta slow sluggish timeout",
        Topic.DATABASE: "database db mysql mariadb phpmyadmin postgres",
        Topic.DOMAIN: "domini[o]? dns nameserver trasferiment registrar auth-?code domain mx",
        Topic.CERTIFICATE: "certificat ssl https tls certificate",
        Topic.BACKUP: "backup ripristin copi[ae] restore snapshot",
        Topic.ACCESS: "password access[oi] login credenzial ssh sbloc pannell panel credential",
        Topic.UPLOAD: "ftp sftp upload carica[rt] file",
        Topic.BILLING: "fattur rinnov scadenz invoice renewal billing preventiv",
    }
)
"""Beginnings of words, as regular expressions."""

IMPORTANT = re.compile(
    r"\b(?:urgent\w*|important[ei]\w*|fondamental\w*|essenzial\w*|vital[ei]\w*|critic\w+|indispensabil\w*|priorit\w+|appena possibile"
    r"|perdendo|perdiamo|persi|bloccat\w+|important|essential|critical|crucial|as soon as possible|asap|losing|we lose|lost)\b",
    re.IGNORECASE,
)
"""Words with which people say that something matters."""
OUTAGE = re.compile(
    r"\b(?:(?:completamente|totalmente|del tutto) (?:gi[ùu]|ferm[oaie]|inutilizzabil[ei]|irraggiungibil[ei]|bloccat[oaie]|offline|down)"
    r"|(?:sito|server|negozio|servizio|posta|portale|shop)\b[^.!?\n]{0,40}\b(?:irraggiungibil[ei]|inutilizzabil[ei]|offline|down|gi[ùu]"
    r"|non (?:si )?(?:apre|aprono|risponde|raggiungibil[ei]|funziona)(?: pi[ùu])?)"
    r"|non (?:si )?(?:apre|funziona|va) pi[ùu] (?:niente|nulla)|(?:tutto|[èe]) (?:gi[ùu]|down|offline)"
    r"|(?:site|server|shop|store|website|service|mail)\b[^.!?\n]{0,40}\b(?:is|are|seems?|completely|totally) "
    r"(?:completely |totally |entirely )?(?:down|offline|unreachable|unavailable|unusable|dead)"
    r"|(?:nothing|none of it) (?:works|opens|loads)(?: any ?more)?)",
    re.IGNORECASE,
)
"""Words of a total outage. They are a weak claim: what is done of them is to look first [promise.outage]."""
READ = 4_000  # characters of a text: what matters is said early
MOST_SENTENCES = 60
MORNING, AFTERNOON, EVENING, NIGHT = 6, 12, 18, 23
SATURDAY = 5
_WORDS = MappingProxyType(
    {
        topic: re.compile(r"(?<!\w)(?:" + "|".join(beginnings.split()) + ")", re.IGNORECASE)
        for topic, beginnings in BEGINNINGS.items()
    }
)
_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-]{1,40})@([\w-]+(?:\.[\w-]+){1,4})")
_SENTENCE = re.compile(r"[.!?\n]+")


def topics_of(text: str) -> frozenset[Topic]:
    """What the text speaks of."""
    beginning = text[:READ]
    return frozenset(topic for topic, words in _WORDS.items() if words.search(beginning))


def important_in(text: str) -> frozenset[Topic]:
    """What the text says is important: topics of the sentences that say so."""
    sentences = _SENTENCE.split(text[:READ])[:MOST_SENTENCES]
    return frozenset().union(*(topics_of(sentence) for sentence in sentences if IMPORTANT.search(sentence)))


def speaks_of_outage(text: str) -> bool:
    """Whether the text says, in words, that nothing works any more."""
    return OUTAGE.search(text[:READ]) is not None


def addresses_in(text: str, domains: frozenset[str]) -> frozenset[str]:
    """The mail boxes named in the text that are of these domains, in lower case."""
    found = _ADDRESS.findall(text[:READ].lower())
    return frozenset(f"{local}@{domain}" for local, domain in found if domain in domains)


def part_of_day(local: datetime) -> DayPart:
    """The part of the week, by the local time given."""
    if local.weekday() >= SATURDAY:
        return DayPart.WEEKEND
    if MORNING <= local.hour < AFTERNOON:
        return DayPart.MORNING
    if AFTERNOON <= local.hour < EVENING:
        return DayPart.AFTERNOON
    return DayPart.EVENING if EVENING <= local.hour < NIGHT else DayPart.NIGHT
