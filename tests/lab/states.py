"""The states that a site is put into: what is done to it, and what is true then."""

from __future__ import annotations

from dataclasses import dataclass

from sportello.services.enums import ServiceStatus
from sportello.services.enums import ServiceVerdict as V
from tests.lab import pages
from tests.lab.changes import (
    Both,
    Certificate,
    Change,
    DatabaseDown,
    Door,
    Files,
    Filtered,
    MailServerDown,
    Nothing,
    PoolDown,
    Records,
    RightsGone,
    SignaturesExpired,
    TablesMissing,
    WebServerDown,
    WebServerFrozen,
    WrongPassword,
    rules,
)
from tests.lab.network import DEFAULT_PAGE, ELSEWHERE, PROXY
from tests.lab.sites import Kind


@dataclass(frozen=True)
class State:
    name: str
    kind: Kind
    change: Change
    whose: str
    """Who has to mend it: the provider, the customer, either, or nobody."""
    expected: frozenset[V]
    tls: bool = False
    alone: bool = False
    """Nobody else's site may be looked at meanwhile."""
    status: ServiceStatus = ServiceStatus.ACTIVE

    @property
    def unusable(self) -> bool:
        return self.expected == {V.UNUSABLE}


_WELL = frozenset({V.FINE})
_SO_SO = frozenset({V.FINE, V.DEGRADED})
_PART = frozenset({V.DEGRADED})
_DOWN = frozenset({V.UNUSABLE})
_CONSTRUCTION = "AuthType Basic\nAuthName Prova\nAuthUserFile /dev/null\nRequire valid-user"
_MU = "wp-content/mu-plugins"

