"""A started installation, asked over HTTP: what every answer carries (S06), by which name it answers (S26), what it keeps closed (S40, S45)."""

from __future__ import annotations

import re
import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from http.cookies import SimpleCookie
from itertools import product
from pathlib import Path

import psycopg
import pytest

from sportello.config import processes
from tests.conftest import Tried
from tests.faults.installation import Installation, installation
from tests.walls.hostile.tally import IS_LONG, Tally, sample
from tests.walls.urls import every_address
from tests.walls.world import STRANGE

pytestmark = [pytest.mark.system, pytest.mark.timeout(3600 if IS_LONG else 300)]

Record = Callable[[str, object], None]
HTTPS_HOST = "desk.provider.example"
HOSTS = (
    "evil.example", "evil.example:443", f"{HTTPS_HOST}.evil.example", f"evil-{HTTPS_HOST}", f"{HTTPS_HOST}@evil.example",
    f"evil.example@{HTTPS_HOST}", f"{HTTPS_HOST},evil.example", f"{HTTPS_HOST} evil.example", f"{HTTPS_HOST}/evil", f"{HTTPS_HOST}#x",
    f"{HTTPS_HOST}\\evil.example", "127.0.0.1", "localhost", "[::1]", "[", "0", "", ".", f".{HTTPS_HOST}", "xn--80ak6aa92e.example",
    "\xe9vil.example",
    f"{HTTPS_HOST}:evil", f"{HTTPS_HOST}:80:80", "169.254.169.254", "2130706433",
)  # fmt: skip
PATHS = (
    "/account/login/",
    "/account/password/reset/",
    "/portal/sign-in/",
    "/static/ui/icon.svg",
    "/desk",
    "/health",
    "/nothing",
)
KINDS = {
    "a page": "/account/login/",
    "another page": "/portal/sign-in/",
    "the door": "/desk/",
    "a redirection to the slash": "/desk",
    "a missing page": "/nothing",
    "a file of the pages": "/static/ui/icon.svg",
    "a missing file": "/static/nothing",
    "a state": "/health",
    "a link that is over": "/portal/enter/nothing/",
    "a file that is not there": "/desk/files/enclosed/x",
}
EVERY = tuple(
    dict.fromkeys(each.path({one.name: STRANGE[one.converter] for one in each.parameters}) for each in every_address())
)
"""Each address of the table, with the id of nothing."""
ENDINGS = (
    "~", ".bak", ".old", ".php", ".json", ".html", ".py", ".map", "%00", "%00.html", ";x", ";/", "/.", "/..", "/.git/HEAD", "/.env", "/../../../etc/passwd", "%2f..%2f..%2fsecret-key",
    "..%252f..%252fsecret-key", "%c0%ae%c0%ae/", "%ff", "%e2%80%ae", "//", "?", "?format=json", "?debug=1", "#x", "%20", "\\..\\", "*", ":8000", "@evil.example",
)  # fmt: skip
TRACES = ("Django", "Traceback", "granian", "Python", "site-packages", "/src/", "root:x:")

