"""`sportello mail send-test` and `sportello mail send-held`."""

from __future__ import annotations

import argparse
import smtplib
from email.message import EmailMessage
from email.utils import localtime, make_msgid

from sportello.config import addresses, census, variables
from sportello.config.env import SettingError


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
    """Send what a restore held back."""
    from sportello.core import clock
    from sportello.mail.actions import outbound

    print(f"{outbound.release_held_back(now=clock.now())} mails are on their way.")
    return 0


def _mail(options: argparse.Namespace, recipient: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = options.sender
    mail["To"] = recipient
    mail["Subject"] = options.subject
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=options.sender.rpartition("@")[2] or "localhost")
    mail.set_content(options.text)
    return mail
