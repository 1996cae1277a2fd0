"""The mail-door process: LMTP, SMTP and IMAP in one, until it is asked to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError

from sportello.intake.imap import Fetchers
from sportello.intake.lmtp import LmtpDoor, SmtpDoor, Store, listen

log = logging.getLogger(__name__)
LOOK_AROUND_SECONDS = 10.0
STOPPING_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the door listens; port 0 leaves SMTP out."""

    host: str
    lmtp_port: int
    smtp_port: int


def run() -> None:
    """Take mail in until SIGTERM or SIGINT. Raises OSError when an address is taken."""
    logging.getLogger("mail.log").setLevel(
        logging.ERROR
    )  # aiosmtpd tells every command, also what is none: words of a mail
    asyncio.run(_run(Addresses(settings.LMTP_HOST, settings.LMTP_PORT, settings.SMTP_IN_PORT)))


async def _run(addresses: Addresses) -> None:
    stop = asyncio.Event()
    for wish in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wish, stop.set)
    await serve(addresses, stop)


async def serve(addresses: Addresses, stop: asyncio.Event) -> None:
    """Open all doors until `stop`; then let the mails that are being stored have their answer."""
    store = Store(settings.MAIL_MAX_BYTES, ThreadPoolExecutor(settings.DOOR_THREADS, thread_name_prefix="store"))
    servers = [await listen(LmtpDoor, store, host=addresses.host, port=addresses.lmtp_port)]
    if addresses.smtp_port:
        servers.append(await listen(SmtpDoor, store, host=addresses.host, port=addresses.smtp_port))
    log.info(
        "mail door open on %s: LMTP %s, SMTP %s", addresses.host, addresses.lmtp_port, addresses.smtp_port or "none"
    )
    try:
        await fetch_until(stop)
    finally:
        for server in servers:
            server.close()
        await store.finish()


async def fetch_until(stop: asyncio.Event) -> None:
    """Keep a fetcher at work for every IMAP account; look for new and changed accounts every ten seconds."""
    fetchers = Fetchers()
    while not stop.is_set():
        try:
            await asyncio.to_thread(fetchers.look_around)
        except DatabaseError as error:
            log.warning("the IMAP accounts could not be looked up: %s", error)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_AROUND_SECONDS)
    await asyncio.to_thread(fetchers.stop, STOPPING_SECONDS)
