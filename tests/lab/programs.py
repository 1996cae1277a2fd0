"""Real servers from Debian's packages, each with its own configuration in a folder of the lab, as the users their packages run them as."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.config.house import until

WEB_USER = "www-data"
NAMES_USER = "bind"
_AS_NOBODY = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
_MODULES = (
    *(
        "mpm_event",
        "authz_core",
        "authz_host",
        "authz_user",
        "authn_core",
        "authn_file",
        "auth_basic",
        "dir",
        "autoindex",
    ),
    *("mime", "alias", "rewrite", "proxy", "proxy_fcgi", "ssl", "headers"),
)


@dataclass
class Program:
    """One server that stays in the foreground, so that it is the one that is signalled and waited for."""

    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, *command: str) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def freeze(self) -> None:
        """With its children."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """As asked, or by force when it takes its time: some of the lab's scripts never end by themselves."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)
        self.process = None

    def until_at(self, address: tuple[str, int] | str) -> None:
        until(lambda: self._gone() or _answers(address), seconds=60, what=f"{self.log.stem} answers")
        assert not self._gone(), self.log.read_text()[-2000:]

    def _gone(self) -> bool:
        return self.process is None or self.process.poll() is not None


def _answers(address: tuple[str, int] | str) -> bool:
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as client:
        client.settimeout(1)
        try:
            client.connect(address)
        except OSError:
            return False
    return True


def _folder(path: Path, owner: str = "root") -> Path:
    path.mkdir()
    shutil.chown(path, owner)
    return path


class Apache:
    def __init__(self, folder: Path) -> None:
        self.folder = _folder(folder)
        self.program = Program(folder / "apache.log")
        self._binary = shutil.which("apache2", path="/usr/sbin") or "apache2"

    def start(self, hosts: str, addresses: Iterable[tuple[str, int]]) -> None:
        addresses = list(addresses)
        modules = [f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in _MODULES]
        listens = [f"Listen {address}:{port}" for address, port in addresses]
        written = [
            *modules,
            *listens,
            f"ServerRoot {self.folder}",
            f"DefaultRuntimeDir {self.folder}",
            f"PidFile {self.folder}/pid",
            f"ErrorLog {self.folder}/error.log",
            f"User {WEB_USER}\nGroup {WEB_USER}",
            "ServerName server.provider.example",
            "TypesConfig /etc/mime.types",
            "StartServers 1\nThreadsPerChild 32\nMaxRequestWorkers 128",
            "KeepAlive Off\nTimeout 60",
            "<Directory />\nAllowOverride None\nRequire all denied\n</Directory>",
            hosts,
        ]
        (self.folder / "apache.conf").write_text("\n".join(written))
        self.program.start(self._binary, "-D", "FOREGROUND", "-f", str(self.folder / "apache.conf"))
        self.program.until_at(addresses[0])

    def reload(self) -> None:
        """Certificates are read anew; what is being answered goes on."""
        self.program.signal(signal.SIGUSR1)

    def stop(self) -> None:
        self.program.stop()


