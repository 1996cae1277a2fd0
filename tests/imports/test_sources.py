"""What every adapter of a billing system does. One more is one more line in `SYSTEMS`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from ipaddress import ip_network

import pytest

from sportello.imports.adapters.source import BillingSource, SourceError
from sportello.imports.adapters.whmcs import Whmcs
from sportello.imports.enums import Kind, Trouble
from sportello.imports.rules import FIELDS, NEEDED
from tests.imports import whmcs_server

HTML = b"<!DOCTYPE html><html><body>Oops! Something went wrong</body></html>"
LOOPBACK = (ip_network("127.0.0.0/8"),)


def reading(url: str, secret: str = whmcs_server.SECRET, pauses: list[float] | None = None) -> Whmcs:
    waited = [] if pauses is None else pauses
    return Whmcs(url=url, identifier=whmcs_server.IDENTIFIER, secret=secret, allowed=LOOPBACK, pause=waited.append)


@contextmanager
def whmcs(shape: str) -> Iterator[BillingSource]:
    with whmcs_server.serving(whmcs_server.small_provider(shape=shape)) as url:
        yield reading(url)


@contextmanager
def whmcs_cut_off() -> Iterator[BillingSource]:
    provider = whmcs_server.large_provider(3)
    provider.answers = [(200, b'{"result": "success", "totalresults": 3, "clients": ""}', {})]
    with whmcs_server.serving(provider) as url:
        yield reading(url)


System = Callable[[], AbstractContextManager[BillingSource]]
SYSTEMS: dict[str, System] = {f"whmcs, {shape}": partial(whmcs, shape) for shape in whmcs_server.SHAPES}
CUT_OFF: dict[str, System] = {"whmcs": whmcs_cut_off}


# -- the contract ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)
def test_all_is_told_once_by_our_own_names_and_nothing_secret(system: System) -> None:
    """Of a provider with the same three clients, whatever the system."""
    with system() as source:
        rows = list(source.rows())
    assert Counter(kind for kind, _row in rows) == {
        Kind.CUSTOMERS: 3, Kind.CONTACTS: 3, Kind.SERVERS: 1, Kind.SERVICES: 2, Kind.DOMAINS: 1,
    }  # fmt: skip
    ids = [(kind, row["external_id"]) for kind, row in rows]
    assert len(ids) == len(set(ids))
    for kind, row in rows:
        assert row.keys() <= FIELDS[kind].keys()
        assert [field for field in NEEDED[kind] if not row.get(field)] == []
    assert [word for word in ("hunter2", "$2y$", "Fido", "4242") if word in str(rows)] == []


@pytest.mark.parametrize("system", CUT_OFF.values(), ids=CUT_OFF)
def test_half_a_list_is_no_list(system: System) -> None:
    with system() as source, pytest.raises(SourceError):
        list(source.rows())


# -- WHMCS -------------------------------------------------------------------------------------------------------------
def test_what_whmcs_says_is_told_in_full() -> None:
    with whmcs("list") as source:
        told = {(kind, row["external_id"]): row for kind, row in source.rows()}
    assert told[Kind.CUSTOMERS, "1"] == {
        "external_id": "1", "name": "Caffè Doria Srl", "kind": "company", "status": "active", "since": "2020-02-01",
        "language": "italian", "vat_number": "IT00743110157", "tax_code": "", "sdi_code": "ABC1234", "pec": "doria@pec.example",
    }  # fmt: skip
    assert told[Kind.CUSTOMERS, "2"]["kind"] == "person"
    assert told[Kind.CONTACTS, "client/1"]["phone"] == "02 55501041"
    assert told[Kind.CONTACTS, "9"]["customer"] == "1"
    assert told[Kind.SERVICES, "52"]["name"] == "VPS L"
    assert told[Kind.DOMAINS, "51"]["ends_on"] == "2027-02-02"


@pytest.mark.parametrize("says_total", [True, False])
def test_long_lists_are_read_page_by_page(says_total: bool) -> None:
    provider = whmcs_server.large_provider(201)
    provider.says_total = says_total
    with whmcs_server.serving(provider) as url:
        rows = list(reading(url).rows())
    assert len({row["external_id"] for kind, row in rows if kind is Kind.SERVICES}) == 201
    asked = [each["limitstart"] for each in provider.asked if each["action"] == "GetClientsProducts"]
    assert asked == ["0", "100", "200"]


@pytest.mark.parametrize(
    "answer",
    [
        (429, b"slow down", {"Retry-After": "17"}),
        (503, HTML, {}),
        (500, b"", {}),
        (504, HTML, {}),
    ],
)
def test_one_that_is_busy_is_asked_again(answer: tuple[int, bytes, dict[str, str]]) -> None:
    provider, pauses = whmcs_server.small_provider(answers=[answer]), list[float]()
    with whmcs_server.serving(provider) as url:
        assert len(list(reading(url, pauses=pauses).rows())) == 10
    assert pauses == [max(2.0, float(answer[2].get("Retry-After", 0)))]


def test_one_that_stays_busy_is_given_up() -> None:
    provider, pauses = whmcs_server.small_provider(answers=[(503, HTML, {})] * 9), list[float]()
    with whmcs_server.serving(provider) as url, pytest.raises(SourceError) as given_up:
        list(reading(url, pauses=pauses).rows())
    assert (given_up.value.trouble, len(pauses)) == (Trouble.UNREACHABLE, 4)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((200, HTML, {}), Trouble.NOT_UNDERSTOOD),
        ((200, b"", {}), Trouble.NOT_UNDERSTOOD),
        ((200, b'{"result": "success", "clients": 7}', {}), Trouble.NOT_UNDERSTOOD),
        ((200, b'{"clients": {"client": []}}', {}), Trouble.NOT_UNDERSTOOD),
        ((200, b'{"result":"success","totalresults":2,"clients":{"client":{"a":"b","c":[1', {}), Trouble.NOT_UNDERSTOOD),
        ((200, b'{"result": "error", "message": "Invalid IP 198.51.100.7"}', {}), Trouble.REFUSED),
        ((403, b'{"result": "error", "message": "Invalid IP 198.51.100.7"}', {}), Trouble.REFUSED),
        ((503, b'{"result": "error", "message": "Maintenance"}', {}), Trouble.REFUSED),
        ((302, b"", {"Location": "http://127.0.0.1:9/"}), Trouble.NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_named(answer: tuple[int, bytes, dict[str, str]], trouble: Trouble) -> None:
    with (
        whmcs_server.serving(whmcs_server.small_provider(answers=[answer])) as url,
        pytest.raises(SourceError) as refused,
    ):
        list(reading(url).rows())
    assert refused.value.trouble == trouble


def test_warnings_of_php_before_an_answer_are_passed_over() -> None:
    noise = "\ufeffNotice: Undefined index in api.php on line 3\n".encode()
    provider = whmcs_server.small_provider(answers=[])
    right = provider.answer(
        {"action": "GetClients", "identifier": whmcs_server.IDENTIFIER, "secret": whmcs_server.SECRET}
    )
    provider.answers = [(200, noise + right[1], {})]
    with whmcs_server.serving(provider) as url:
        assert len(list(reading(url).rows())) == 10


def test_the_wrong_secret_is_refused_and_told_nowhere() -> None:
    with whmcs_server.serving(whmcs_server.small_provider()) as url, pytest.raises(SourceError) as refused:
        list(reading(url, secret="another-secret").rows())
    assert (refused.value.trouble, str(refused.value)) == (Trouble.REFUSED, "GetClients: Authentication Failed")


def test_a_private_address_is_reached_only_where_it_is_allowed() -> None:
    with whmcs_server.serving(whmcs_server.small_provider()) as url, pytest.raises(SourceError) as refused:
        list(Whmcs(url=url, identifier="x", secret="x").rows())
    assert refused.value.trouble == Trouble.UNREACHABLE


def test_one_that_does_not_answer_is_given_up() -> None:
    with pytest.raises(SourceError) as given_up:
        list(reading("http://127.0.0.1:9").rows())
    assert given_up.value.trouble == Trouble.UNREACHABLE
