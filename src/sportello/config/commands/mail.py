"""What stands under `sportello mail`: a first mail by hand, and whether mail goes out."""

from __future__ import annotations

import argparse
import smtplib
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import TYPE_CHECKING

from sportello.config import addresses, census, variables
from sportello.config.env import SettingError

if TYPE_CHECKING:
    from sportello.mail.enums import Waiting


def send_test(options: argparse.Namespace) -> int:
    """Hand a mail to the mail door by LMTP, as the provider's mail server would."""
    recipient = options.recipient or census.take(addresses.database_url()).mailbox
    if not recipient:
        raise SettingError(
            "There is no mailbox yet: make one on the desk, under Settings, or load the demonstration with `sportello demo`."
        )
    mail = _mail(options, recipient)
    host, port = variables.LMTP_HOST.read(), variables.LMTP_PORT.read()
    try:
        with smtplib.LMTP(host, port) as door:
            door.send_message(mail, from_addr=options.sender, to_addrs=[recipient])
    except (OSError, smtplib.SMTPException) as error:
        raise SettingError(f"The mail door at {host}:{port} did not take the mail: {error}") from None
    print(f"Handed to the mail door: {mail['Message-ID']} from {options.sender} to {recipient}.")
    return 0


def send_held(_options: argparse.Namespace) -> int:
    from sportello.mail.enums import Waiting

    print(f"{_decide(Waiting.SEND)} mails are on their way.")
    return 0


def discard_held(_options: argparse.Namespace) -> int:
    from sportello.mail.enums import Waiting

    print(f"{_decide(Waiting.DISCARD)} mails will never be sent.")
    return 0


def sending(options: argparse.Namespace) -> int:
    """Say or change whether mail goes out at all."""
    from sportello.core import clock
    from sportello.mail.actions import sending
    from sportello.mail.enums import Waiting
    from sportello.mail.queries.outbound import held_back, sending_is_on

    if options.switch == "on":
        sending.switch_on(waiting=Waiting(options.held), by=None, now=clock.now(), address=None)
    elif options.switch == "off":
        sending.switch_off(by=None, now=clock.now(), address=None)
    print(f"Sending is {'on' if sending_is_on() else 'off'}; {held_back()} mails are held back.")
    return 0


def _decide(waiting: Waiting) -> int:
    from sportello.core import clock
    from sportello.mail.actions import sending

    return sending.decide(waiting=waiting, by=None, now=clock.now(), address=None)


def _mail(options: argparse.Namespace, recipient: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = options.sender
    mail["To"] = recipient
    mail["Subject"] = options.subject
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=options.sender.rpartition("@")[2] or "localhost")
    mail.set_content(options.text)
    return mail
