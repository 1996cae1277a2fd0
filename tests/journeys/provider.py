"""A whole provider for a journey: the installation itself, a mail server that takes its mail, and customers who write."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sportello.config import embedded
from tests.browsing import SCREENS
from tests.config.house import House, until
from tests.ports import free_port

SUPPORT = "support@provider.example"
PASSWORD = "journey-to-the-desk"
SET_UP = f"""
import django; django.setup()
from datetime import UTC, datetime
from sportello.accounts.actions import create_user
from sportello.accounts.enums import Role
from tests.factories import let_mail_out, make_contact, make_customer, make_mailbox, make_server, make_service
let_mail_out()
make_mailbox({SUPPORT!r}, display_name="Assistenza")
for name, language in {[(str(screen), screen.language) for screen in SCREENS]!r}:
    customer = make_customer(f"Doria {{name}}", code=name)
    make_contact("Laura Doria", customer=customer, address=f"laura@{{name}}.example", language=language)
    make_service(f"{{name}}.example", customer=customer, server=make_server())
    create_user(email=f"{{name}}@provider.example", name="Giulia Rinaldi", role=Role.ADMIN, language=language,
                password={PASSWORD!r}, by=None, now=datetime.now(UTC))
"""


@dataclass
class Postbox:
    """The world's mail server: keeps what the desk sends."""

    got: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.got.append(mail)
        return "250 kept"

    def wait_for(self, text: str, *, seconds: float = 45) -> EmailMessage:
        """The first mail that says this."""
        until(lambda: bool(self._saying(text)), seconds=seconds, what=f"a mail that says {text!r}")
        return self._saying(text)[0]

    def _saying(self, text: str) -> list[EmailMessage]:
        return [mail for mail in self.got if text in body_of(mail)]


@dataclass
class Provider:
    house: House
    postbox: Postbox

    @property
    def url(self) -> str:
        return f"http://localhost:{self.house.ports[0]}"

    def hand_in(self, mail: EmailMessage) -> None:
        """Delivers a customer's mail by LMTP, as the provider's own mail server does."""
        with smtplib.LMTP("127.0.0.1", self.house.ports[2]) as door:
            door.sendmail(str(mail["From"]), [str(mail["To"])], mail.as_bytes())


def body_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return "" if part is None else str(part.get_content())


def letter(sender: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = sender
    mail["To"] = SUPPORT
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{time.monotonic_ns()}@{sender.partition('@')[2]}>"
    mail.set_content(text)
    return mail


def answer_to(mail: EmailMessage, sender: str, text: str) -> EmailMessage:
    """A customer's reply, as a mail program makes it: to the reply address, with the quoted text below."""
    answer = letter(sender, f"Re: {mail['Subject']}", text)
    answer.replace_header("To", str(mail["Reply-To"].addresses[0].addr_spec))
    answer["In-Reply-To"] = answer["References"] = str(mail["Message-ID"])
    quoted = "".join(f"> {line}\n" for line in body_of(mail).splitlines())
    answer.set_content(f"{text}\n\nIl giorno lun 23 nov 2026 alle ore 10:02 Assistenza ha scritto:\n{quoted}")
    return answer


@contextmanager
def provider(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Provider]:
    """Everything started with the one command, set up, and stopped again; with `more` settings."""
    port = free_port()
    postbox = Postbox()
    world = Controller(postbox, hostname="127.0.0.1", port=port)
    world.start()
    settings = {
        "SPORTELLO_SMTP_HOST": "127.0.0.1",
        "SPORTELLO_SMTP_PORT": str(port),
        "SPORTELLO_SELF_TEST_MINUTES": "0",
        "SPORTELLO_WEB_WORKERS": "1",
        **(more or {}),
    }
    house = House(folder, extra=settings)
    try:
        house.furnish(SET_UP)
        house.up()
        yield Provider(house, postbox)
        house.stop()
    finally:
        house.clear()
        world.stop()


def environment_of(house: House) -> dict[str, str]:
    """For a script that works on the running installation's own rows."""
    data = house.folder / "data"
    return {
        **house.environment,
        "DATABASE_URL": embedded.cluster_in(data).url,
        "SPORTELLO_SECRET_KEY_FILE": str(data / "secret-key"),
        "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
        "PYTHONPATH": f"{Path.cwd()}:{house.environment['PYTHONPATH']}",
    }
