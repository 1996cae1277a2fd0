"""What the page about the sending domain says, for domains set up well, badly and in between."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from django.utils import translation

from sportello.mail.adapters.dns import Dns, DnsUnreachable
from sportello.mail.dns import WORDS, Finding, Level, Part, Record, Sending, check_domain, configured, sending_domains
from sportello.mail.models import Mailbox
from sportello.mail.spf import Evaluation, SpfError, Verdict

Zone = dict[str, dict[str, list[str]]]
DOMAIN = "provider.example"


class Written:
    """DNS as a dictionary: name, then kind of record."""

    def __init__(self, zone: Zone, down: tuple[str, ...] = ()) -> None:
        self.zone, self.down = zone, down

    def texts(self, name: str) -> list[str]:
        return self._get(name, "TXT")

    def exchangers(self, name: str) -> list[str]:
        return self._get(name, "MX")

    def addresses(self, name: str) -> list[str]:
        return self._get(name, "A")

    def _get(self, name: str, kind: str) -> list[str]:
        if name in self.down:
            raise DnsUnreachable(name)
        return self.zone.get(name, {}).get(kind, [])


@pytest.fixture(scope="module")
def key() -> tuple[str, str]:
    """A private key in PEM and the p= that belongs to it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    der = private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem.decode(), base64.b64encode(der).decode()


def good_zone(public: str) -> Zone:
    return {
        DOMAIN: {
            "MX": ["mx.provider.example"],
            "TXT": ["google-site-verification=x", "v=spf1 mx ip4:198.51.100.0/24 -all"],
        },
        "mx.provider.example": {"A": ["203.0.113.5", "2001:db8::5"]},
        "desk._domainkey.provider.example": {"TXT": [f"v=DKIM1; k=rsa; p={public}"]},
        "_dmarc.provider.example": {"TXT": ["v=DMARC1; p=reject; rua=mailto:dmarc@provider.example"]},
    }


def found(zone: Zone, part: Part, sending: Sending | None = None, domain: str = DOMAIN) -> list[tuple[Level, str]]:
    report = check_domain(domain, resolver=Written(zone), sending=sending or Sending())
    return [(finding.level, finding.code) for finding in report.of(part)]


def added(zone: Zone, part: Part, sending: Sending | None = None) -> list[Record]:
    report = check_domain(DOMAIN, resolver=Written(zone), sending=sending or Sending())
    return [finding.record for finding in report.of(part) if finding.record]


# -- the whole ---------------------------------------------------------------------------------------------------------
def test_a_domain_set_up_well_is_good_all_through(key: tuple[str, str]) -> None:
    sending = Sending(["203.0.113.5", "198.51.100.7"], "desk", key[0])
    report = check_domain(DOMAIN, resolver=Written(good_zone(key[1])), sending=sending)
    assert [finding.code for finding in report.findings] == ["mx.good", "spf.good", "dkim.good", "dmarc.good"]
    assert report.level is Level.GOOD
    with translation.override("en"):
        words = [str(finding.words) for finding in report.findings]
    assert words[1:] == [
        "One sound SPF record, 1 of 10 questions used.",
        "The key of the selector desk is published and is ours.",
        "The policy is reject.",
    ]


def test_a_domain_without_anything_is_told_what_to_add(key: tuple[str, str]) -> None:
    sending = Sending(["203.0.113.5"], "desk", key[0])
    report = check_domain(DOMAIN, resolver=Written({}), sending=sending)
    assert report.level is Level.BAD
    assert [finding.record for finding in report.findings] == [
        Record(DOMAIN, "MX", "10 mail.provider.example."),
        Record(DOMAIN, "TXT", "v=spf1 ip4:203.0.113.5 mx ~all"),
        Record(f"desk._domainkey.{DOMAIN}", "TXT", f"v=DKIM1; k=rsa; p={key[1]}"),
        Record(f"_dmarc.{DOMAIN}", "TXT", f"v=DMARC1; p=none; rua=mailto:postmaster@{DOMAIN}"),
    ]