THROUGH_THE_FRONT_SERVER = "X-Forwarded-For: 192.0.2.1\r\n"
"""Who asks from the machine itself, past every front server, may read the figures (docs/operations.md)."""
CLOSED = (
    "/install", "/setup", "/setup/", "/update", "/upgrade.php", "/debug", "/__debug__/", "/metrics", "/status", "/server-status", "/.git/HEAD",
    "/.git/config", "/.env", "/.env.bak", "/admin", "/admin/", "/static/ui/sportello.js.map", "/static/../../etc/passwd",
    "/static/%2e%2e/%2e%2e/secret-key",
    "/static//etc/passwd", "/api", "/api/", "/api/docs", "/openapi.json", "/swagger", "/graphql", "/phpinfo.php", "/backup.sql", "/sportello.sql",
    "/data/secret-key", "/secret-key", "/files/", "/media/", "/portal/files/", "/desk/files/", "/.well-known/", "/account/signup/", "/account/email/",
    "/account/confirm-email/x/", "/accounts/login/", "/account/login/code/", "/_allauth/browser/v1/config", "/live/", "/csp-report/", "/robots.txt~",
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("walls")
    with installation(folder, SPORTELLO_PUBLIC_URL=f"https://{HTTPS_HOST}") as started:
        yield started


def ask(
    port: int, path: str, *, host: str = HTTPS_HOST, method: str = "GET", more: str = ""
) -> tuple[int, list[tuple[str, str]], str]:
    """Byte for byte as given, since a client library would mend what is meant to be wrong: status, headers, body."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n".encode("latin-1"))
        said = b"".join(iter(lambda: line.recv(65536), b"")).decode("latin-1")
    head, _, body = said.partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    pairs = [each.partition(":") for each in lines]
    return int(status.split()[1]), [(name.lower(), value.strip()) for name, _, value in pairs], body


def protects_itself(headers: list[tuple[str, str]], what: str) -> None:
    """Each header once, with a value that protects."""
    found = dict(headers)
    assert len(found) == len([name for name, _ in headers if name != "set-cookie"]) + ("set-cookie" in found), what
    policy = found["content-security-policy"]
    assert "default-src 'none'" in policy, what
    assert "frame-ancestors 'none'" in policy, what
    assert not any(word in policy for word in ("unsafe-inline", "unsafe-eval", "data:", "*")), what
    assert found["x-frame-options"] == "DENY", what
    assert found["x-content-type-options"] == "nosniff", what
    assert found["referrer-policy"] == "same-origin", what
    assert found["cross-origin-opener-policy"] == "same-origin", what
    assert found["strict-transport-security"] == "max-age=31536000; includeSubDomains", what
    assert "access-control-allow-origin" not in found, what
    assert "x-powered-by" not in found, what
    assert not any(letter.isdigit() for letter in found.get("server", "")), what
    for name, value in headers:
        if name == "set-cookie":
            _is_bound(value, what)


def _is_bound(cookie: str, what: str) -> None:
    ((name, morsel),) = SimpleCookie(cookie).items()
    assert name.startswith("__Host-"), what
    assert (morsel["secure"], morsel["httponly"], morsel["path"]) == (True, True, "/"), what
    assert morsel["samesite"] in {"Lax", "Strict"}, what
    assert not morsel["domain"], what


@pytest.mark.parametrize("kind", KINDS)
def test_s06_every_kind_of_answer_protects_itself(desk: Installation, kind: str, tried: Tried) -> None:
    port = desk.house.ports[0]
    for method in ("GET", "HEAD", "POST", "PUT", "TRACE"):
        for host in (HTTPS_HOST, "evil.example"):
            tried("S06")
            _status, headers, _body = ask(port, KINDS[kind], host=host, method=method, more="Content-Length: 0\r\n")
            protects_itself(headers, f"{method} {KINDS[kind]} of {host}")
            cache = dict(headers)["cache-control"]
            assert "no-store" in cache or KINDS[kind].startswith("/static/"), f"{method} {KINDS[kind]}: {cache}"


def test_s06_live_updates_protect_themselves_too(desk: Installation, tried: Tried) -> None:
    port = desk.house.ports[1]
    for path, host, expected in (
        ("/live/", HTTPS_HOST, 204),
        ("/live/", "evil.example", 400),
        ("/desk/", HTTPS_HOST, 404),
        ("/live/x", HTTPS_HOST, 404),
    ):
        tried("S06")
        status, headers, _body = ask(port, path, host=host)
        assert status == expected, path
        protects_itself(headers, path)


@pytest.mark.parametrize("path", PATHS)
def test_s26_no_other_host_is_answered_to(desk: Installation, path: str, tried: Tried) -> None:
    for host in HOSTS:
        tried("S26")
        status, headers, body = ask(desk.house.ports[0], path, host=host)
        assert status == 400, f"{host} {path}: {status}"
        assert "evil" not in body + str(headers), f"{host} {path}"


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-Server", "X-Original-Host", "X-Forwarded-Port"]
)
def test_s26_headers_beside_host_make_no_difference(desk: Installation, name: str, tried: Tried) -> None:
    for path in PATHS:
        tried("S26")
        status, headers, body = ask(desk.house.ports[0], path, more=f"{name}: evil.example:6666\r\n")
        assert status == ask(desk.house.ports[0], path)[0], path
        assert "evil" not in body + str(headers), path


def test_s26_the_address_in_the_request_line_makes_no_difference(desk: Installation, tried: Tried) -> None:
    """RFC 9112, 3.2.2: absolute form; and two Hosts, which name none."""
    port = desk.house.ports[0]
    tried("S26", 3)
    assert "evil" not in str(ask(port, "https://evil.example/desk"))
    assert ask(port, f"https://{HTTPS_HOST}/account/login/", host="evil.example")[0] == 400
    assert ask(port, "/account/login/", more="Host: evil.example\r\n")[0] == 400


@pytest.mark.parametrize("path", CLOSED)
def test_s40_there_is_no_door_besides_the_doors(desk: Installation, path: str, tried: Tried) -> None:
    tried("S40")
    status, headers, body = ask(desk.house.ports[0], path, more=THROUGH_THE_FRONT_SERVER)
    assert status in {301, 404, 405}, f"{path}: {status}"
    assert status != 301 or dict(headers)["location"] == f"{path}/"
    assert not any(word in body for word in TRACES), path


def test_s06_s26_s40_every_address_over_http(desk: Installation, record_property: Record) -> None:
    """Under our name each answer protects itself; under another there is none; and what is put behind an address opens nothing."""
    port, tally = desk.house.ports[0], Tally("S06/S26/S40 every address of a started installation")
    for path, method in sample(list(product(EVERY, ("GET", "HEAD", "POST", "PUT", "TRACE"))), 150):
        status, headers, body = ask(port, path, method=method, more=f"{THROUGH_THE_FRONT_SERVER}Content-Length: 0\r\n")
        tally.add(f"{method} {path}", harms(status, headers, body))
    for path, host in sample(list(product(EVERY, HOSTS)), 150):
        status, headers, body = ask(port, path, host=host)
        tally.add(
            f"{path} of {host}", [] if status == 400 and "evil" not in body + str(headers) else [f"status {status}"]
        )
    for path, ending in sample(list(product(EVERY, ENDINGS)), 150):
        status, headers, body = ask(port, f"{path}{ending}", more=THROUGH_THE_FRONT_SERVER)
        tally.add(f"{path}{ending}", harms(status, headers, body))
    record_property("counted", str(tally))
    tally.settle()


def harms(status: int, headers: list[tuple[str, str]], body: str) -> Iterator[str]:
    if status >= 500:
        yield f"status {status}"
    yield from (f"tells of {word}" for word in TRACES if word in body)
    try:
        protects_itself(headers, "")
    except (AssertionError, KeyError) as error:
        yield f"{type(error).__name__} {error} in {headers}"


@pytest.mark.parametrize(
    "line",
    [
        "GET",
        "GET / HTTP/9.9",
        "\x16\x03\x01",
        "GET /\x00 HTTP/1.1",
        "PRI * HTTP/2.0",
        "GET / HTTP/1.1\r\nContent-Length: -1",
    ],
)
def test_s40_what_is_no_request_gets_no_trace(desk: Installation, line: str, tried: Tried) -> None:
    tried("S40")
    with socket.create_connection(("127.0.0.1", desk.house.ports[0]), timeout=20) as client:
        client.sendall(f"{line}\r\nHost: {HTTPS_HOST}\r\nConnection: close\r\n\r\n".encode("latin-1"))
        client.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: client.recv(65536), b"")).decode("latin-1")
    assert "Traceback" not in said
    assert not said.startswith("HTTP/1.1 5")


HIDDEN = f"GET /account/login/ HTTP/1.1\r\nHost: {HTTPS_HOST}\r\n\r\n"
LAST = f"GET /nothing/ HTTP/1.1\r\nHost: {HTTPS_HOST}\r\nConnection: close\r\n\r\n"
_CHUNKED = f"{len(HIDDEN):x}\r\n{HIDDEN}\r\n0\r\n\r\n"
ONE_REQUEST = {
    "a length, and chunks that end at once": (f"Content-Length: {5 + len(HIDDEN)}\r\nTransfer-Encoding: chunked\r\n", f"0\r\n\r\n{HIDDEN}"),
    "chunks, and a length that ends at once": ("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", _CHUNKED),
    "two lengths": (f"Content-Length: 0\r\nContent-Length: {len(HIDDEN)}\r\n", HIDDEN),
    "two lengths in one": (f"Content-Length: 0, {len(HIDDEN)}\r\n", HIDDEN),
    "a length with a sign": ("Content-Length: +0\r\n", HIDDEN),
    "a length in words": ("Content-Length: nought\r\n", HIDDEN),
    "a space before the colon": ("Content-Length : 0\r\n", HIDDEN),
    "chunks of another name": ("Transfer-Encoding: xchunked\r\n", _CHUNKED),
    "chunks twice": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 0\r\n", _CHUNKED),
    "chunks behind a vertical tab": ("Transfer-Encoding: \x0bchunked\r\nContent-Length: 0\r\n", _CHUNKED),
    "a folded header": ("Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n", _CHUNKED),
    "a size of a chunk that is none": ("Transfer-Encoding: chunked\r\n", f"-1\r\n{HIDDEN}\r\n0\r\n\r\n"),
    "a size of a chunk beyond all numbers": ("Transfer-Encoding: chunked\r\n", f"ffffffffffffffff1\r\n{HIDDEN}\r\n0\r\n\r\n"),
    "lines that end with a line feed": ("Transfer-Encoding: chunked\n", _CHUNKED),
}  # fmt: skip
"""What stands before a body, and the body. A front server and we might disagree where it ends."""


@pytest.mark.parametrize("kind", ONE_REQUEST)
def test_s44_no_request_hides_in_the_body_of_another(desk: Installation, kind: str, tried: Tried) -> None:
    """Refused, or the whole body is read: what is hidden in it is not answered."""
    tried("S44")
    assert answers(desk, *ONE_REQUEST[kind]) in ([], [400], [204], [204, 404], [501]), kind


def test_s44_two_requests_on_a_line_are_answered_twice_so_the_test_above_can_fail(desk: Installation) -> None:
    assert answers(desk, "Content-Length: 0\r\n", HIDDEN) == [204, 200, 404]


def answers(desk: Installation, headers: str, body: str) -> list[int]:
    """The statuses of all that a line was answered on which this and a last request were sent."""
    said = b""
    with socket.create_connection(("127.0.0.1", desk.house.ports[0]), timeout=20) as line, suppress(OSError):
        line.sendall(f"POST /csp-report HTTP/1.1\r\nHost: {HTTPS_HOST}\r\n{headers}\r\n{body}{LAST}".encode("latin-1"))
        while piece := line.recv(65536):
            said += piece
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) ", said)]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        f"http://{HTTPS_HOST}",
        f"https://{HTTPS_HOST}.evil.example",
        f"https://{HTTPS_HOST}:444",
        "file://",
        "",
    ],
)
def test_s45_no_other_origin_is_let_in(desk: Installation, origin: str, tried: Tried) -> None:
    web, live = desk.house.ports[:2]
    more = f"Origin: {origin}\r\nAccess-Control-Request-Method: POST\r\n"
    for method in ("GET", "OPTIONS"):
        for path in ("/account/login/", "/static/ui/icon.svg", "/health", "/portal/"):
            tried("S45")
            _status, headers, _body = ask(web, path, method=method, more=more)
            assert not [name for name, _value in headers if name.startswith("access-control")], path
    tried("S45")
    status, headers, _body = ask(live, "/live/", more=more)
    assert status == 403
    assert not [name for name, _value in headers if name.startswith("access-control")]


_AN_ENTRY = b"INSERT INTO accounts_auditentry (at, act, subject, detail) VALUES (now(), 'signed-in', 'x', '{}')"
APPEND_ONLY = ("accounts_auditentry", "tickets_event")
_READ = "SELECT count(*) FROM {}"
ERASING = ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE")
AS_OWNER_ONLY = ("ALTER TABLE {} DISABLE TRIGGER USER", "DROP TABLE {} CASCADE", "ALTER TABLE {} RENAME TO x")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_s47_what_happened_is_not_erased_by_the_applications_own_role(
    desk: Installation, table: str, tried: Tried
) -> None:
    """The role that owns the database, as it is on one machine: the triggers refuse."""
    with psycopg.connect(desk.url, autocommit=True) as line:
        line.execute(_AN_ENTRY)
        for statement in ERASING if table == "accounts_auditentry" else ERASING[-1:]:  # no row, no trigger of rows
            tried("S47")
            with pytest.raises(psycopg.errors.RestrictViolation):
                line.execute(statement.format(table).encode())


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_s47_a_role_that_owns_nothing_cannot_take_the_triggers_off(
    desk: Installation, table: str, tried: Tried
) -> None:
    """deploy/roles.sql: it reads, writes and adds to the audit, and that is all."""
    with psycopg.connect(desk.url, autocommit=True) as line:
        line.execute(_AN_ENTRY)
        line.execute(Path("deploy/roles.sql").read_bytes())
        line.execute("SET ROLE sportello_app")
        assert line.execute(_READ.format(table).encode()).fetchone()
        line.execute(_AN_ENTRY)
        line.execute("UPDATE accounts_user SET name = name")
        for statement in (*ERASING, *AS_OWNER_ONLY):
            tried("S47")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                line.execute(statement.format(table).encode())


def test_s42_logs_and_processes_tell_no_secret_and_take_no_line(desk: Installation, tried: Tried) -> None:
    port, secret = desk.house.ports[0], "hunter2-is-a-secret"
    for name in ("x%0A2026-01-01 FORGED line", "x%0D%0AFORGED", "x%E2%80%A8FORGED", "%3Cscript%3EFORGED"):
        tried("S42", 2)
        body = f"login={name}&password={secret}"
        length = f"Content-Length: {len(body)}\r\nContent-Type: application/x-www-form-urlencoded\r\nUser-Agent: x\tFORGED\r\n"
        ask(port, f"/account/login/?next={name}", method="POST", more=f"{length}\r\n{body}")
        ask(port, f"/nothing/{name}?token={secret}")
    assert secret not in desk.house.log
    assert not [line for line in desk.house.log.splitlines() if line.lstrip().startswith("FORGED")]
    assert (
        desk.figure(
            "SELECT count(*) FROM accounts_auditentry WHERE subject LIKE %s OR detail::text LIKE %s",
            *[f"%{secret}%"] * 2,
        )
        == 0
    )
    key = (desk.house.folder / "data" / "secret-key").read_text(encoding="ascii").strip()
    lines = [" ".join(processes.command_line(pid)) for pid in [*desk.house.pids(), *desk.house.server_pids()]]
    assert lines
    assert not [line for line in lines if key in line]


def test_s42_a_link_that_signs_in_does_not_stand_in_the_log_when_it_is_refused(
    desk: Installation, tried: Tried
) -> None:
    """A program that looks at links in mails posts without the page's token: Django wrote the address down, with the secret in it."""
    secret = "link-in-a-mail-is-a-secret"
    for path in (
        "/portal/enter/{}/",
        "/portal/invited/{}/",
        "/pre-sales/confirm/{}/",
        "/portal/enter/{}/x",
        "/account/password/reset/key/1-{}/",
    ):
        for method in ("POST", "DELETE", "OPTIONS"):
            tried("S42")
            assert 400 <= ask(desk.house.ports[0], path.format(secret), method=method)[0] < 500, f"{method} {path}"
    assert "django.request: Method Not Allowed: portal:enter" in desk.house.log
    assert secret not in desk.house.log


CODECS = (
    "zip",
    "rot13",
    "hex",
    "base64",
    "undefined",
    "idna",
    "punycode",
    "utf-7",
    "utf-16",
    "unicode_escape",
    '"uu"',
    "\xff",
)


@pytest.mark.parametrize("codec", CODECS)
def test_s44_no_codec_of_pythons_reads_an_address_or_a_form(desk: Installation, codec: str, tried: Tried) -> None:
    """It was a fault of ours, for anybody, at every page that looks at its address or at a form."""
    port, body = desk.house.ports[0], "a=b&csrfmiddlewaretoken=x"
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"):
        for method, path in (("GET", "/portal/sign-in/?next=%ff"), ("POST", "/portal/sign-in/"), ("POST", "/nothing")):
            tried("S44")
            more = f"Content-Type: {kind}; charset={codec}\r\n"
            more += f"Content-Length: {len(body)}\r\n\r\n{body}" if method == "POST" else ""
            status, headers, _said = ask(port, path, method=method, more=more)
            assert status < 500, f"{method} {path} {kind}"
            protects_itself(headers, f"{method} {path} {kind}")


def test_s42_the_words_of_a_mail_that_are_taken_for_commands_are_not_logged(desk: Installation, tried: Tried) -> None:
    tried("S42")
    with socket.create_connection(("127.0.0.1", desk.lmtp_port), timeout=20) as line:
        line.sendall(b"LHLO mx\r\nBDAT 40 LAST\r\nPASSWORD:HUNTER3-IS-A-SECRET is mine\r\nQUIT\r\n")
        heard = b"".join(iter(lambda: line.recv(4096), b""))
    assert heard.count(b"\r\n500 ") == 2
    assert "HUNTER3" not in desk.house.log


def test_s50_what_is_kept_is_for_the_owner_only(desk: Installation) -> None:
    kept = desk.house.folder / "data"
    assert [
        path for path in (kept / "secret-key", kept / "files") if path.exists() and path.stat().st_mode & 0o077
    ] == []


SILENT = 1_300
"""More than the server lets in by itself, in each of its processes."""
SLOW = 40
"""More than there are threads for pages."""


def test_s44_thousands_of_silent_connections_keep_nobody_out(desk: Installation) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(4 * SILENT, hard)), hard))
    web, live, *_others = desk.house.ports
    with ExitStack() as lines:
        for port in (web, live):
            for _ in range(SILENT):
                lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        assert ask(web, "/portal/sign-in/")[0] == 200
        assert ask(live, "/live/nothing/")[0] == 404


def test_s44_bodies_that_never_come_keep_nobody_from_a_page_and_no_neighbour_from_sending(desk: Installation) -> None:
    web = desk.house.ports[0]
    begun = f"POST /csp-report HTTP/1.1\r\nHost: {HTTPS_HOST}\r\nContent-Length: 1000\r\n\r\na=".encode()
    with ExitStack() as lines:
        for _ in range(SLOW):
            lines.enter_context(socket.create_connection(("127.0.0.1", web), timeout=20)).sendall(begun)
        assert [ask(web, "/portal/sign-in/")[0] for _ in range(8)] == [200] * 8
        with socket.create_connection(("127.0.0.1", web), timeout=60, source_address=("127.0.0.2", 0)) as neighbour:
            neighbour.sendall(begun + b"x" * 998)
            assert b" 503 " not in neighbour.recv(20)


def test_s39_nobody_sends_more_than_an_upload_may_have(desk: Installation) -> None:
    status, _headers, _body = ask(
        desk.house.ports[0], "/csp-report", method="POST", more=f"Content-Length: {40 * 1024 * 1024}\r\n"
    )
    assert status == 413
