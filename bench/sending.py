"""What it costs to send a receipt: those of the posted mails, one after the other, to a mail server on this machine that takes everything.

Writes JSON, `null` where there are none; runs in the installation's environment.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict

from django.db import connection

from bench.processes import cpu_seconds
from bench.receiver import Door, Receiver
from bench.sent import Sent
from sportello.core import clock
from sportello.mail.actions import outbound
from sportello.mail.adapters.smtp import Smtp
from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import OutboundMail, Sending

WARMING, MOST = 20, 200


def main() -> None:
    held = OutboundMail.objects.filter(kind=OutboundKind.RECEIPT, state=OutboundState.HELD).select_related("mailbox")
    mails = list(held.order_by("-pk")[: WARMING + MOST])
    json.dump(asdict(_sent(mails)) if len(mails) > WARMING else None, sys.stdout)


def _sent(mails: Sequence[OutboundMail]) -> Sent:
    now = clock.now()
    rows = OutboundMail.objects.filter(pk__in=[mail.pk for mail in mails])
    rows.update(state=OutboundState.QUEUED, not_before=now, next_attempt_at=None)
    Sending.objects.update(is_on=True)
    with Door(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        way_out = Smtp("127.0.0.1", server.server_address[1])
        for mail in mails[:WARMING]:
            outbound.deliver_without_job(mail=mail, transport=way_out)
        found = _measured(mails[WARMING:], way_out)
        server.shutdown()
    outbound.let_go()
    Sending.objects.update(is_on=False)
    return found


def _measured(mails: Sequence[OutboundMail], way_out: Smtp) -> Sent:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = cursor.fetchone()[0]
    before, begun, taken = cpu_seconds(server), time.thread_time(), []
    for mail in mails:
        started = time.monotonic()
        outbound.deliver_without_job(mail=mail, transport=way_out)
        taken.append((time.monotonic() - started) * 1000)
    own, its, number = time.thread_time() - begun, cpu_seconds(server) - before, len(taken)
    taken.sort()
    return Sent(number, own / number * 1000, its / number * 1000, taken[number // 2], taken[number * 19 // 20])
