from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Probe(models.TextChoices):
    """What was tried."""

    DNS = "dns", _("name")
    DELEGATION = "delegation", _("name servers")
    TCP = "tcp", _("connection")
    TLS = "tls", _("certificate")
    PAGE = "page", _("page")
    MAIL = "mail", _("mail")


class Role(models.TextChoices):
    """Whose the thing is that was looked at."""

    OWN = "own", _("the service itself")
    ORIGIN = "origin", _("the service on our server, past the proxy")
    NEIGHBOUR = "neighbour", _("another service on the same server")
    SERVER = "server", _("the server")
    CANARY = "canary", _("a site that always answers")


class Occasion(models.TextChoices):
    """Why a service was looked at."""

    OPENING = "opening", _("a ticket was opened")
    AGAIN = "again", _("to be sure of what was seen before")
    DEMAND = "demand", _("somebody asked for it")
    SCHEDULE = "schedule", _("a ticket is open")
    SOLVING = "solving", _("a ticket was solved")
    INCIDENT = "incident", _("an incident")


class Effect(models.TextChoices):
    """What a sign means for whoever uses the service."""

    GOOD = "good", _("works")
    ODD = "odd", _("works, with something to note")
    PART = "part", _("works in part")
    SLOW = "slow", _("takes long")
    FAILS = "fails", _("does not work")
    STOPPED = "stopped", _("closed by us")
    BLIND = "blind", _("could not be seen")


class Blame(models.TextChoices):
    """Whose fault it is, as far as can be told from outside."""

    NOBODY = "", _("nobody's")
    PROVIDER = "provider", _("ours")
    CUSTOMER = "customer", _("most likely the customer's")
    OPEN = "open", _("cannot be told from outside")


class Sign(StrEnum):
    """What one probe saw. The part before the dot is what was tried."""

    NAME_FOUND = "dns.found"
    NAME_NOT_THERE = "dns.nxdomain"
    NAME_BROKEN = "dns.servfail"
    NAME_BOGUS = "dns.dnssec"
    NAME_SILENT = "dns.silent"
    NAME_EMPTY = "dns.empty"
    NAME_FORBIDDEN = "dns.forbidden"
    NAME_BLIND = "dns.blind"

    SERVERS_AGREE = "delegation.good"
    SERVERS_LAME = "delegation.lame"
    SERVERS_DIFFER = "delegation.differ"
    SERVERS_UNKNOWN = "delegation.unknown"

    PORT_OPEN = "tcp.open"
    PORT_REFUSED = "tcp.refused"
    PORT_SILENT = "tcp.silent"
    PORT_NO_ROUTE = "tcp.no_route"

    CERTIFICATE_GOOD = "tls.good"
    CERTIFICATE_SOON = "tls.soon"
    CERTIFICATE_EXPIRED = "tls.expired"
    CERTIFICATE_OTHER_NAME = "tls.name"
    CERTIFICATE_CHAIN = "tls.chain"
    CERTIFICATE_SELF_SIGNED = "tls.self_signed"
    HANDSHAKE_FAILED = "tls.failed"

    PAGE_FINE = "page.fine"
    PAGE_SLOW = "page.slow"
    PAGE_HANGING = "page.hanging"
    PAGE_CUT_OFF = "page.cut_off"
    PAGE_LOOP = "page.loop"
    PAGE_MANY_REDIRECTS = "page.redirects"
    PAGE_ELSEWHERE = "page.elsewhere"
    PAGE_NOWHERE = "page.nowhere"
    PAGE_EMPTY = "page.empty"
    PAGE_DATABASE = "page.database"
    PAGE_TABLES = "page.tables"
    PAGE_CRITICAL = "page.critical"
    PAGE_PHP = "page.php"
    PAGE_MAINTENANCE = "page.maintenance"
    PAGE_SUSPENDED = "page.suspended"
    PAGE_DEFAULT = "page.default"
    PAGE_LISTING = "page.listing"
    PAGE_FORBIDDEN = "page.forbidden"
    PAGE_PASSWORD = "page.password"  # noqa: S105 - what was seen: a page that asks for one
    PAGE_MISSING = "page.missing"
    PAGE_SERVER_ERROR = "page.error"
    PAGE_GATEWAY = "page.gateway"
    PAGE_PROXY = "page.proxy"
    PAGE_TURNED_AWAY = "page.turned_away"
    PAGE_TEXT_GONE = "page.text_gone"

    MAIL_GOOD = "mail.good"
    MAIL_NO_STARTTLS = "mail.no_starttls"
    MAIL_BUSY = "mail.busy"
    MAIL_TURNED_AWAY = "mail.turned_away"
    MAIL_CUT_OFF = "mail.cut_off"
    MAIL_REFUSED = "mail.refused"
    MAIL_SILENT = "mail.silent"
    MAIL_NO_ROUTE = "mail.no_route"
    MAIL_NONE = "mail.none"
    MAIL_ELSEWHERE = "mail.elsewhere"
