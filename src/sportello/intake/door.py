"""The mail-door process: LMTP, SMTP and IMAP in one, until it is asked to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.conf import settings

from sportello.intake.lmtp import LmtpDoor, SmtpDoor, Store, listen

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the door listens; port 0 leaves SMTP out."""

    host: str
    lmtp_port: int
    smtp_port: int


def run() -> None:
    """Take mail in until SIGTERM or SIGINT. Raises OSError when an address is taken."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command
    asyncio.run(_run(Addresses(settings.LMTP_HOST, settings.LMTP_PORT, settings.SMTP_IN_PORT)))


async def _run(addresses: Addresses) -> None:
    stop = asyncio.Event()
    for wish in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wish, stop.set)
    await serve(addresses, stop)


async def serve(addresses: Addresses, stop: asyncio.Event) -> None:
    """Listen until `stop`; then finish the mails that are being stored."""
    pool = ThreadPoolExecutor(settings.DOOR_THREADS, thread_name_prefix="store")
    store = Store(max_bytes=settings.MAIL_MAX_BYTES, pool=pool)
    servers = [await listen(LmtpDoor, store, host=addresses.host, port=addresses.lmtp_port)]
    if addresses.smtp_port:
        servers.append(await listen(SmtpDoor, store, host=addresses.host, port=addresses.smtp_port))
    log.info(
        "The mail door is open on %s, LMTP port %s, SMTP port %s.",
        addresses.host,
        addresses.lmtp_port,
        addresses.smtp_port or "none",
    )
    try:
        await stop.wait()
    finally:
        for server in servers:
            server.close()
        await store.finish()
