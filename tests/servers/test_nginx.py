"""The configuration of nginx as it is handed out, with a real nginx and two nodes that answer for themselves."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.servers.until import until

pytestmark = pytest.mark.needs("nginx")
DEPLOY = Path(__file__).parents[2] / "deploy"
_AROUND = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    {site}
}}
"""


AWAY, AWAY_AFTER_WAITING = "/desk/", "/portal/"
WAITING_SECONDS = 3.5


@dataclass
class Node:
    """Has some paths, and writes down what it was asked for."""

    paths: frozenset[str]
    is_cut_off: bool = False
    """Its database is away: it says so, at once or after it has waited."""
    asked: list[str] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[int]:
        node = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                node.asked.append(self.path)
                if node.is_cut_off and self.path == AWAY_AFTER_WAITING:
                    time.sleep(WAITING_SECONDS)
                self.send_response(503 if node.is_cut_off else 200 if self.path in node.paths else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            server.server_close()


def configuration(web: list[int], port: int) -> str:
    """Both files as a provider puts them together, on loopback and without a certificate."""
    upstreams = (DEPLOY / "nginx-cluster.conf").read_text(encoding="utf-8")
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"^upstream .*\n", "", site, flags=re.MULTILINE)
    site = re.sub(r"^ +ssl_.*\n", "", site, flags=re.MULTILINE)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    site = site.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    for number, node in enumerate(web):
        upstreams = upstreams.replace(f"10.0.0.2{number + 1}:8000", f"127.0.0.1:{node}")
    return upstreams.replace("10.0.0.2", "127.0.0.2") + site


@contextmanager
def in_front_of(nodes: list[Node], folder: Path) -> Iterator[int]:
    """nginx's port."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")
    assert program
    port = free_port()
    with ExitStack() as stack:
        ports = [stack.enter_context(node.listening()) for node in nodes]
        config = folder / "nginx.conf"
        config.write_text(_AROUND.format(folder=folder, site=configuration(ports, port)), encoding="utf-8")
        running = subprocess.Popen([program, "-e", str(folder / "error.log"), "-c", str(config)])
        try:
            until(lambda: status(port, "/") > 0)
            yield port
        finally:
            running.terminate()
            running.wait(60)


def status(port: int, path: str) -> int:
    """0 for nobody there."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", path)
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


def test_a_page_of_one_version_gets_its_styles_whichever_node_is_asked(tmp_path: Path) -> None:
    old = Node(frozenset({"/", "/static/desk.1111.css"}))
    new = Node(frozenset({"/", "/static/desk.2222.css"}))
    with in_front_of([old, new], tmp_path) as port:
        wanted = ["/static/desk.1111.css", "/static/desk.2222.css"] * 5
        assert [status(port, path) for path in wanted] == [200] * len(wanted)
        assert status(port, "/static/desk.3333.css") == 404
        assert status(port, "/desk/tickets/none/") == 404
    asked = [*old.asked, *new.asked]
    assert (asked.count("/static/desk.3333.css"), asked.count("/desk/tickets/none/")) == (2, 1)


def test_r03_a_page_that_waited_for_a_database_in_vain_waits_at_no_second_node(tmp_path: Path) -> None:
    """A fault found: with the database away each node waited eight seconds, and nginx asked one after the other: sixteen."""
    nodes = [Node(frozenset(), is_cut_off=True), Node(frozenset(), is_cut_off=True)]
    with in_front_of(nodes, tmp_path) as port:
        assert [status(port, path) for path in (AWAY, AWAY_AFTER_WAITING)] == [503, 503]
    asked = [path for node in nodes for path in node.asked]
    assert (asked.count(AWAY), asked.count(AWAY_AFTER_WAITING)) == (2, 1)


def test_r03_a_node_that_is_cut_off_alone_costs_no_page(tmp_path: Path) -> None:
    with in_front_of([Node(frozenset(), is_cut_off=True), Node(frozenset({AWAY}))], tmp_path) as port:
        assert [status(port, AWAY) for _ in range(4)] == [200] * 4
