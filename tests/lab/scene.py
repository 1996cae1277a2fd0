"""The whole lab: every server started once, a site for each state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.lab import pages
from tests.lab.certificates import Authority
from tests.lab.changes import PoolDown, SignaturesExpired, TablesMissing, WebServerDown, WebServerFrozen
from tests.lab.network import DEFAULT_PAGE, ELSEWHERE, PROXY, RESOLVER, ZONES
from tests.lab.programs import Apache, Database, Dovecot, Fpm, Names, Nginx, Postfix
from tests.lab.sites import Kind, Site
from tests.lab.states import State

_FIRST = 100
"""The last figure of the first site's address."""


class Lab:
    """Servers that are not started yet, and the sites that belong to these states."""

    def __init__(self, folder: Path, states: Sequence[State], today: dt.datetime) -> None:
        self.folder = folder
        self.states = states
        self.authority = Authority(folder / "authority.pem", today)
        self.apache = Apache(folder / "apache")
        self.pool = Fpm(folder / "pool")
        self.other_pool = Fpm(folder / "other-pool")
        self.database = Database(folder / "database")
        self.names = Names(folder / "names", ZONES, RESOLVER)
        self.front = Nginx(folder / "front")
        self.solos: dict[str, Nginx] = {}
        """Web servers that serve one site only, which may therefore be stopped."""
        self.authority.issue(folder / "mail.pem", "mx.provider.example")
        self.mail = Postfix(folder / "mail", folder / "mail.pem")
        self.imap = Dovecot(folder / "imap", folder / "mail.pem")
        self.sites = {state.name: self._site(number, state) for number, state in enumerate(states)}
        self.reload_web = self.reload_names = self.reload_mail = False

    def _site(self, number: int, state: State) -> Site:
        name = f"sito{number}.example"
        certificate = self.folder / f"{name}.pem" if state.tls else None
        if certificate is not None:
            self.authority.issue(certificate, name)
        prefix = f"wp{number}_" if isinstance(state.change, TablesMissing) else "wp_"
        return Site(
            name,
            state.kind,
            f"127.0.1.{_FIRST + number}",
            self.folder / "sites" / name,
            certificate,
            prefix,
            neighbours=(f"vicino{number}.example", f"vicina{number}.example"),
            share_its_fate=state.whose == "provider",
        )

    # -- states ----------------------------------------------------------------------------------------------------------
    def put(self, states: Sequence[State]) -> None:
        for state in states:
            state.change.put(self, self.sites[state.name])
        self._reload()

    def undo(self, states: Sequence[State]) -> None:
        for state in states:
            state.change.undo(self, self.sites[state.name])
        self._reload()

    def _reload(self) -> None:
        if self.reload_web:
            self.apache.reload()
        if self.reload_names:
            self.names.reload()
        if self.reload_mail:
            self.mail.reload()
            self.imap.stop()
            self._start_imap()
        self.reload_web = self.reload_names = self.reload_mail = False

    # -- what changes do -------------------------------------------------------------------------------------------------
    def tables(self, site: Site, order: str) -> None:
        """Some tables of that site's, and of no other's."""
        for name in ("posts", "options"):
            self.database.order(order.format(table=f"{site.prefix}{name}"), Database.NAME)

    def put_in_zone(self, site: Site) -> None:
        if site.kind is Kind.MAIL:
            self.names.put(site.name, (f"@ IN MX 10 mx.{site.name}.", f"mx IN A {site.address}"))
        else:
            self.names.put(site.name, (f"@ IN A {site.address}", f"www IN A {site.address}"))

    def start_solo(self, site: Site) -> None:
        solo = self.solos.get(site.name) or Nginx(self.folder / f"solo-{site.name}")
        self.solos[site.name] = solo
        names = f"{site.name} www.{site.name} {' '.join(site.neighbours)}"
        solo.start(
            f"server {{ listen {site.address}:80; server_name {names}; root {site.folder}; }}", (site.address, 80)
        )

    # -- start and stop --------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """All at the same time: they do not need one another until somebody asks."""
        (self.folder / "sites").mkdir()
        with ThreadPoolExecutor() as hands:
            ways = [
                hands.submit(start)
                for start in (self._start_web, self._start_names, self._start_mail, self._start_database)
            ]
        for way in ways:
            way.result()
        self._install()

    def _start_web(self) -> None:
        self.pool.start()
        self.other_pool.start()
        others = self.folder / "others"
        others.mkdir()
        (others / "index.html").write_text(pages.FALEGNAMERIA)
        hosts, addresses, alone = [], [], []
        for state in self.states:
            site = self.sites[state.name]
            if site.kind is Kind.MAIL:
                continue
            site.build(self.database)
            if isinstance(state.change, (WebServerDown, WebServerFrozen)):
                alone.append(site)
                continue
            pool = self.other_pool if isinstance(state.change, PoolDown) else self.pool
            hosts.append(site.host(pool.socket, others))
            addresses += [(site.address, port) for port in ((80, 443) if site.certificate else (80,))]
        self.apache.start("\n".join(hosts), addresses)
        for site in alone:
            self.start_solo(site)
        self.front.start(self._front(), (DEFAULT_PAGE, 80))

    def _front(self) -> str:
        """A proxy in front of the sites, a server of ours without a site, and somebody else's."""
        sites = "".join(f"{site.name} {site.address}; www.{site.name} {site.address}; " for site in self.sites.values())
        proxy = "proxy_pass http://$origin; proxy_set_header Host $host;"
        return (
            f"map $host $origin {{ {sites} }}\nserver {{ listen {PROXY}:80; location / {{ {proxy} }} }}\n"
            f"server {{ listen {DEFAULT_PAGE}:80; root /usr/share/nginx/html; }}\n"
            f"server {{ listen {ELSEWHERE}:80; return 200 'somebody else'; }}"
        )

    def _start_names(self) -> None:
        self.names.put("provider.example", (f"ns1 IN A {ZONES}",))
        self.names.put("elsewhere.example", (f"mx IN A {ELSEWHERE}",))
        for state in self.states:
            site = self.sites[state.name]
            self.put_in_zone(site)
            for name in site.neighbours:
                self.names.put(name, (f"@ IN A {site.address}", f"www IN A {site.address}"))
            if isinstance(state.change, SignaturesExpired):
                state.change.undo(self, site)
        self.names.start()

    def _start_mail(self) -> None:
        for site in self.sites.values():
            if site.kind is Kind.MAIL:
                self.mail.doors[site.address] = ""
        self.mail.start()
        self._start_imap()

    def _start_imap(self) -> None:
        self.imap.start(list(self.mail.doors))

    def _start_database(self) -> None:
        self.database.make()
        self.database.start()
        who = f"'{Database.USER}'@'localhost'"
        self.database.order(
            f"CREATE DATABASE {Database.NAME}; CREATE USER {who} IDENTIFIED BY '{Database.PASSWORD}'; "
            f"GRANT ALL ON {Database.NAME}.* TO {who};"
        )

    def _install(self) -> None:
        """WordPress's tables: one set for those that leave them alone."""
        for site in {site.prefix: site for site in self.sites.values() if site.kind is Kind.WORDPRESS}.values():
            site.install()

    def stop(self) -> None:
        """What serves first, so that nothing waits for what is behind it."""
        self.mail.stop()
        for web in (self.front, *self.solos.values()):
            web.stop()
        self.apache.stop()
        self.imap.stop()
        self.pool.stop()
        self.other_pool.stop()
        self.names.stop()
        self.database.stop()


@contextmanager
def lab(folder: Path, states: Sequence[State], *, today: dt.datetime) -> Iterator[Lab]:
    folder.chmod(0o755)
    built = Lab(folder, states, today)
    try:
        built.start()
        yield built
    finally:
        built.stop()