STATES = (
    State("static site", Kind.STATIC, Nothing(), "nobody", _WELL),
    State("WordPress", Kind.WORDPRESS, Nothing(), "nobody", _WELL),
    State("WordPress, https", Kind.WORDPRESS, Nothing(), "nobody", _WELL, tls=True),
    State(
        "http sends to https",
        Kind.STATIC,
        rules(
            "RewriteEngine on", "RewriteCond %{HTTPS} off", "RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]"
        ),
        "nobody",
        _WELL,
        tls=True,
    ),
    State(
        "bare name sends to www",
        Kind.STATIC,
        rules("RewriteEngine on", "RewriteCond %{HTTP_HOST} !^www", "RewriteRule ^ http://www.%{HTTP_HOST}/ [R=301,L]"),
        "nobody",
        _WELL,
    ),
    State("few words of the customer's own", Kind.STATIC, Files({"index.html": pages.SHORT}), "nobody", _SO_SO),
    State("articles about faults", Kind.STATIC, Files({"index.html": pages.ABOUT_FAULTS}), "nobody", _WELL),
    State("page drawn by a script", Kind.STATIC, Files({"index.html": pages.DRAWN}), "nobody", _WELL),
    State("PHP warns, page is there", Kind.PHP, Files({"index.php": pages.WITH_WARNING}), "nobody", _SO_SO),
    State("asks for a password", Kind.STATIC, rules(_CONSTRUCTION), "nobody", _SO_SO),
    State("slow, 2 seconds", Kind.PHP, Files({"index.php": pages.SLOW.format(seconds=2)}), "customer", _SO_SO),
    State("slow, 5 seconds", Kind.PHP, Files({"index.php": pages.SLOW.format(seconds=5)}), "customer", _SO_SO),
    State("comes in drops for 4 seconds", Kind.PHP, Files({"index.php": pages.DRIPPING}), "customer", _SO_SO),
    State(
        "page without end",
        Kind.PHP,
        Files({"index.php": pages.WITHOUT_END}),
        "customer",
        frozenset({V.DEGRADED, V.UNUSABLE}),
    ),
    State("behind a proxy", Kind.STATIC, Records((f"@ IN A {PROXY}", f"www IN A {PROXY}")), "nobody", _WELL),
    State("database down", Kind.WORDPRESS, DatabaseDown(), "provider", _DOWN, alone=True),
    State("wrong database password", Kind.WORDPRESS, WrongPassword(), "customer", _DOWN),
    State("table missing", Kind.WORDPRESS, TablesMissing(), "either", _DOWN),
    State("plugin fails", Kind.WORDPRESS, Files({f"{_MU}/broken.php": pages.PLUGIN_FATAL}), "customer", _DOWN),
    State("memory exhausted", Kind.WORDPRESS, Files({f"{_MU}/greedy.php": pages.PLUGIN_GREEDY}), "customer", _DOWN),
    State("parse error", Kind.WORDPRESS, Files({f"{_MU}/unparsed.php": pages.PLUGIN_UNPARSED}), "customer", _DOWN),
    State("PHP error shown, 200", Kind.PHP, Files({"index.php": pages.FATAL_SHOWN}), "customer", _DOWN),
    State("core file missing", Kind.WORDPRESS, Files({"wp-settings.php": None}), "customer", _DOWN),
    State("no theme", Kind.WORDPRESS, Files({"wp-content/themes/bottega": None}), "customer", _DOWN),
    State("update interrupted", Kind.WORDPRESS, Files({".maintenance": pages.STUCK_UPDATE}), "customer", _DOWN),
    State("unknown directive in .htaccess", Kind.STATIC, rules("SetHandlerr default"), "customer", _DOWN),
    State("rewrite loop", Kind.STATIC, rules("RewriteEngine on", "RewriteRule ^(.*)$ /x/$1 [L]"), "customer", _DOWN),
    State(
        "redirect loop",
        Kind.STATIC,
        rules("RewriteEngine on", "RewriteRule ^ http://%{HTTP_HOST}/ [R=301,L]"),
        "customer",
        _DOWN,
    ),
    State("403, denied by a rule", Kind.STATIC, rules("Require all denied"), "either", _DOWN),
    State("403, rights of the folder", Kind.STATIC, RightsGone(), "customer", _DOWN),
    State("403, no index file", Kind.STATIC, Files({"index.html": None}), "customer", _DOWN),
    State("PHP pool down", Kind.PHP, PoolDown(), "provider", _DOWN),
    State("script sleeps for ever", Kind.PHP, Files({"index.php": pages.FOR_EVER}), "customer", _DOWN),
    State("certificate expired", Kind.STATIC, Certificate(days=-3), "either", _PART, tls=True),
    State(
        "certificate expired, HSTS",
        Kind.STATIC,
        Both((Certificate(days=-3), rules('Header always set Strict-Transport-Security "max-age=31536000"'))),
        "either",
        _DOWN,
        tls=True,
    ),
    State("certificate of another name", Kind.STATIC, Certificate(name="altro.example"), "either", _PART, tls=True),
    State("certificate signed by itself", Kind.STATIC, Certificate(signed=False), "either", _PART, tls=True),
    State("NXDOMAIN", Kind.STATIC, Records(None), "customer", _DOWN),
    State("SERVFAIL", Kind.STATIC, Records(("this is no record",)), "provider", _DOWN),
    State("DNSSEC signatures expired", Kind.STATIC, SignaturesExpired(), "either", _DOWN),
    State("no address in DNS", Kind.STATIC, Records(("@ IN MX 10 mx.elsewhere.example.",)), "either", _DOWN),
    State(
        "DNS elsewhere",
        Kind.STATIC,
        Records((f"@ IN A {ELSEWHERE}", f"www IN A {ELSEWHERE}")),
        "customer",
        frozenset({V.NOT_OURS}),
    ),
    State("connection refused", Kind.STATIC, WebServerDown(), "provider", _DOWN),
    State("web server frozen", Kind.STATIC, WebServerFrozen(), "provider", _DOWN),
    State("packets dropped", Kind.STATIC, Filtered(), "provider", _DOWN),
    State(
        "suspended page, 200",
        Kind.STATIC,
        Files({"index.html": pages.SUSPENDED}),
        "policy",
        frozenset({V.SUSPENDED, V.UNUSABLE}),
    ),
    State(
        "suspended in our books",
        Kind.STATIC,
        Files({"index.html": pages.SUSPENDED}),
        "policy",
        frozenset({V.SUSPENDED}),
        status=ServiceStatus.SUSPENDED,
    ),
    State(
        "web server's default page",
        Kind.STATIC,
        Records((f"@ IN A {DEFAULT_PAGE}", f"www IN A {DEFAULT_PAGE}")),
        "either",
        _DOWN,
    ),
    State("mail", Kind.MAIL, Nothing(), "nobody", _WELL),
    State("mail, connection refused", Kind.MAIL, MailServerDown(), "provider", _DOWN),
    State("mail, packets dropped", Kind.MAIL, Filtered(), "provider", _DOWN),
    State(
        "mail, other servers rejected",
        Kind.MAIL,
        Door("-o smtpd_delay_reject=no -o smtpd_client_restrictions=reject"),
        "provider",
        frozenset({V.FINE, V.DEGRADED, V.UNKNOWN}),  # it may be only us whom it rejects
    ),
    State(
        "mail without STARTTLS",
        Kind.MAIL,
        Door("-o smtpd_tls_security_level=none"),
        "provider",
        _SO_SO,
    ),
    State(
        "mail elsewhere", Kind.MAIL, Records(("@ IN MX 10 mx.elsewhere.example.",)), "customer", frozenset({V.NOT_OURS})
    ),
)