def test_adding_what_was_advised_makes_it_sound(key: tuple[str, str]) -> None:
    sending = Sending(["203.0.113.5"], "desk", key[0])
    zone: Zone = {"mail.provider.example": {"A": ["203.0.113.5"]}}
    for finding in check_domain(DOMAIN, resolver=Written({}), sending=sending).findings:
        assert finding.record
        value = (
            finding.record.value.removeprefix("10 ").rstrip(".")
            if finding.record.kind == "MX"
            else finding.record.value
        )
        zone.setdefault(finding.record.name, {}).setdefault(finding.record.kind, []).append(value)
    report = check_domain(DOMAIN, resolver=Written(zone), sending=sending)
    assert [finding.code for finding in report.findings] == ["mx.good", "spf.good", "dkim.good", "dmarc.none"]


def test_name_servers_that_do_not_answer_are_not_the_domains_fault() -> None:
    report = check_domain(DOMAIN, resolver=Written({}, down=(DOMAIN,)), sending=Sending())
    assert [(finding.part, finding.code) for finding in report.findings if finding.level is Level.UNKNOWN] == [
        (Part.MX, "unreachable"),
        (Part.SPF, "unreachable"),
    ]


def test_a_name_that_is_no_domain_is_bad_and_nothing_breaks() -> None:
    assert check_domain("a..b", resolver=Written({}), sending=Sending()).level is Level.BAD


def test_every_code_has_a_sentence_whose_blanks_are_filled() -> None:
    params = {
        name: name for name in ("servers", "lookups", "detail", "address", "verdict", "selector", "bits", "policy")
    }
    for code in WORDS:
        assert "%(" not in Finding(Part.MX, Level.GOOD, code, params).words


# -- MX ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ({DOMAIN: {"A": ["203.0.113.5"]}}, (Level.GOOD, "mx.good")),
        ({DOMAIN: {"MX": ["."], "A": ["203.0.113.5"]}}, (Level.BAD, "mx.refuses")),
        ({DOMAIN: {"MX": [""]}}, (Level.BAD, "mx.refuses")),
        ({}, (Level.BAD, "mx.missing")),
    ],
)
def test_whether_replies_can_arrive(zone: Zone, expected: tuple[Level, str]) -> None:
    assert found(zone, Part.MX) == [expected]


# -- SPF ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (["v=spf1 -all"], [(Level.GOOD, "spf.good")]),
        (["V=SPF1 IP4:203.0.113.5 ~ALL"], [(Level.GOOD, "spf.good")]),
        (["v=spf1 mx", "v=spf1 -all"], [(Level.BAD, "spf.several")]),
        (["v=spf10 -all"], [(Level.BAD, "spf.missing")]),
        (["v=spf1 +all"], [(Level.BAD, "spf.everybody")]),
        (["v=spf1 all"], [(Level.BAD, "spf.everybody")]),
        (["v=spf1 mx"], [(Level.ADVICE, "spf.open_end")]),
        (["v=spf1 mx ?all"], [(Level.ADVICE, "spf.open_end")]),
        (["v=spf1 ip4:203.0.113.999 -all"], [(Level.BAD, "spf.syntax")]),
        (["v=spf1 ipv4:203.0.113.1 -all"], [(Level.BAD, "spf.syntax")]),
        (["v=spf1 include:none.example -all"], [(Level.BAD, "spf.include")]),
        (["v=spf1 include:provider.example -all"], [(Level.BAD, "spf.circle")]),
        (["v=spf1 redirect=other.example"], [(Level.GOOD, "spf.good")]),
        (["v=spf1 " + " ".join(f"a:h{n}.example" for n in range(11)) + " -all"], [(Level.BAD, "spf.lookups")]),
        (["v=spf1 " + " ".join(f"a:h{n}.example" for n in range(10)) + " -all"], [(Level.GOOD, "spf.good")]),
    ],
)
def test_what_is_said_of_an_spf_record(records: list[str], expected: list[tuple[Level, str]]) -> None:
    zone: Zone = {DOMAIN: {"TXT": records}, "other.example": {"TXT": ["v=spf1 -all"]}}
    assert found(zone, Part.SPF) == expected


