"""What lets somebody in is used once, however many ask at the same moment, and then never again (S27, S29): over HTTP, against a started desk."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.faults.installation import Installation, in_django, installation
from tests.walls import used_once
from tests.walls.hostile.tally import IS_LONG, Tally

pytestmark = [pytest.mark.system, pytest.mark.slow(60), pytest.mark.timeout(3600 if IS_LONG else 900)]
Record = Callable[[str, object], None]

ROUNDS = 30 if IS_LONG else 2
AT_ONCE = 4
_MAKE = """
import django; django.setup()
from django.test.utils import setup_test_environment
setup_test_environment()
import runpy, sys
sys.argv = ["used_once", {place!r}, {rounds!r}]
runpy.run_module("tests.walls.used_once", run_name="__main__")
"""
PRESENT, VERIFIED = 1, 4
"""Flags of what a passkey answers (WebAuthn 6.1)."""
CODE = re.compile(r"(?:[a-z2-7]{4}-){5}[a-z2-7]{4}")


@dataclass
class Answer:
    status: int
    to: str
    """Where it sends the browser."""
    cookies: dict[str, str]
    text: str


@dataclass
class Desk:
    installation: Installation
    made: dict[str, Any]

    def ask(
        self, path: str, cookies: Mapping[str, str], form: Mapping[str, str] | None = None, *, start: threading.Barrier | None = None
    ) -> Answer:  # fmt: skip
        """A form is posted; without one the page is asked for."""
        line = http.client.HTTPConnection("localhost", self.installation.house.ports[0], timeout=120)
        line.connect()
        token = "a" * 32
        sent = {self.made["cookies"]["csrf"]: token, **cookies}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in sent.items())}
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": token, **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if start:
            start.wait(60)
        line.request("GET" if form is None else "POST", path, body, headers)
        said = line.getresponse()
        text = said.read().decode()
        line.close()
        given: SimpleCookie = SimpleCookie()
        for value in said.headers.get_all("Set-Cookie") or ():
            given.load(value)
        kept = {name: morsel.value for name, morsel in given.items() if morsel.value}
        return Answer(said.status, said.headers.get("Location", ""), kept, text)

    def at_once(self, asked: Sequence[tuple[str, Mapping[str, str], Mapping[str, str]]]) -> list[Answer]:
        start, answers = threading.Barrier(len(asked)), dict[int, Answer]()

        def one(place: int) -> None:
            answers[place] = self.ask(*asked[place], start=start)

        runners = [threading.Thread(target=one, args=(place,)) for place in range(len(asked))]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
        return [answers[place] for place in range(len(asked))]

    def contact(self, key: str) -> dict[str, str]:
        return {self.made["cookies"]["contact"]: key}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("once")
    with installation(folder) as started:
        told = folder / "made.json"
        in_django(started.house, started.url, _MAKE.format(place=str(told), rounds=str(ROUNDS)))
        yield Desk(started, json.loads(told.read_text(encoding="utf-8")))


@pytest.fixture
def tally(request: pytest.FixtureRequest, record_property: Record) -> Iterator[Tally]:
    counted = Tally(f"S27/S29 {request.node.name}")
    yield counted
    record_property("counted", str(counted))
    counted.settle()


def once(tally: Tally, what: object, came_in: Sequence[bool]) -> None:
    tally.add(what, [] if sum(came_in) == 1 else [f"{sum(came_in)} of {len(came_in)} came in"])
    tally.tried += len(came_in) - 1


def never(tally: Tally, what: object, *, came_in: bool) -> None:
    tally.add(what, ["came in"] if came_in else [])


def code_of(secret: str) -> str:
    """What an app shows now."""
    step = list(yield_hotp_counters_from_time())[1]
    return str(format_hotp_value(hotp_value(secret, step)))


def test_s29_a_link_that_signs_a_customer_in(desk: Desk, tally: Tally) -> None:
    for path in [*desk.made["links"], *desk.made["invitations"]]:
        answers = desk.at_once([(path, {}, {})] * AT_ONCE)
        once(tally, path, [each.status == 302 for each in answers])
        never(tally, f"{path} again", came_in=desk.ask(path, {}, {}).status == 302)


def test_s29_a_code_of_a_customer(desk: Desk, tally: Tally) -> None:
    for place, steps in enumerate(desk.made["steps"]):
        code = steps["code"] if place % 2 else code_of(steps["secret"])
        asked = [("/portal/sign-in/code/", desk.contact(key), {"code": code}) for key in steps["waiting"][:-1]]
        once(tally, code, [each.status == 302 for each in desk.at_once(asked)])
        last = desk.ask("/portal/sign-in/code/", desk.contact(steps["waiting"][-1]), {"code": code})
        never(tally, f"{code} again", came_in=last.status == 302)


def test_s29_a_code_of_staff(desk: Desk, tally: Tally) -> None:
    for place, person in enumerate(desk.made["staff"]):
        code = person["code"] if place % 2 else code_of(person["secret"])
        login = {"login": person["email"], "password": used_once.PASSWORD}
        halfway = [desk.ask("/account/login/", {}, login).cookies for _ in range(AT_ONCE + 1)]
        asked = [("/account/login/second-factor/", cookies, {"code": code}) for cookies in halfway[:-1]]
        once(tally, code, [each.to == "/desk/" for each in desk.at_once(asked)])
        last = desk.ask("/account/login/second-factor/", halfway[-1], {"code": code})
        never(tally, f"{code} again", came_in=last.to == "/desk/")


def test_s27_a_link_that_sets_a_password_sets_one(desk: Desk, tally: Tally) -> None:
    """A fault found: of two who used it at the same moment each set theirs."""
    for path in desk.made["resets"]:
        opened = [desk.ask(path, {}) for _ in range(AT_ONCE)]
        asked = [
            (each.to, each.cookies, dict.fromkeys(("password1", "password2"), f"quiet-lanterns-float-{place}"))
            for place, each in enumerate(opened)
        ]
        once(tally, path, [each.status == 302 for each in desk.at_once(asked)])
        never(tally, f"{path} again", came_in=desk.ask(path, {}).status == 302)
        never(tally, f"{path} left open", came_in=desk.ask(*asked[0]).status == 302)


def test_s27_a_link_that_sets_a_password_is_one_persons(desk: Desk, tally: Tally) -> None:
    people = [path.split("/")[-2].partition("-")[::2] for path in desk.made["resets"]]
    for (whose, _), (_, key) in zip(people, people[1:] + people[:1], strict=True):
        path = f"/account/password/reset/key/{whose}-{key}/"
        never(tally, path, came_in=desk.ask(path, {}).status == 302)


def test_s29_what_a_passkey_was_asked_is_answered_once_and_by_its_owner(desk: Desk, tally: Tally) -> None:
    """A fault found: one answer, sent several times at the same moment, began as many sessions."""
    *keys, foreign = desk.made["keys"]
    for key in keys:
        cookies, asked = _asked(desk)
        form = {"credential": _answer(desk, key, asked), "next": ""}
        answers = desk.at_once([("/portal/sign-in/passkey/", cookies, form)] * AT_ONCE)
        once(tally, key["id"], [each.to == "/portal/" for each in answers])
        again = desk.ask("/portal/sign-in/passkey/", cookies, form)
        never(tally, f"{key['id']} again", came_in=again.to == "/portal/")
        for claimed in ({"id": foreign["id"]}, {"handle": foreign["handle"]}, {**foreign, "pem": key["pem"]}):
            cookies, asked = _asked(desk)
            form = {"credential": _answer(desk, {**key, **claimed}, asked), "next": ""}
            never(tally, claimed, came_in=desk.ask("/portal/sign-in/passkey/", cookies, form).to == "/portal/")


def _asked(desk: Desk) -> tuple[dict[str, str], str]:
    answer = desk.ask("/portal/sign-in/passkey/ask/", {}, {})
    return answer.cookies, json.loads(answer.text)["publicKey"]["challenge"]


def _answer(desk: Desk, key: Mapping[str, str], challenge: str) -> str:
    """As a browser sends it (WebAuthn 5.8.1, 6.1, 6.3.3)."""
    origin = desk.made["origin"]
    client = json.dumps(
        {"type": "webauthn.get", "challenge": challenge, "origin": origin, "crossOrigin": False}
    ).encode()
    about = hashlib.sha256(str(urlsplit(origin).hostname).encode()).digest() + bytes([PRESENT | VERIFIED]) + bytes(4)
    private = load_pem_private_key(key["pem"].encode(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    signature = private.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
    said = {"clientDataJSON": client, "authenticatorData": about, "signature": signature}
    response = {name: base64.urlsafe_b64encode(value).rstrip(b"=").decode() for name, value in said.items()}
    return json.dumps(
        {
            "id": key["id"],
            "rawId": key["id"],
            "type": "public-key",
            "response": {**response, "userHandle": key["handle"]},
        }
    )


def test_s29_an_app_that_is_set_up_twice_has_the_codes_that_were_shown(desk: Desk, tally: Tally) -> None:
    """A fault found: both answers showed codes, and which of them held was chance."""
    for app in desk.made["apps"]:
        form = {"code": code_of(app["secret"])}
        answers = desk.at_once([("/portal/settings/app/", desk.contact(app["session"]), form)] * 2)
        shown = [codes for each in answers if (codes := CODE.findall(each.text))]
        hashes = [hashlib.sha256(code.replace("-", "").encode()).hexdigest() for codes in shown for code in codes]
        holding = desk.installation.figure(
            "SELECT count(*) FROM customers_contactapp WHERE recovery_sha256 = %s", hashes
        )
        tally.add(app["session"], [] if (len(shown), holding) == (1, 1) else [f"{len(shown)} shown, {holding} hold"])


def test_s29_recovery_codes_are_made_once_for_one_page(desk: Desk, tally: Tally) -> None:
    """A fault found: each of several at the same moment showed ten codes, and ten of them held."""
    for page in desk.made["renewed"]:
        cookies = {page["cookie"]: page["session"]}
        answers = desk.at_once([(page["path"], cookies, {"mark": page["mark"]})] * AT_ONCE)
        once(tally, page["path"], [bool(CODE.findall(each.text)) for each in answers])
