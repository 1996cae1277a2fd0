"""What stands on the hosts: a primary with a synchronous standby, two nodes with every process of ours, nginx in front of both."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import psycopg

from tests.cluster.network import ADDRESSES, Network
from tests.config.house import until
from tests.faults.installation import _SET_UP

SOURCE = Path(__file__).parents[2] / "src"
NODES = ("node1", "node2")
PROCESSES = ("web", "live", "worker", "mail-door")
NAME = "desk.provider.example"
URL = (
    f"postgresql://sportello@{ADDRESSES['db1']}:5432,{ADDRESSES['db2']}:5432/sportello?target_session_attrs=read-write"
)
PRIMARY_ONLY = f"postgresql://sportello@{ADDRESSES['db1']}:5432/sportello"
"""For a release before ours, which may not know yet that there can be several."""
MIGRATING_SECONDS = 3600.0
_AS_NOBODY = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
_CONFIGURATION = """
listen_addresses = '*'
unix_socket_directories = ''
max_connections = 200
max_wal_senders = 5
wal_keep_size = 256MB
shared_buffers = 64MB
"""
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    upstream sportello_web {{
        server {one}:8000 max_fails=0;
        server {two}:8000 max_fails=0;
    }}
    proxy_next_upstream error timeout http_502 http_503;
    proxy_next_upstream_tries 2;
    proxy_next_upstream_timeout 3s;
    proxy_connect_timeout 1s;
    server {{
        listen 80;
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header Connection "";
        location / {{ proxy_pass http://sportello_web; }}
        location /static/ {{ proxy_pass http://sportello_web; proxy_next_upstream error timeout http_502 http_503 http_404; }}
    }}
}}
"""