class Fpm:
    """One pool of PHP processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = _folder(folder, WEB_USER)
        self.socket = folder / "socket"
        self.program = Program(folder / "fpm.log")
        self._binary = str(max(Path("/usr/sbin").glob("php-fpm*")))
        (folder / "fpm.conf").write_text(
            f"[global]\nerror_log = {folder}/error.log\ndaemonize = no\nprocess_control_timeout = 1s\n"
            f"[www]\nuser = {WEB_USER}\ngroup = {WEB_USER}\nlisten = {self.socket}\nlisten.owner = {WEB_USER}\n"
            "pm = ondemand\npm.max_children = 12\nphp_flag[display_errors] = off\nphp_admin_value[memory_limit] = 64M\n"
            f"php_admin_value[error_log] = {folder}/php.log\nphp_admin_flag[log_errors] = on\n"
        )

    def start(self) -> None:
        self.program.start(self._binary, "-F", "-O", "-y", str(self.folder / "fpm.conf"))
        self.program.until_at(str(self.socket))

    def stop(self) -> None:
        self.program.stop()


class Database:
    """MariaDB, reached by a Unix socket only."""

    USER, PASSWORD, NAME = "wordpress", "prova-di-laboratorio", "wordpress"

    def __init__(self, folder: Path) -> None:
        self.folder = _folder(folder, "nobody")
        self.socket = folder / "socket"
        self.program = Program(folder / "mariadb.log")
        self._common = ("--no-defaults", f"--datadir={folder}/data")

    def make(self) -> None:
        """Needs to be started afterwards."""
        command = (
            "mariadb-install-db",
            *self._common,
            "--skip-test-db",
            "--auth-root-authentication-method=normal",
            "--innodb-log-file-size=4M",
        )
        subprocess.run([*_AS_NOBODY, *command], check=True, capture_output=True, timeout=120)

    def start(self) -> None:
        options = (
            f"--socket={self.socket}",
            "--skip-networking",
            "--innodb-log-file-size=4M",
            "--aria-log-file-size=8M",
        )
        quick = ("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M", f"--pid-file={self.folder}/pid")
        self.program.start(*_AS_NOBODY, "/usr/sbin/mariadbd", *self._common, *options, *quick)
        self.program.until_at(str(self.socket))

    def stop(self) -> None:
        self.program.stop()

    def order(self, statements: str, name: str = "") -> None:
        command = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", *filter(None, [name])]
        subprocess.run(command, input=statements.encode(), check=True, capture_output=True, timeout=60)


class Names:
    """BIND twice: one has the lab's zones, the other is the resolver that asks it, and nobody else, and checks what is signed."""

    def __init__(self, folder: Path, address: str, resolver: str) -> None:
        self.folder = _folder(folder, NAMES_USER)
        self.address, self.resolver = address, resolver
        self.zones: dict[str, str] = {}
        self.signed: dict[str, bool] = {}
        """Zones, and whether their signatures still hold."""
        self._keys: dict[str, Path] = {}
        self._servers = [Program(folder / f"{name}.log") for name in ("zones", "resolver")]

    def put(self, zone: str, records: Sequence[str]) -> None:
        """What is said of a zone from the next start on. One that cannot be read is answered with SERVFAIL."""
        begin = (
            f"$TTL 0\n@ IN SOA ns1.provider.example. hostmaster.provider.example. {len(self.zones) + 1} 600 600 600 0\n"
        )
        self.zones[zone] = f"{begin}@ IN NS ns1.provider.example.\n" + "\n".join(records) + "\n"

    def forget(self, zone: str) -> None:
        """Nobody has registered it."""
        del self.zones[zone]

    def start(self) -> None:
        for role, zones, address in (
            ("zones", self._write_zones(), self.address),
            ("resolver", self._ask(), self.resolver),
        ):
            options = (
                f'directory "{self.folder}"; pid-file "{self.folder}/{role}.pid"; session-keyfile "{self.folder}/{role}.key"; '
                f"listen-on {{ {address}; }}; listen-on-v6 {{ none; }}; notify no; check-names primary ignore; servfail-ttl 0;"
            )
            (self.folder / f"{role}.conf").write_text(f"options {{ {options} {zones}\ncontrols {{ }};\n")
        for server, address in zip(self._servers, (self.address, self.resolver), strict=True):
            server.start(
                "/usr/sbin/named", "-g", "-n", "1", "-u", NAMES_USER, "-c", str(server.log.with_suffix(".conf"))
            )
            server.until_at((address, 53))

    def _write_zones(self) -> str:
        begin = ". IN SOA ns1.provider.example. hostmaster.provider.example. 1 600 600 600 0\n. IN NS ns1.provider.example.\n"
        (self.folder / "root.zone").write_text(f"$TTL 0\n{begin}ns1.provider.example. IN A {self.address}\n")
        written = ['recursion no; dnssec-validation no; };\nzone "." { type primary; file "root.zone"; };']
        for zone, text in self.zones.items():
            (self.folder / f"{zone}.zone").write_text(text)
            if zone in self.signed:
                self._sign(zone, holds=self.signed[zone])
            file = f"{zone}.zone.signed" if zone in self.signed else f"{zone}.zone"
            written.append(f'zone "{zone}" {{ type primary; file "{file}"; }};')
        return "\n".join(written)

    def _ask(self) -> str:
        anchors = "".join(f"trust-anchors {{ {self._anchor(zone)} }};\n" for zone in self.signed)
        forward = f"forward only; forwarders {{ {self.address}; }}; recursion yes; allow-recursion {{ any; }}; dnssec-validation yes;"
        return f"{forward} max-cache-ttl 0; max-ncache-ttl 0; root-key-sentinel no; }};\n{anchors}"

    def _key(self, zone: str) -> Path:
        if zone not in self._keys:
            command = ["dnssec-keygen", "-q", "-K", str(self.folder), "-a", "ECDSAP256SHA256", "-f", "KSK", zone]
            made = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()
            self._keys[zone] = self.folder / f"{made}.key"
        return self._keys[zone]

    def _anchor(self, zone: str) -> str:
        line = next(line for line in self._key(zone).read_text().splitlines() if line[0] != ";")
        _owner, _class, _type, flags, protocol, algorithm, *words = line.split()
        return f'{zone}. static-key {flags} {protocol} {algorithm} "{"".join(words)}";'

    def _sign(self, zone: str, *, holds: bool) -> None:
        file = self.folder / f"{zone}.zone"
        self._key(zone)
        long_ago = () if holds else ("-s", "20200101000000", "-e", "20200201000000")
        command = [
            "dnssec-signzone",
            "-q",
            "-S",
            "-z",
            "-P",
            "-K",
            str(self.folder),
            "-d",
            str(self.folder),
            "-o",
            zone,
            *long_ago,
        ]
        subprocess.run([*command, "-f", f"{file}.signed", str(file)], check=True, capture_output=True, timeout=60)

    def stop(self) -> None:
        for server in self._servers:
            server.stop()

    def reload(self) -> None:
        """Started anew: what it says afterwards is what was put, and that takes no longer than asking it to look again."""
        self.stop()
        self.start()


