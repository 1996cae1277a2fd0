"""What is wrong with this installation, and how to mend each thing. Every check is a function that yields its findings."""

from __future__ import annotations

import os
import smtplib
import socket
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.urls import reverse

from sportello.accounts.models import User
from sportello.config import addresses, findings, ground, variables
from sportello.config.commands import prepare
from sportello.config.env import SettingError
from sportello.config.findings import Finding
from sportello.core import clock
from sportello.mail.models import Mailbox
from sportello.mail.queries.standing import mail_standing
from sportello.privacy.actions import what_is_due
from sportello.watch import queries as watch
from sportello.watch import words
from sportello.watch.enums import Inspection

Check = Callable[[], Iterable[Finding]]


def examine() -> Iterator[Finding]:
    """Every check in turn. When the database cannot be asked, those that need it are left out: one cause, one finding."""
    for check in _WITHOUT_DATABASE:
        yield from check()
    answer = list(_database())
    yield from answer
    if all(finding.good for finding in answer):
        for check in _WITH_DATABASE:
            yield from check()


def _data_folder() -> Iterator[Finding]:
    if not settings.DATA.exists():
        yield Finding(
            "data folder",
            f"{settings.DATA} is not there",
            "begin with `sportello up`, which makes it, or set SPORTELLO_DATA to the right one",
        )
        return
    try:
        ground.make_data_folder(settings.DATA)
    except SettingError as error:
        yield Finding(
            "data folder", str(error), f"give the folder to the user that runs Sportello: chown -R USER {settings.DATA}"
        )
        return
    yield Finding("data folder", f"{settings.DATA} can be written to")
    yield from _free_space(settings.DATA)


def _free_space(folder: Path) -> Iterator[Finding]:
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    if free < 1_000_000_000:
        yield Finding(
            "data folder", f"only {free // 1_000_000} MB are free", "make room, or move SPORTELLO_DATA to a larger disk"
        )


def _secret_key() -> Iterator[Finding]:
    try:
        addresses.secret_key()
    except SettingError as error:
        yield Finding("secret key", str(error), "begin with `sportello up`, or set SPORTELLO_SECRET_KEY_FILE")
        return
    key, file = settings.SECRET_KEY, addresses.secret_key_file()
    if len(key) < 50 or len(set(key)) < 5:
        yield Finding(
            "secret key",
            "it is too short to be safe",
            "set SPORTELLO_SECRET_KEY_FILE to a file with 50 random characters or more",
        )
    elif file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("secret key", f"{file} can be read by others", f"chmod 600 {file}")
    else:
        yield Finding("secret key", "it is long, and nobody else's to read")


def _public_url() -> Iterator[Finding]:
    public = urlsplit(settings.PUBLIC_URL)
    local = public.hostname in {"localhost", "127.0.0.1", "::1"}
    if public.scheme == "http" and not local:
        yield Finding(
            "public address",
            f"{settings.PUBLIC_URL} is not encrypted",
            "put a TLS front server before it and set SPORTELLO_PUBLIC_URL to https://...",
        )
    elif local and not settings.DEMO:
        yield Finding(
            "public address",
            f"{settings.PUBLIC_URL} works on this machine only, and so do links in mails",
            "set SPORTELLO_PUBLIC_URL",
        )
    else:
        yield Finding("public address", settings.PUBLIC_URL)
    if public.scheme == "https" and variables.PROXIES.read() == 0:
        yield Finding(
            "public address",
            "every visitor seems to come from the front server",
            "set SPORTELLO_PROXIES=1, so that sign-in limits count by visitor",
        )


def _framework() -> Iterator[Finding]:
    """Django's own checks, those for production too when the public address is one of production."""
    serious = checks.run_checks(include_deployment_checks=settings.PUBLIC_URL.startswith("https://"))
    for message in serious:
        if message.level >= checks.WARNING and not message.is_silenced():
            yield Finding("framework", message.msg, message.hint or f"see Django's documentation of {message.id}")


def _doors() -> Iterator[Finding]:
    doors = [("the pages", variables.WEB_HOST.read(), variables.WEB_PORT.read(), "web")]
    doors.append(("live updates", variables.WEB_HOST.read(), addresses.live_port(), "live"))
    doors.append(("mail by LMTP", settings.LMTP_HOST, settings.LMTP_PORT, "mail-door"))
    for purpose, host, port, command in doors:
        yield _door(purpose, host, port, command)


def _door(purpose: str, host: str, port: int, command: str) -> Finding:
    where = f"{host}:{port}"
    try:
        socket.create_connection((host if host not in {"0.0.0.0", "::"} else "localhost", port), timeout=2).close()  # noqa: S104
    except OSError as error:
        return Finding(
            purpose,
            f"nothing listens on {where} ({error.strerror or error})",
            f"start it: `sportello {command}`, or all with `sportello up`",
        )
    return Finding(purpose, f"listens on {where}")


def _mail_out() -> Iterator[Finding]:
    if settings.DEMO:
        yield Finding("mail out", "demonstration: no mail leaves this machine")
        return
    where = f"{settings.SMTP_HOST}:{settings.SMTP_PORT}"
    kind = smtplib.SMTP_SSL if settings.SMTP_SECURITY == "tls" else smtplib.SMTP
    try:
        with kind(settings.SMTP_HOST, settings.SMTP_PORT, timeout=5) as server:
            server.ehlo_or_helo_if_needed()
            if settings.SMTP_SECURITY == "starttls":
                server.starttls()
            if settings.SMTP_USER:
                server.login(settings.SMTP_USER, settings.SMTP_PASSWORD)
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            "mail out",
            f"the mail server {where} refuses or does not answer: {error}",
            "check SPORTELLO_SMTP_HOST, _PORT, _SECURITY, _USER and _PASSWORD",
        )
        return
    yield Finding("mail out", f"the mail server {where} answers")