@dataclass
class Cluster:
    network: Network
    folder: Path
    programs: Path
    """PostgreSQL's, of the version under test."""
    source: Path
    """Our own code, of the release that starts next."""
    settings: Mapping[str, str]
    """More of ours, for both nodes."""
    running: dict[tuple[str, str], subprocess.Popen[bytes]] = field(default_factory=dict)

    # -- database --------------------------------------------------------------------------------------------------------
    def _postgres(self, host: str, program: str, *arguments: str) -> str:
        return self.network.run(host, *_AS_NOBODY, str(self.programs / program), *arguments)

    def start_databases(self) -> None:
        """The primary, then its standby from a base backup; from then on no commit is acknowledged that the standby has not."""
        one, two = (self.folder / host for host in ("db1", "db2"))
        self._postgres("db1", "initdb", "-D", str(one), "-U", "sportello", "-A", "trust", "-E", "UTF8", "--locale=C")
        (one / "postgresql.conf").open("a").write(_CONFIGURATION)
        (one / "pg_hba.conf").open("a").write("host all,replication all 10.77.0.0/24 trust\n")
        self._serve("db1")
        self._postgres("db1", "createdb", "-h", ADDRESSES["db1"], "-U", "sportello", "sportello")
        origin = f"host={ADDRESSES['db1']} user=sportello application_name=standby"
        self._postgres("db2", "pg_basebackup", "-d", origin, "-D", str(two), "-R", "-X", "stream", "-c", "fast")
        self._serve("db2")
        self.order("db1", "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.order("db1", "SELECT pg_reload_conf()")
        until(self._in_step, seconds=30, what="the standby follows in step")

    def _serve(self, host: str) -> None:
        command = (*_AS_NOBODY, str(self.programs / "postgres"), "-D", str(self.folder / host))
        self.network.start(host, *command, log=self.folder / f"{host}.log")
        until(lambda: self._answers(host), seconds=60, what=f"{host} answers")

    def _answers(self, host: str) -> bool:
        try:
            self.order(host, "SELECT 1")
        except psycopg.Error:
            return False
        return True

    def _in_step(self) -> bool:
        return self.order("db1", "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1

    def order(self, host: str, statement: str, name: str = "postgres") -> int:
        """One statement on that server; the first figure of what it answers, 0 when it answers nothing."""
        url = f"postgresql://sportello@{ADDRESSES[host]}/{name}"
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
        return int(row[0]) if row and isinstance(row[0], int) else 0

    def promote_standby(self) -> None:
        self.order("db2", "SELECT pg_promote()")

    # -- nodes -----------------------------------------------------------------------------------------------------------
    def environment(self, node: str) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("SPORTELLO_", "DJANGO_"))}
        return {
            **outside,
            "DATABASE_URL": URL if self.source == SOURCE else PRIMARY_ONLY,
            "DATABASE_REPLICA_URL": f"postgresql://sportello@{ADDRESSES['db2']}/sportello",
            "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
            "SPORTELLO_DATA": str(self.folder / node),
            "SPORTELLO_FILES": str(self.folder / "files"),
            "SPORTELLO_SECRET_KEY": "the same on every machine " * 3,
            "SPORTELLO_PUBLIC_URL": f"http://{NAME}",
            "SPORTELLO_PROXIES": "1",
            "SPORTELLO_WEB_HOST": ADDRESSES[node],
            "SPORTELLO_LMTP_HOST": ADDRESSES[node],
            "SPORTELLO_WEB_WORKERS": "1",
            "SPORTELLO_DEMO": "yes",
            "SPORTELLO_SELF_TEST_MINUTES": "0",
            **self.settings,
            "PYTHONPATH": os.pathsep.join([str(self.source), *(path for path in sys.path if path)]),
        }

    def sportello(self, node: str, *words: str) -> str:
        return self.network.run(node, sys.executable, "-m", "sportello", *words, environment=self.environment(node))

    def prepare(self, *, at_once: bool) -> None:
        """Both nodes bring the database up to date: `at_once`, as careless administrators do, or one after the other."""
        started = []
        for node in NODES:
            started.append(self._start(node, "migrate"))
            if not at_once:
                started[-1].wait(120)
        assert [program.wait(120) for program in started] == [0, 0], self.words()

    def migrate(self, node: str) -> None:
        """With the code of `source`, however long it takes."""
        assert self._start(node, "migrate").wait(MIGRATING_SECONDS) == 0, self.words()

    def set_up(self) -> None:
        self.network.run("node1", sys.executable, "-c", _SET_UP, environment=self.environment("node1"))

    def _start(self, node: str, *words: str) -> subprocess.Popen[bytes]:
        (self.folder / node).mkdir(exist_ok=True)
        command = (sys.executable, "-m", "sportello", *words)
        log = self.folder / f"{node}-{words[0]}.log"
        return self.network.start(node, *command, log=log, environment=self.environment(node))

    def start(self, node: str) -> None:
        for name in PROCESSES:
            self.running[node, name] = self._start(node, name)

    def stop(self, node: str) -> None:
        """As a service manager does, and as patiently."""
        ours = [self.running.pop((node, name)) for name in PROCESSES]
        for program in ours:
            program.send_signal(signal.SIGTERM)
        for program in ours:
            program.wait(30)

    def respawn(self) -> None:
        """What has ended by itself is started again, as by a service manager."""
        for (node, name), program in list(self.running.items()):
            if program.poll() is not None:
                self.running[node, name] = self._start(node, name)

    def ready(self, node: str) -> bool:
        request = urllib.request.Request(f"http://{ADDRESSES[node]}:8000/account/login/", headers={"Host": NAME})
        try:
            with urllib.request.urlopen(request, timeout=5):
                return True
        except OSError:
            return False

    def until_ready(self, node: str) -> None:
        until(lambda: self.ready(node), seconds=90, what=f"{node} serves pages")

    def start_front(self) -> None:
        text = _NGINX.format(folder=self.folder, one=ADDRESSES["node1"], two=ADDRESSES["node2"])
        (self.folder / "nginx.conf").write_text(text)
        self.network.start("front", "nginx", "-c", str(self.folder / "nginx.conf"), log=self.folder / "nginx.log")

    def words(self) -> str:
        """The last that each program said."""
        return "\n".join(f"{log.name}: {log.read_text()[-600:]}" for log in sorted(self.folder.glob("*.log")))


@contextmanager
def cluster(
    network: Network,
    folder: Path,
    *,
    programs: Path,
    source: Path,
    at_once: bool,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Cluster]:
    """Everything started, with a mailbox and an agent, and ready for pages and mail. At the end nothing writes into the folder any more."""
    folder.chmod(0o777)
    (folder / "files").mkdir()
    built = Cluster(network, folder, programs, source, settings)
    try:
        built.start_databases()
        built.prepare(at_once=at_once)
        built.set_up()
        for node in NODES:
            built.start(node)
        built.start_front()
        for node in NODES:
            built.until_ready(node)
        yield built
    finally:
        network.end(*(host for host in ADDRESSES if host != "outside"))