class Nginx:
    """In front of others, or as somebody else's server."""

    def __init__(self, folder: Path) -> None:
        self.folder = _folder(folder, WEB_USER)
        self.program = Program(folder / "nginx.log")

    def start(self, servers: str, at: tuple[str, int]) -> None:
        folders = " ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"daemon off; user {WEB_USER}; pid {self.folder}/pid; error_log {self.folder}/error.log; events {{}}\n"
            f"http {{ include /etc/nginx/mime.types; access_log off; client_body_temp_path {self.folder}/body; {folders}\n{servers}\n}}\n"
        )
        self.program.start("nginx", "-c", str(self.folder / "nginx.conf"))
        self.program.until_at(at)

    def stop(self) -> None:
        self.program.stop()


_MASTER = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
error unix - - n - - error
discard unix - - n - - discard
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """Takes mail at several addresses, at each in its own way."""

    folder: Path
    certificate: Path
    doors: dict[str, str] = field(default_factory=dict)
    """Addresses that take mail, and the options of port 25 there."""

    def start(self) -> None:
        for name, owner in (("etc", "root"), ("spool", "root"), ("data", "postfix")):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
            shutil.chown(self.folder / name, owner)
        main = (
            f"compatibility_level = 3.6\nqueue_directory = {self.folder}/spool\ndata_directory = {self.folder}/data\n"
            "command_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\nsetgid_group = postdrop\n"
            f"maillog_file = {self.folder}/log\nmaillog_file_prefixes = {self.folder}\ninet_protocols = ipv4\n"
            f"myhostname = mx.provider.example\nmydestination =\nalias_maps =\nsmtp_dns_support_level = disabled\n"
            f"smtpd_tls_chain_files = {self.certificate}\nsmtpd_tls_security_level = may\nsmtpd_relay_restrictions = reject_unauth_destination\n"
        )
        doors = "".join(self._door(address, options) for address, options in self.doors.items())
        (self.folder / "etc" / "main.cf").write_text(main)
        (self.folder / "etc" / "master.cf").write_text(doors + _MASTER)
        self._run("start")
        until(lambda: _answers((next(iter(self.doors)), 25)), seconds=60, what="Postfix answers")

    def _door(self, address: str, options: str) -> str:
        """From other servers, and from customers' programs."""
        doors = {25: options, 587: "", 465: "-o smtpd_tls_wrappermode=yes"}
        return "".join(f"{address}:{port} inet n - n - - smtpd {each}\n" for port, each in doors.items())

    def _run(self, command: str) -> None:
        environment = {**os.environ, "MAIL_CONFIG": str(self.folder / "etc")}
        subprocess.run(
            ["postfix", "-c", str(self.folder / "etc"), command],
            check=True,
            capture_output=True,
            timeout=60,
            env=environment,
        )

    def reload(self) -> None:
        """With the doors there are now."""
        self.stop()
        self.start()

    def stop(self) -> None:
        self._run("abort")


class Dovecot:
    """Where mailboxes are read."""

    def __init__(self, folder: Path, certificate: Path) -> None:
        self.folder = _folder(folder)
        self.program = Program(folder / "dovecot.log")
        self._tls = f"ssl = required\nssl_cert = <{certificate}\nssl_key = <{certificate}\n"

    def start(self, addresses: Sequence[str]) -> None:
        (self.folder / "dovecot.conf").write_text(
            f"base_dir = {self.folder}/run\nstate_dir = {self.folder}/state\nlog_path = {self.folder}/log\nprotocols = imap\n"
            f"listen = {', '.join(addresses)}\n{self._tls}passdb {{\n driver = static\n args = nopassword=y\n}}\n"
            "userdb {\n driver = static\n args = uid=mail gid=mail home=/nonexistent\n}\n"
            "service imap-login {\n chroot =\n}\nservice anvil {\n chroot =\n}\n"
        )
        self.program.start("dovecot", "-F", "-c", str(self.folder / "dovecot.conf"))
        self.program.until_at((addresses[0], 993))

    def stop(self) -> None:
        self.program.stop()