def _database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        hint = (
            "start `sportello up`, which runs the embedded server"
            if not variables.DATABASE_URL.read()
            else "check DATABASE_URL and that server"
        )
        yield Finding("database", prepare.first_line(error), hint)
        return
    waiting = prepare.migrations_waiting()
    if waiting:
        yield Finding(
            "database",
            f"{len(waiting)} migrations are not applied, the first is {waiting[0]}",
            "run `sportello migrate`",
        )
        return
    yield Finding("database", "it answers and is up to date")


def _static_files() -> Iterator[Finding]:
    if not prepare.static_is_current():
        yield Finding(
            "static files", f"those in {settings.STATIC_ROOT} are not of this version", "run `sportello migrate`"
        )


def _people() -> Iterator[Finding]:
    if not User.objects.filter(role="admin", is_active=True).exists():
        yield Finding("people", "nobody can administer", "run `sportello user create MAIL --name NAME --role admin`")


def _mail_in() -> Iterator[Finding]:
    domains = sorted({mailbox.address.rpartition("@")[2] for mailbox in Mailbox.objects.filter(is_active=True)})
    if not domains:
        yield Finding(
            "mail in", "there is no mailbox, so every mail is refused", "make one on the desk, under Settings"
        )
        return
    latest = mail_standing(now=clock.now()).last_mail_at
    if latest is None:
        yield Finding("mail in", "no mail has ever come in", "send one: `sportello mail send-test`")
    else:
        yield Finding("mail in", f"the last mail came {_age((clock.now() - latest).total_seconds())} ago")
    yield Finding(
        "sender",
        f"whether {', '.join(domains)} may send (SPF, DKIM, DMARC) is shown at {settings.PUBLIC_URL}{reverse('desk:domains')}",
    )


def _senders() -> Iterator[Finding]:
    """Whether a forged sender would be noticed. In the demonstration no mail comes from outside."""
    unchecked = Mailbox.objects.filter(is_active=True, authserv_id="").values_list("address", flat=True)
    if unchecked and not settings.DEMO:
        yield Finding(
            "sender checks",
            f"nobody checks who writes to {', '.join(unchecked)}: a forged sender who has a reply address joins a ticket",
            "enter the name your mail server gives itself in Authentication-Results, on the desk, under Settings, Mailbox",
        )


def _health() -> Iterator[Finding]:
    """What /health says, in its words."""
    found = watch.examine(now=clock.now(), by_a_process=False)
    for problem in found.problems:
        where = f" ({named})" if (named := problem.where or problem.task) else ""
        since = f", since {_age((clock.now() - problem.since).total_seconds())}" if problem.since else ""
        wrong, mend = words.in_english(problem.cause)
        yield Finding(str(problem.cause), f"{wrong}{where}{since}", mend)
    if not found.problems:
        yield Finding("health", "nothing waits, nothing stands still")
    if found.facts is not None and found.facts.failed_jobs:
        yield Finding(
            "jobs",
            f"{found.facts.failed_jobs} have failed for good",
            f"read the worker's log for the reason, then say at {settings.PUBLIC_URL}{reverse('desk:failures')} what becomes of them",
        )


def _backup() -> Iterator[Finding]:
    latest = watch.last_inspection(Inspection.BACKUP)
    if latest is None and not settings.HAS_BACKUP_STORE:
        if settings.BACKUP_MAX_HOURS:
            yield Finding(
                "backup",
                "none is configured",
                "set SPORTELLO_BACKUP_REPOSITORY and SPORTELLO_BACKUP_PASSWORD_FILE, and enable the timer in deploy/; "
                "or set SPORTELLO_BACKUP_MAX_HOURS=0 where something else backs it up",
            )
    elif latest is not None:
        if "snapshot" in latest.found:
            yield Finding("backup", f"the last good one is {_age((clock.now() - latest.at).total_seconds())} old")
        if why := latest.found.get("why"):
            yield Finding("backup", f"the last one did not succeed: {why}", "mend that, and run `sportello backup`")


def _restore() -> Iterator[Finding]:
    latest = watch.last_inspection(Inspection.RESTORE)
    if latest is None:
        if watch.last_inspection(Inspection.BACKUP) is not None:
            yield Finding(
                "restore", "no backup was ever restored on trial: `sportello restore --test`, or its timer in deploy/"
            )
        return
    if "snapshot" in latest.found:
        ago, took = _age((clock.now() - latest.at).total_seconds()), _age(latest.found["seconds"])
        yield Finding(
            "restore",
            f"a backup of {datetime.fromisoformat(latest.found['moment']):%Y-%m-%d %H:%M} was restored on trial {ago} ago, and took {took}",
        )
    if why := latest.found.get("why"):
        yield Finding(
            "restore", f"the last trial did not succeed: {why}", "mend that, and run `sportello restore --test`"
        )


def _retention() -> Iterator[Finding]:
    """How long things are kept, and what the next night takes away."""
    for due in what_is_due(now=clock.now()):
        kept = f"kept for {due.days} days; {due.count} go next night" if due.days else "kept for ever"
        yield Finding("retention", f"{due.kind}: {kept}")


def _age(seconds: float) -> str:
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {name}"
    return f"{int(seconds)} seconds"


_WITHOUT_DATABASE: tuple[Check, ...] = (
    findings.misspelt,
    _data_folder,
    _secret_key,
    _public_url,
    _framework,
    _doors,
    _mail_out,
)
_WITH_DATABASE: tuple[Check, ...] = (_static_files, _people, _mail_in, _senders, _health, _backup, _restore, _retention)