@pytest.mark.parametrize(
    ("record", "address", "verdict"),
    [
        ("v=spf1 ip4:203.0.113.0/24 -all", "203.0.113.77", Verdict.PASS),
        ("v=spf1 ip4:203.0.113.0/24 -all", "203.0.114.1", Verdict.FAIL),
        ("v=spf1 ip6:2001:db8::/32 ~all", "2001:db8::1", Verdict.PASS),
        ("v=spf1 ip6:2001:db8::/32 ~all", "203.0.113.1", Verdict.SOFTFAIL),
        ("v=spf1 a -all", "192.0.2.10", Verdict.PASS),
        ("v=spf1 a/24 -all", "192.0.2.99", Verdict.PASS),
        ("v=spf1 a:mx.example/24//64 -all", "2001:db8:1::99", Verdict.PASS),
        ("v=spf1 a:mx.example -all", "2001:db8:1::99", Verdict.FAIL),
        ("v=spf1 mx -all", "198.51.100.25", Verdict.PASS),
        ("v=spf1 -ip4:198.51.100.25 mx -all", "198.51.100.25", Verdict.FAIL),
        ("v=spf1 include:inner.example ?all", "203.0.113.9", Verdict.PASS),
        ("v=spf1 include:inner.example ?all", "203.0.113.10", Verdict.NEUTRAL),
        ("v=spf1 redirect=inner.example", "203.0.113.10", Verdict.FAIL),
        ("v=spf1 exists:%{i}.list.example exp=why.example -all", "203.0.113.10", Verdict.FAIL),
        ("v=spf1 ptr -all", "203.0.113.10", Verdict.FAIL),
        ("v=spf1", "203.0.113.10", Verdict.NEUTRAL),
    ],
)
def test_spf_lets_in_whom_it_names(record: str, address: str, verdict: Verdict) -> None:
    zone: Zone = {
        DOMAIN: {"TXT": [record], "A": ["192.0.2.10"], "MX": ["mx.example"]},
        "mx.example": {"A": ["198.51.100.25", "2001:db8:1::25"]},
        "inner.example": {"TXT": ["v=spf1 ip4:203.0.113.9 -all"]},
    }
    assert Evaluation(Written(zone)).judge(address, DOMAIN) is verdict


def test_includes_that_go_in_a_circle_end() -> None:
    zone: Zone = {
        "a.example": {"TXT": ["v=spf1 include:b.example -all"]},
        "b.example": {"TXT": ["v=spf1 include:a.example -all"]},
    }
    with pytest.raises(SpfError, match="circle"):
        Evaluation(Written(zone)).judge("203.0.113.1", "a.example")


def test_a_server_that_spf_does_not_name_is_to_be_added_before_the_end() -> None:
    zone: Zone = {DOMAIN: {"TXT": ["v=spf1 include:inner.example -all"]}, "inner.example": {"TXT": ["v=spf1 -all"]}}
    sending = Sending(["203.0.113.5", "2001:db8::5"])
    assert found(zone, Part.SPF, sending)[1:] == [(Level.ADVICE, "spf.sender")] * 2
    assert [record.value for record in added(zone, Part.SPF, sending)] == [
        "v=spf1 ip4:203.0.113.5 include:inner.example -all",
        "v=spf1 ip6:2001:db8::5 include:inner.example -all",
    ]


# -- DKIM --------------------------------------------------------------------------------------------------------------
def test_another_key_or_a_withdrawn_one_is_not_ours(key: tuple[str, str]) -> None:
    sending = Sending((), "desk", key[0])
    name = f"desk._domainkey.{DOMAIN}"
    ours = [Record(name, "TXT", f"v=DKIM1; k=rsa; p={key[1]}")]
    for value, code in (
        ("v=DKIM1; p=", "dkim.revoked"),
        ("v=DKIM1; p=AAAA", "dkim.other"),
        ("nonsense", "dkim.missing"),
    ):
        zone: Zone = {name: {"TXT": [value]}}
        assert found(zone, Part.DKIM, sending) == [(Level.BAD, code)]
        assert added(zone, Part.DKIM, sending) == ours


