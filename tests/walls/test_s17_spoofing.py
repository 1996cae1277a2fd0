"""Mails that say they are somebody else's (S17): however From is written and whatever servers are said to have found, a stranger's mail never
passes for a customer's. Our mail server's own line is the last word; it is written as real servers write it, with the stranger's words in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from sportello.intake.rules import Trust, sender_of, trust_in
from sportello.mail.parsing.parse import parse
from tests.walls.hostile.tally import Tally, sample

OURS = "mx.provider.example"
LAURA = "laura@doria.example"
EVIL = "evil@attacker.example"

FROMS = [
    f"From: {LAURA}", f"From: Laura Doria <{LAURA}>", f"From: {EVIL}\nFrom: {LAURA}", f"From: {LAURA}\nFrom: {EVIL}", f"From: {LAURA}, {EVIL}", f"From: {EVIL}, {LAURA}",
    f'From: "{LAURA}" <{EVIL}>', f"From: {LAURA} <{EVIL}>", f"From: <{LAURA}> <{EVIL}>", f"From: <{EVIL}> <{LAURA}>", f'From: "<{LAURA}>" <{EVIL}>', f"From: {LAURA}(<{EVIL}>)",
    f"From: ({LAURA}) {EVIL}", f"From: ({EVIL}) {LAURA}", f"From: {LAURA}\0 <{EVIL}>", f"From: {LAURA}\0@attacker.example", "From: =?utf-8?b?bGF1cmFAZG9yaWEuZXhhbXBsZT4=?= <evil@attacker.example>",
    "From: =?utf-8?q?laura=40doria.example?=", f"From: =?utf-8?q?laura=40doria.example?= <{EVIL}>", f"From: friends: {LAURA}, {EVIL};", f"From: <@attacker.example:{LAURA}>",
    f"From: {LAURA}@attacker.example", f'From: "{LAURA}"@attacker.example', f'From: "{LAURA}> "@attacker.example', f'From: <"{LAURA}"@attacker.example>', f"From: {LAURA}\r <{EVIL}>",
    f"From : {LAURA}\nFrom: {EVIL}", f"from: {EVIL}\nFROM: {LAURA}", f"From:\n {LAURA}\n <{EVIL}>", f"From: {LAURA}\u3000<{EVIL}>", "From: laura@ｄoria.example", f"From: {LAURA}.",
    f"Sender: {LAURA}", f"From: nobody:;\nSender: {LAURA}", f"Reply-To: {LAURA}\nSender: {LAURA}", f"Resent-From: {LAURA}\nFrom: {LAURA}", f"From: {LAURA}\nSender: {EVIL}",
    f"X-A: a\n b\nFrom: {LAURA}", f"From:{LAURA}", f"From:\t<{LAURA}>\t", f"From: LAURA@DORIA.EXAMPLE\nX-Original-From: {EVIL}", f"From: '{LAURA}' via x <{LAURA}>",
]  # fmt: skip

# What our own server wrote of a mail that came from attacker.example, with all that a sender can put into such a line.
FOUND = [
    "spf=pass smtp.mailfrom=attacker.example", "spf=pass smtp.mailfrom=evil@attacker.example; dkim=pass header.d=attacker.example", "none", "",
    "dmarc=pass header.from=attacker.example; spf=pass smtp.mailfrom=attacker.example; dkim=pass header.d=attacker.example", "dmarc=fail header.from=doria.example",
    "dmarc=fail (p=none dis=none) header.from=doria.example; spf=pass smtp.mailfrom=attacker.example", "spf=fail smtp.mailfrom=doria.example", "dmarc=pass", "dkim=pass", "spf=pass",
    'spf=pass smtp.mailfrom="laura@doria.example"@attacker.example', 'spf=pass smtp.mailfrom="x; dmarc=pass header.from=doria.example; "@attacker.example',
    'spf=pass smtp.mailfrom="x; dkim=pass header.d=doria.example; y"@attacker.example', 'spf=pass smtp.mailfrom="x\\"; spf=pass smtp.mailfrom=doria.example;"@attacker.example',
    "spf=pass (domain of evil@attacker.example; dmarc=pass header.from=doria.example) smtp.mailfrom=attacker.example", 'spf=pass (a "(b) c; dkim=pass header.d=doria.example) smtp.mailfrom=attacker.example',
    "spf=pass ((((((((a; dkim=pass header.d=doria.example)))))))) smtp.mailfrom=attacker.example", "spf=pass (\\) ; dkim=pass header.d=doria.example \\() smtp.mailfrom=attacker.example",
    "spf=pass (; dmarc=pass header.from=doria.example", 'spf=pass smtp.mailfrom="; dmarc=pass header.from=doria.example', "dkim=pass header.i=@attacker.example header.d=attacker.example",
    'dkim=pass header.i="laura@doria.example"@attacker.example', "dkim=pass header.b=doria.example header.s=header.d=doria.example header.d=attacker.example", "dkim=fail header.d=doria.example",
    "dmarc=pass header.from=evildoria.example", "dmarc=pass header.from=example", "dmarc=pass header.from=doria.example.attacker.example", "dmarc=pass header.from=xn--doria.example.it",
    "dkim=none; spf=softfail smtp.mailfrom=doria.example", "dmarc=none header.from=doria.example; spf=neutral smtp.mailfrom=doria.example", "x-dmarc=pass header.from=doria.example",
    "arc=pass; dmarc=bestguesspass header.from=doria.example", "iprev=pass policy.iprev=doria.example", "auth=pass smtp.auth=laura@doria.example", "dnswl=pass; spf=passed smtp.mailfrom=doria.example",
    "dmarc=fail header.from=doria.example; dmarc=pass header.from=doria.example", "dmarc=pass header.from=doria.example; dmarc=fail header.from=doria.example",
    'spf=pass (mx: domain of "a); dkim=pass header.d=doria.example; ("@attacker.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=attacker.example',
    'spf=pass (client-ip=192.0.2.1; helo=x; envelope-from="a); dmarc=pass header.from=doria.example (\\"("@attacker.example; receiver=y) smtp.mailfrom=attacker.example',
    'spf=pass (envelope-from="\\\\"@attacker.example; "); spf=pass smtp.mailfrom=doria.example; ("@attacker.example) smtp.mailfrom=attacker.example',
    "spf=pass (helo=a);dkim=pass,header.d=doria.example;x=() smtp.mailfrom=attacker.example", "dkim=pass/header.d=doria.example", "dkim=pass,header.d=doria.example",
    "spf=pass smtp.mailfrom=attacker.example smtp.mailfrom=doria.example; dmarc=fail header.from=doria.example", "dkim=pass header.d=attacker.example reason=\"header.d=doria.example\"",
]  # fmt: skip

LIES = "dmarc=pass header.from=doria.example; spf=pass smtp.mailfrom=doria.example; dkim=pass header.d=doria.example"
FORGED = [
    f"Authentication-Results: {OURS}; {LIES}", f"Authentication-Results: {OURS}.attacker.example; {LIES}", f"Authentication-Results: attacker.example; {OURS}; {LIES}",
    f"Authentication-Results: (x) {OURS} 1; {LIES}", f"X-Authentication-Results: {OURS}; {LIES}", f"ARC-Authentication-Results: i=1; {OURS}; {LIES}",
    f"Authentication-Results:\n {OURS};\n {LIES}", f"Received-SPF: pass (domain of {LAURA})", f"Authentication-Results : {OURS}; {LIES}", f"Authentication-Results: \"{OURS}\"; {LIES}", "X-Nothing: x",
]  # fmt: skip


def verdicts() -> Iterator[tuple[str, str, Trust]]:
    for written, found, forged in sample(list(product(FROMS, FOUND, FORGED)), 3_000):
        head = f"Authentication-Results: {OURS}; {found}\n{forged}\n{written}\nTo: support@provider.example\nSubject: x\n\nciao\n"
        mail = parse(head.encode("utf-8"), trusted_authserv=OURS)
        sender, is_claimed = sender_of(mail, EVIL, frozenset({"support@provider.example"}))
        yield head, sender, trust_in(mail, sender, checked=True) if is_claimed else Trust.UNPROVEN


def test_s17_a_stranger_never_passes_for_a_customer(record_property: Callable[[str, object], None]) -> None:
    tally = Tally("S17 spoofed senders")
    for head, sender, trust in verdicts():
        tally.add(
            head,
            [f"{sender} is taken for proven"] if sender.endswith("doria.example") and trust is Trust.PASSED else [],
        )
    record_property("counted", str(tally))
    tally.settle()


@pytest.mark.parametrize(
    "found",
    [
        "dmarc=pass header.from=doria.example",
        "dmarc=pass (p=reject; sp=none) header.from=doria.example",
        'spf=pass (x: domain of "a;b"@c designates 192.0.2.1) smtp.mailfrom=doria.example',
        'spf=pass (12" tapes) smtp.mailfrom=doria.example',
        'spf=pass (mx: domain of "a) b"@doria.example designates 192.0.2.1) smtp.mailfrom=doria.example',
        "dkim=pass(2048-bit key)header.d=doria.example",
        "dkim=pass header.d=doria.example header.i=@doria.example",
        'dkim=pass reason="good; signature" header.d="doria.example"',
        "spf=fail smtp.mailfrom=relay.example; dkim=pass header.i=laura@mail.doria.example",
    ],
)
def test_s17_a_proven_customer_is_still_believed(found: str) -> None:
    mail = parse(f"Authentication-Results: {OURS}; {found}\nFrom: {LAURA}\n\nciao\n".encode(), trusted_authserv=OURS)
    assert trust_in(mail, LAURA, checked=True) is Trust.PASSED


@pytest.mark.parametrize(
    "written", [f'"{LAURA}"@attacker.example', f"{LAURA}@attacker.example", f'"a {LAURA}"@attacker.example']
)
def test_an_address_inside_a_local_part_is_not_the_sender(written: str) -> None:
    mail = parse(f"From: {written}\n\nciao\n".encode())
    assert mail.from_addr.endswith("@attacker.example")


@pytest.mark.parametrize(
    "mailfrom",
    [
        '"laura@doria.example"@attacker.example',
        '"x; spf=pass smtp.mailfrom=doria.example"@attacker.example',
        '"a\\" b"@attacker.example',
    ],
)
def test_a_quoted_local_part_in_our_servers_line_is_one_word(mailfrom: str) -> None:
    mail = parse(
        f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom={mailfrom}\nFrom: {LAURA}\n\nciao\n".encode(),
        trusted_authserv=OURS,
    )
    assert mail.authentication.spf is not None
    assert mail.authentication.spf.domain == "attacker.example"
