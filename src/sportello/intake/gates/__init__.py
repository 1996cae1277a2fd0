"""The whole policy for mail in, in its order. The first gate that stops a mail decides; marks gather on the way."""

from __future__ import annotations

from collections.abc import Callable

from sportello.intake.gates.auto_reply import auto_reply
from sportello.intake.gates.bounce import bounce
from sportello.intake.gates.machine import machine
from sportello.intake.gates.mailing_list import mailing_list
from sportello.intake.gates.null_sender import null_sender
from sportello.intake.gates.oversize import oversize
from sportello.intake.gates.own_loop import own_loop
from sportello.intake.gates.pec_receipts import pec_receipts
from sportello.intake.gates.receipts import receipts
from sportello.intake.gates.self_test import self_test
from sportello.intake.gates.spam import spam
from sportello.intake.gates.spoofed import spoofed
from sportello.intake.gates.unfetched import unfetched
from sportello.intake.gates.unknown_sender import unknown_sender
from sportello.intake.rules import Arrival, Judgement, Mark, Stop, Verdict

Gate = Callable[[Arrival], Verdict]

GATES: tuple[Gate, ...] = (
    self_test,  # our test mail is back                         -> recorded, the test has passed
    own_loop,  # a mail of ours came back, or claims to be ours -> recorded, held
    null_sender,  # no return address                           -> goes on, as a program's
    bounce,  # a mail of ours was not delivered                 -> recorded on that mail
    receipts,  # delivered, read, complained about              -> recorded
    pec_receipts,  # receipts of certified mail                 -> recorded as proofs
    auto_reply,  # absence notices                              -> kept in their ticket, else recorded
    mailing_list,  # lists, newsletters                         -> goes on unanswered, recorded
    machine,  # other programs' mail                            -> goes on, without a clock
    oversize,  # too big to be taken in whole                   -> goes on, cut
    unfetched,  # the server would not hand it over             -> goes on, as a notice
    spam,  # marked by a filter on the way                      -> goes on unanswered
    spoofed,  # forged, says our own mail server                -> held
    unknown_sender,  # not a customer, or nothing proves it     -> goes on, unverified
)


def judge(arrival: Arrival) -> Judgement:
    marks: list[Mark] = []
    last = ""
    for gate in GATES:
        verdict = gate(arrival)
        if isinstance(verdict, Stop):
            return Judgement(stop=verdict, gate=gate.__name__, marks=tuple(marks))
        if verdict is not None:
            marks.append(verdict)
            last = gate.__name__
    return Judgement(gate=last, marks=tuple(marks))