def test_a_key_in_pieces_with_spaces_is_still_ours(key: tuple[str, str]) -> None:
    spaced = " ".join(key[1][start : start + 60] for start in range(0, len(key[1]), 60))
    zone: Zone = {f"desk._domainkey.{DOMAIN}": {"TXT": [f"k=rsa;p={spaced};t=y"]}}
    expected = [(Level.GOOD, "dkim.good"), (Level.ADVICE, "dkim.testing")]
    assert found(zone, Part.DKIM, Sending((), "desk", key[0])) == expected


def test_a_key_file_that_is_none_is_said_so() -> None:
    assert found({}, Part.DKIM, Sending((), "desk", "not a key")) == [(Level.BAD, "dkim.key")]


def test_when_the_mail_server_signs_its_key_is_looked_for_under_the_usual_names(key: tuple[str, str]) -> None:
    zone: Zone = {f"mail._domainkey.{DOMAIN}": {"TXT": [f"v=DKIM1; p={key[1]}"]}}
    assert found(zone, Part.DKIM) == [(Level.GOOD, "dkim.found")]
    assert found({}, Part.DKIM) == [(Level.ADVICE, "dkim.unknown")]


def public_key_of(bits: int) -> str:
    """The p= of a key of that size; nobody has its other half."""
    key = RSAPublicNumbers(65537, (1 << (bits - 1)) | 12345).public_key()
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


@pytest.mark.parametrize(("bits", "level"), [(1024, Level.ADVICE), (512, Level.BAD)])
def test_a_short_key_is_called_weak(bits: int, level: Level) -> None:
    zone: Zone = {f"x._domainkey.{DOMAIN}": {"TXT": [f"v=DKIM1; p={public_key_of(bits)}"]}}
    assert found(zone, Part.DKIM)[1:] == [(level, "dkim.weak")]


def test_an_ed25519_key_is_not_called_weak() -> None:
    zone: Zone = {
        f"x._domainkey.{DOMAIN}": {"TXT": ["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]}
    }
    assert found(zone, Part.DKIM) == [(Level.GOOD, "dkim.found")]


# -- DMARC -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (["v=DMARC1; p=quarantine; rua=mailto:d@provider.example"], [(Level.GOOD, "dmarc.good")]),
        (["v=DMARC1;p=none;rua=mailto:d@provider.example"], [(Level.ADVICE, "dmarc.none")]),
        (["v=DMARC1; p=reject"], [(Level.GOOD, "dmarc.good"), (Level.ADVICE, "dmarc.no_reports")]),
        (["v=DMARC1; p=reject", "v=DMARC1; p=none"], [(Level.BAD, "dmarc.several")]),
        (["v=DMARC1; p=strict"], [(Level.BAD, "dmarc.syntax")]),
        (["v=DMARC1"], [(Level.BAD, "dmarc.syntax")]),
        (["v=DMARC12; p=none"], [(Level.BAD, "dmarc.missing")]),
        ([], [(Level.BAD, "dmarc.missing")]),
    ],
)
def test_what_is_said_of_a_dmarc_record(records: list[str], expected: list[tuple[Level, str]]) -> None:
    zone: Zone = {f"_dmarc.{DOMAIN}": {"TXT": records}, f"mail._domainkey.{DOMAIN}": {"TXT": ["v=DKIM1; p=x"]}}
    assert found(zone, Part.DMARC) == expected


def test_a_domain_under_another_has_that_ones_policy_for_those_under_it() -> None:
    zone: Zone = {"_dmarc.provider.example": {"TXT": ["v=DMARC1; p=reject; sp=none; rua=mailto:d@provider.example"]}}
    assert found(zone, Part.DMARC, domain="help.desk.provider.example") == [(Level.ADVICE, "dmarc.none")]


def test_no_policy_is_taken_from_a_top_level_domain() -> None:
    assert found({"_dmarc.example": {"TXT": ["v=DMARC1; p=reject"]}}, Part.DMARC) == [(Level.BAD, "dmarc.missing")]


