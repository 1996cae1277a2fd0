"""What was seen, and what it means, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sportello.diagnostics.enums import Sign
from sportello.ui.dates import in_words

SEEN: Mapping[str, Promise] = MappingProxyType(
    {
        Sign.NAME_FOUND: gettext_lazy("The name leads to %(addresses)s"),
        Sign.NAME_NOT_THERE: gettext_lazy("The name does not exist (NXDOMAIN)"),
        Sign.NAME_BROKEN: gettext_lazy("The name servers fail (SERVFAIL)"),
        Sign.NAME_BOGUS: gettext_lazy("The name's signature is not valid (DNSSEC)"),
        Sign.NAME_SILENT: gettext_lazy("The name servers do not answer"),
        Sign.NAME_EMPTY: gettext_lazy("The name has no address"),
        Sign.NAME_FORBIDDEN: gettext_lazy("The name leads to an address that may not be reached"),
        Sign.NAME_BLIND: gettext_lazy("Our own resolver does not answer"),
        Sign.SERVERS_AGREE: gettext_lazy("The name servers agree"),
        Sign.SERVERS_LAME: gettext_lazy("A name server does not know the name"),
        Sign.SERVERS_DIFFER: gettext_lazy("The name servers say different things"),
        Sign.SERVERS_UNKNOWN: gettext_lazy("The name servers could not be asked"),
        Sign.PORT_OPEN: gettext_lazy("The port answers"),
        Sign.PORT_REFUSED: gettext_lazy("The port refuses connections"),
        Sign.PORT_SILENT: gettext_lazy("The port does not answer"),
        Sign.PORT_NO_ROUTE: gettext_lazy("There is no way there from here"),
        Sign.CERTIFICATE_GOOD: gettext_lazy("The certificate is good, until %(until)s"),
        Sign.CERTIFICATE_SOON: gettext_lazy("The certificate expires soon: %(until)s"),
        Sign.CERTIFICATE_EXPIRED: gettext_lazy("The certificate is not valid at this time: until %(until)s"),
        Sign.CERTIFICATE_OTHER_NAME: gettext_lazy("The certificate is for another name"),
        Sign.CERTIFICATE_CHAIN: gettext_lazy("The certificate's chain is not complete or not trusted"),
        Sign.CERTIFICATE_SELF_SIGNED: gettext_lazy("The certificate is signed by itself"),
        Sign.HANDSHAKE_FAILED: gettext_lazy("No encrypted connection comes about"),
        Sign.PAGE_FINE: gettext_lazy("The page opens"),
        Sign.PAGE_SLOW: gettext_lazy("The page opens, slowly"),
        Sign.PAGE_HANGING: gettext_lazy("The page sends nothing in time"),
        Sign.PAGE_CUT_OFF: gettext_lazy("The connection breaks off before the page"),
        Sign.PAGE_LOOP: gettext_lazy("The page sends round in a circle"),
        Sign.PAGE_MANY_REDIRECTS: gettext_lazy("The page sends on more than five times"),
        Sign.PAGE_ELSEWHERE: gettext_lazy("The page sends on to another site, which is not looked at"),
        Sign.PAGE_NOWHERE: gettext_lazy("The page sends on to a name that leads nowhere"),
        Sign.PAGE_EMPTY: gettext_lazy("The page is empty"),
        Sign.PAGE_DATABASE: gettext_lazy("The site does not reach its database"),
        Sign.PAGE_TABLES: gettext_lazy("The site's database has tables that are missing or damaged"),
        Sign.PAGE_CRITICAL: gettext_lazy("WordPress says that there is a critical error"),
        Sign.PAGE_PHP: gettext_lazy("An error of PHP stands on the page"),
        Sign.PAGE_MAINTENANCE: gettext_lazy("A page of maintenance"),
        Sign.PAGE_SUSPENDED: gettext_lazy("A page that says that the site is suspended"),
        Sign.PAGE_DEFAULT: gettext_lazy("The web server's own page, and not the site"),
        Sign.PAGE_LISTING: gettext_lazy("A list of files, and not the site"),
        Sign.PAGE_FORBIDDEN: gettext_lazy("The page is forbidden (403)"),
        Sign.PAGE_PASSWORD: gettext_lazy("The page asks for a password"),
        Sign.PAGE_MISSING: gettext_lazy("The page is not found (404)"),
        Sign.PAGE_SERVER_ERROR: gettext_lazy("The web server reports an error"),
        Sign.PAGE_GATEWAY: gettext_lazy("What makes the pages behind the web server does not answer"),
        Sign.PAGE_PROXY: gettext_lazy("The proxy before the site does not reach it"),
        Sign.PAGE_TURNED_AWAY: gettext_lazy("The site turns our look away, as a robot's"),
        Sign.PAGE_TEXT_GONE: gettext_lazy("The text that is expected is not on the page: %(expected)s"),
        Sign.MAIL_GOOD: gettext_lazy("The mail server answers"),
        Sign.MAIL_NO_STARTTLS: gettext_lazy("The mail server answers, without encryption"),
        Sign.MAIL_BUSY: gettext_lazy("The mail server says to come again later"),
        Sign.MAIL_TURNED_AWAY: gettext_lazy("The mail server turns our address away"),
        Sign.MAIL_CUT_OFF: gettext_lazy("The mail server hangs up without a greeting"),
        Sign.MAIL_REFUSED: gettext_lazy("The mail server refuses connections"),
        Sign.MAIL_SILENT: gettext_lazy("The mail server does not answer"),
        Sign.MAIL_NO_ROUTE: gettext_lazy("There is no way to the mail server from here"),
        Sign.MAIL_NONE: gettext_lazy("The name takes no mail"),
        Sign.MAIL_ELSEWHERE: gettext_lazy("The mail is with somebody else"),
    }
)
RULES: Mapping[str, Promise] = MappingProxyType(
    {
        "register.suspended": gettext_lazy("We have suspended it."),
        "register.ended": gettext_lazy("It has ended."),
        "register.expired": gettext_lazy("It expired on %(on)s."),
        "elsewhere": gettext_lazy("Its name leads to machines that are not ours."),
        "works": gettext_lazy("It answers as it should."),
        "works.here": gettext_lazy(
            "Twice it answered as it should from here: look for what is between it and the customer."
        ),
        "slow": gettext_lazy("It answers, but slowly."),
        "part": gettext_lazy("One part of it does not work."),
        "hanging": gettext_lazy("It was slow to answer: it is looked at again, for longer."),
        "page.suspended": gettext_lazy("It shows a page that says that it is suspended."),
        "blind": gettext_lazy("It could not be seen from here."),
        "blind.names": gettext_lazy(
            "No host name is known for it: it cannot be looked at until its domain is entered."
        ),
        "blind.network": gettext_lazy("Nothing else answered either: the fault may be between us and the world."),
        "whereabouts": gettext_lazy("It fails, and it is not known whether it stands on our machines."),
        "once": gettext_lazy("It failed once: it is looked at again within the minute, to be sure."),
        "twice": gettext_lazy("Looks at least 30 seconds apart failed alike."),
        "maintenance": gettext_lazy("A page of maintenance, for the moment."),
        "maintenance.stuck": gettext_lazy(
            "A page of maintenance has stood for more than ten minutes: an update is stuck."
        ),
        "maintenance.planned": gettext_lazy("Planned maintenance is under way: what fails now says nothing."),
        "machine.silent": gettext_lazy("The machine answers on none of the usual ports: it is off, or closed to us."),
    }
)


def seen_words(sign: str, params: Mapping[str, Any]) -> str:
    """What one probe saw. The sign of a later version speaks for itself."""
    if "until" in params:
        params = {**params, "until": in_words(date.fromisoformat(params["until"]), "j F Y")}
    return _filled(str(SEEN.get(sign, sign)), params)


def rule_words(rule: str, params: Mapping[str, Any]) -> str:
    return _filled(str(RULES.get(rule, rule)), params)


def neighbour_words(tried: int, down: int) -> str:
    """What others on the same server tell; empty where none was tried."""
    if not tried:
        return ""
    if not down:
        return ngettext(
            "%(n)s other site on the same server works.", "%(n)s other sites on the same server work.", tried
        ) % {"n": tried}
    return _("Of %(tried)s other sites on the same server, %(down)s fail too.") % {"tried": tried, "down": down}


def _filled(words: str, params: Mapping[str, Any]) -> str:
    try:
        return words % params
    except KeyError:
        return words.partition("%(")[0].rstrip(" ,:")
