"""A server that answers as WHMCS does by its documentation (developers.whmcs.com/api-reference), its quirks included."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

IDENTIFIER, SECRET = "identifier-of-the-api", "secret-of-the-api"
LISTS = {
    "GetClients": ("clients", "client"),
    "GetContacts": ("contacts", "contact"),
    "GetClientsProducts": ("products", "product"),
    "GetClientsDomains": ("domains", "domain"),
}
SHAPES = ("list", "numbered", "lone", "flat", "bare")
"""A list; an object with numbers for keys; where there is one record, that alone; flattened into the answer; without the inner name."""


@dataclass
class Whmcs:
    """What it knows, and how it behaves: `answers` are raw answers (status, body, headers) that come before any right one;
    the `broken` call answers with a page of HTML."""

    clients: list[dict[str, Any]] = field(default_factory=list)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    products: list[dict[str, Any]] = field(default_factory=list)
    domains: list[dict[str, Any]] = field(default_factory=list)
    servers: list[dict[str, Any]] = field(default_factory=list)
    shape: str = "list"
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    says_total: bool = True
    broken: str = ""
    silent_after: int = 0  # so many answers; 0: never
    url: str = ""

    def answer(self, asked: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        self.asked.append(asked)
        if self.silent_after and len(self.asked) > self.silent_after:
            return 503, b"", {}
        if self.answers:
            return self.answers.pop(0)
        if asked["action"] == self.broken:
            return 200, b"<!DOCTYPE html><html><body>Oops!</body></html>", {}
        if (asked.get("identifier"), asked.get("secret")) != (IDENTIFIER, SECRET):
            return 403, _json({"result": "error", "message": "Authentication Failed"}), {}
        return 200, _json(self._found(asked)), {}

    def _found(self, asked: dict[str, str]) -> dict[str, Any]:
        action = asked["action"]
        if action == "GetClientsDetails":
            found = self.details.get(asked["clientid"], {})
            return {"result": "success", "client": found, **found}
        if action == "GetServers":
            return {"result": "success", "servers": self.servers}
        if action not in LISTS:
            return {"result": "error", "message": f"Command {action} Not Found"}
        outer, inner = LISTS[action]
        every: list[dict[str, Any]] = getattr(self, outer)
        start, most = int(asked.get("limitstart", 0)), int(asked.get("limitnum", 25))
        page = every[start : start + most]
        total = {"totalresults": str(len(every))} if self.says_total else {}
        head = {"result": "success", **total, "startnumber": start, "numreturned": len(page)}
        return {**head, **_shaped(self.shape, outer, inner, page)}


def _shaped(shape: str, outer: str, inner: str, page: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if not page:
        return {} if shape == "flat" else {outer: ""}
    if shape == "flat":
        return {f"{outer}[{inner}][{n}][{key}]": value for n, each in enumerate(page) for key, value in each.items()}
    if shape == "numbered":
        return {outer: {inner: {str(number): each for number, each in enumerate(page)}}}
    if shape == "lone" and len(page) == 1:
        return {outer: {inner: page[0]}}
    return {outer: list(page)} if shape == "bare" else {outer: {inner: list(page)}}


def _json(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode()


@contextmanager
def serving(whmcs: Whmcs) -> Iterator[str]:
    """Its address; on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            status, answer, headers = whmcs.answer({"path": self.path, **asked})
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(answer)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_about: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        whmcs.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield whmcs.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def small_provider(**how: Any) -> Whmcs:
    """A provider with three clients, whose answers hold passwords wherever WHMCS writes them."""
    return Whmcs(
        clients=[
            {"id": 1, "firstname": "Anna", "lastname": "Doria", "companyname": "Caffè Doria Srl", "email": "Anna@doria.example",
             "datecreated": "2020-02-01", "groupid": 0, "status": "Active"},
            {"id": "2", "firstname": "Bruno", "lastname": "Greco", "companyname": "", "email": "bruno@greco.example",
             "datecreated": "2021-05-31", "groupid": "1", "status": "Inactive"},
            {"id": 3, "firstname": "Carla", "lastname": "Neri", "companyname": "Neri & Figli", "email": "",
             "datecreated": "0000-00-00", "groupid": 0, "status": "Closed"},
        ],
        details={
            "1": {"id": 1, "userid": 1, "email": "Anna@doria.example", "phonenumber": "02 55501041", "tax_id": "IT00743110157",
                  "language": "italian", "password": "$2y$10$hash", "securityqans": "Fido", "cclastfour": "4242", "twofaenabled": False,
                  "notes": "her password is hunter2",
                  "customfields": [{"id": 5, "name": "Codice destinatario SDI", "value": "ABC1234"},
                                   {"id": 6, "name": "PEC", "value": "doria@pec.example"}, {"id": 7, "name": "Password FTP", "value": "hunter2"}]},
            "2": {"id": 2, "phonenumber": "", "language": "", "customfields": ""},
        },
        contacts=[
            {"id": 9, "userid": 1, "firstname": "Dino", "lastname": "Tecnico", "email": "dino@agenzia.example", "phonenumber": "+39 06 5550111",
             "password": "hunter2", "subaccount": 1, "generalemails": 1, "supportemails": "0"},
        ],
        products=[
            {"id": 51, "clientid": 1, "pid": 3, "regdate": "2020-02-02", "name": "Shop", "groupname": "Hosting", "domain": "doria.example",
             "serverid": 4, "servername": "web-1", "serverip": "192.0.2.1", "username": "doria", "password": "hunter2", "status": "Active",
             "nextduedate": "2027-02-02", "customfields": {"customfield": [{"id": 1, "name": "root password", "value": "hunter2"}]}},
            {"id": 52, "clientid": 2, "pid": 8, "regdate": "2021-06-01", "name": "VPS L", "groupname": "VPS", "domain": "", "serverid": 0,
             "servername": "", "username": "root", "password": "hunter2", "status": "Suspended", "nextduedate": "0000-00-00"},
        ],
        domains=[
            {"id": 51, "userid": 1, "regtype": "Register", "domainname": "caffe-doria.example", "registrar": "x", "regdate": "2020-02-02",
             "expirydate": "2027-02-02", "status": "Active"},
        ],
        servers=[
            {"id": 4, "name": "web-1", "hostname": "web-1.provider.example", "ipaddress": "192.0.2.1", "username": "root",
             "password": "hunter2", "accesshash": "hunter2", "active": 1},
        ],
        **how,
    )  # fmt: skip


def large_provider(count: int) -> Whmcs:
    """So many clients, each with a contact and a product."""
    numbers = range(1, count + 1)
    return Whmcs(
        clients=[{"id": n, "companyname": f"Cliente {n}", "email": f"c{n}@customer.example", "status": "Active"} for n in numbers],
        details={str(n): {"id": n} for n in numbers},
        products=[{"id": n, "clientid": n, "name": "Shop", "domain": f"c{n}.example", "status": "Active"} for n in numbers],
    )  # fmt: skip