def test_a_strict_policy_without_dkim_would_stop_our_receipts() -> None:
    zone: Zone = {f"_dmarc.{DOMAIN}": {"TXT": ["v=DMARC1; p=reject; rua=mailto:d@provider.example"]}}
    assert found(zone, Part.DMARC) == [(Level.GOOD, "dmarc.good"), (Level.ADVICE, "dmarc.receipts")]


# -- what the settings say ---------------------------------------------------------------------------------------------
def test_the_mail_servers_public_addresses_and_the_key_come_from_the_settings(settings: Any) -> None:
    settings.SMTP_HOST, settings.DKIM_DOMAIN = "mail.provider.example", "Provider.example"
    settings.DKIM_SELECTOR, settings.DKIM_KEY = "desk", "PEM"
    resolver = Written({"mail.provider.example": {"A": ["8.8.4.4", "10.0.0.1", "127.0.0.1"]}})
    assert configured("support.provider.example", resolver) == Sending(["8.8.4.4"], "desk", "PEM")
    assert configured("other.example", resolver) == Sending(["8.8.4.4"], "", "")
    assert configured("other.example", Written({}, down=("mail.provider.example",))) == Sending([], "", "")


@pytest.mark.django_db
def test_the_domains_of_the_active_mailboxes_are_checked_each_once() -> None:
    for address in ("support@provider.example", "info@Provider.example", "help@other.example"):
        Mailbox.objects.create(address=address, display_name="x")
    Mailbox.objects.create(address="old@gone.example", display_name="x", is_active=False)
    assert sorted(sending_domains()) == ["other.example", "provider.example"]


# -- a real name server ------------------------------------------------------------------------------------------------
ANSWERS = {
    ("provider.example.", "TXT"): ['"v=spf1 " "mx -all"', '"other"'],
    ("provider.example.", "MX"): ["20 b.provider.example.", "10 a.provider.example."],
    ("a.provider.example.", "A"): ["203.0.113.5"],
    ("a.provider.example.", "AAAA"): ["2001:db8::5"],
    ("nomail.example.", "MX"): ["0 ."],
}


@pytest.fixture(scope="module")
def name_server() -> Iterator[Dns]:
    """Answers on loopback; knows nothing of names ending in "broken.example", and says so with SERVFAIL."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            packet, peer = server.recvfrom(4096)
            if packet == b"stop":
                return
            server.sendto(_answer(dns.message.from_wire(packet)).to_wire(), peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    port = server.getsockname()[1]
    yield Dns(("127.0.0.1",), port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stopper:
        stopper.sendto(b"stop", ("127.0.0.1", port))
    thread.join(5)
    server.close()


def _answer(question: dns.message.Message) -> dns.message.Message:
    answer = dns.message.make_response(question)
    asked = question.question[0]
    name, kind = asked.name.to_text(), dns.rdatatype.to_text(asked.rdtype)
    if name.endswith("broken.example."):
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif (name, kind) in ANSWERS:
        answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *ANSWERS[name, kind]))
    elif name not in {known for known, _kind in ANSWERS}:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer


def test_the_resolver_reads_what_a_name_server_says(name_server: Dns) -> None:
    assert sorted(name_server.texts("provider.example")) == ["other", "v=spf1 mx -all"]
    assert name_server.exchangers("provider.example") == ["a.provider.example", "b.provider.example"]
    assert name_server.exchangers("nomail.example") == ["."]
    assert name_server.addresses("a.provider.example") == ["203.0.113.5", "2001:db8::5"]


def test_a_name_without_such_records_and_one_that_does_not_exist_have_nothing(name_server: Dns) -> None:
    assert name_server.addresses("provider.example") == []
    assert name_server.texts("none.example") == []
    assert name_server.texts(f"{'x' * 64}.example") == []


def test_a_name_server_that_fails_says_nothing_of_the_name(name_server: Dns) -> None:
    with pytest.raises(DnsUnreachable):
        name_server.texts("broken.example")
