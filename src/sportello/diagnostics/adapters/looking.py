"""One look at a service: its probes side by side, each with its own end, and all together with theirs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial

from sportello.core import clock
from sportello.core.reach import Network
from sportello.diagnostics.adapters import mail
from sportello.diagnostics.adapters.certificates import look_at_certificate
from sportello.diagnostics.adapters.names import LEADS_NOWHERE, Found, Names
from sportello.diagnostics.adapters.pages import fetch
from sportello.diagnostics.adapters.vantage import Deadline, Patience, Stopwatch, Vantage
from sportello.diagnostics.adapters.wire import knock
from sportello.diagnostics.enums import Effect, Probe, Role, Sign
from sportello.diagnostics.rules import Seen, Where, where
from sportello.services.enums import ServiceKind
from sportello.services.rules import is_own

MOST_NAMES = 3
MOST_NEIGHBOURS = 3
MOST_EXCHANGERS = 2
WEB_PORTS = (80, 443)
MACHINE_PORTS = (22, 80, 443, 25, 3389)
THREADS = 12

Job = Callable[[], Sequence[Seen]]
GATHERING_SECONDS = 0.5
"""The probes end so much earlier than the whole, so that what they saw by then is told."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Subject:
    """What may be looked at for one service, and nothing besides: its names, its server's addresses, a few neighbours."""

    kind: ServiceKind
    names: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    """Of its server; of the machine itself where that is the service."""
    own: tuple[Network, ...] = ()
    neighbours: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    """Services on other servers: when they do not answer either, it is we who are cut off. Asked only where no canary is set."""
    page: str = ""
    """Host and path of the page that its site is judged by, where that is not the front page of its name."""
    expected: str = ""
    """What must stand on it."""
    borrowed: tuple[str, ...] = ()
    """Of a mail service without a name of its own: names that lead to the same server."""

    @property
    def site(self) -> str:
        """The name that its site is judged by."""
        return self.page.partition("/")[0] or self.names[0]


@dataclass(slots=True)
class _Looking:
    subject: Subject
    vantage: Vantage
    patience: Patience
    names: Names = field(init=False)
    whole: Deadline = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names(self.vantage, question=self.patience.question)
        self.whole = Deadline(self.patience.total - GATHERING_SECONDS)


def look(subject: Subject, vantage: Vantage, patience: Patience | None = None) -> tuple[Seen, ...]:
    """All that was seen, within the patience's total. What has not come to its end by then is left out."""
    looking = _Looking(subject, vantage, patience or Patience())
    seen = _together(looking, list(_first_jobs(looking)), share=1.0)
    if any(each.fails for each in seen):
        seen += _together(looking, list(_second_jobs(looking)), share=1.0)
    return tuple(seen)


def _together(looking: _Looking, jobs: Sequence[Job], *, share: float) -> list[Seen]:
    """A thread that has not ended in time is not waited for; each of its waits has an end of its own."""
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="look")
    futures: list[Future[Sequence[Seen]]] = [pool.submit(job) for job in jobs]
    done, _late = wait(futures, timeout=(looking.whole.left + GATHERING_SECONDS) * share)
    pool.shutdown(wait=False, cancel_futures=True)
    return [each for future in futures if future in done for each in _result(future)]


def _result(future: Future[Sequence[Seen]]) -> Sequence[Seen]:
    """A probe that broke has seen nothing: the others still tell what they saw."""
    try:
        return future.result()
    except Exception:
        log.exception("a probe broke")
        return ()


def _first_jobs(looking: _Looking) -> Iterator[Job]:
    subject = looking.subject
    if subject.kind in (ServiceKind.VPS, ServiceKind.DEDICATED):
        yield lambda: _machine(looking)
    elif subject.names:
        yield from _jobs_of_names(looking)
    for name in subject.borrowed:
        yield partial(_mail, looking, name)
    if looking.vantage.canary:
        yield lambda: _site(looking, looking.vantage.canary, Role.CANARY, looking.patience.connect + 1)


def _jobs_of_names(looking: _Looking) -> Iterator[Job]:
    subject, own = looking.subject, looking.subject.names[0]
    yield lambda: [looking.names.delegation(own, Deadline(3.0, before=looking.whole))]
    yield lambda: _mail(looking, own)
    if subject.kind == ServiceKind.MAIL:
        yield lambda: [_named(looking, own, Role.OWN)[0]]
        return
    for name in dict.fromkeys([subject.site, own, f"www.{own}", *subject.names[1:MOST_NAMES]]):
        yield partial(_site, looking, name, Role.OWN, looking.patience.page)


def _second_jobs(looking: _Looking) -> Iterator[Job]:
    """Only when something fails: neighbours on the same server, the server itself, and others far from it."""
    subject, seconds = looking.subject, looking.patience.neighbours
    for name in subject.neighbours[:MOST_NEIGHBOURS]:
        yield partial(_site, looking, name, Role.NEIGHBOUR, seconds)
    for address in subject.addresses[:1]:
        for port in WEB_PORTS:
            yield partial(_knock_at_server, looking, address, port, seconds)
    if not looking.vantage.canary:
        for name in subject.controls:
            yield partial(_site, looking, name, Role.CANARY, seconds)
    if subject.kind in (ServiceKind.HOSTING, ServiceKind.DOMAIN) and subject.names:
        yield lambda: _origin(looking, subject.site, seconds)


def _knock_at_server(looking: _Looking, address: str, port: int, seconds: float) -> list[Seen]:
    return [knock(looking.vantage, address, address, port, seconds, role=Role.SERVER)]


# -- a site --------------------------------------------------------------------------------------------------------------
def _site(looking: _Looking, name: str, role: Role, seconds: float) -> list[Seen]:
    asked, found = _named(looking, name, role)
    if not found.addresses:
        return [asked]
    return [asked, *_web(looking, name, found.addresses, role, seconds)]


def _origin(looking: _Looking, name: str, seconds: float) -> list[Seen]:
    """The same site on our own server, past the proxy that its name leads to."""
    _asked, found = _named(looking, name, Role.OWN)
    subject = looking.subject
    if not found.addresses or not subject.addresses or _place(looking, found.addresses) != Where.PROXY:
        return []
    asked = Seen(Probe.DNS, name, Sign.NAME_FOUND, clock.now(), name, Role.ORIGIN, params={"where": Where.OURS.value})
    return [asked, *_web(looking, name, subject.addresses[:1], Role.ORIGIN, seconds)]


def _web(looking: _Looking, name: str, addresses: Sequence[str], role: Role, seconds: float) -> list[Seen]:
    """Its ports first; then its certificate and its two front pages, where somebody opens."""
    vantage, patience = looking.vantage, looking.patience
    with ThreadPoolExecutor(4, thread_name_prefix="look-at-site") as pool:
        knocks = [
            pool.submit(knock, vantage, name, address, port, min(patience.connect, looking.whole.left), role=role)
            for port in WEB_PORTS
            for address in addresses[:2]
        ]
        ports = [future.result() for future in knocks]
        jobs = []
        deadline = Deadline(seconds, before=looking.whole)
        for scheme, port in (("http", 80), ("https", 443)):
            address = _open_at(ports, port)
            if address is not None:
                page = f"{scheme}://{_place_of(looking, name, role)}"
                jobs.append(pool.submit(_page, looking, page, name, address, deadline, seconds, role))
        secure = _open_at(ports, 443)
        if secure is not None and role in (Role.OWN, Role.ORIGIN):
            jobs.append(pool.submit(_certificate, looking, name, secure, deadline, role))
        return [*ports, *(seen for future in jobs for seen in _result(future))]


def _place_of(looking: _Looking, name: str, role: Role) -> str:
    """Host and path of the page that is looked at."""
    is_site = role in (Role.OWN, Role.ORIGIN) and looking.subject.page.partition("/")[0] == name
    return looking.subject.page if is_site else f"{name}/"


def _page(
    looking: _Looking, url: str, name: str, address: str, deadline: Deadline, seconds: float, role: Role
) -> Sequence[Seen]:
    is_site = role in (Role.OWN, Role.ORIGIN) and name == looking.subject.site

    def found_at(host: str) -> Found | None:
        there = Found(Sign.NAME_FOUND, (address,))
        return there if host == name else _own_place(looking, host, name, role, deadline)

    return [
        fetch(
            looking.vantage,
            url,
            deadline,
            name=name,
            found_at=found_at,
            seconds=seconds,
            role=role,
            expected=looking.subject.expected if is_site else "",
        )
    ]


def _certificate(looking: _Looking, name: str, address: str, deadline: Deadline, role: Role) -> Sequence[Seen]:
    return [look_at_certificate(looking.vantage, name, address, deadline, role=role)]


def _own_place(looking: _Looking, host: str, name: str, role: Role, deadline: Deadline) -> Found | None:
    """Redirects are followed to the service's own names and what stands under them; None for all others."""
    own = (name,) if role in (Role.NEIGHBOUR, Role.CANARY) else (*looking.subject.names, name)
    if not is_own(host, own):
        return None
    if role == Role.ORIGIN:
        return Found(Sign.NAME_FOUND, looking.subject.addresses[:1])
    return looking.names.addresses(host, deadline)


def _open_at(ports: Iterable[Seen], port: int) -> str | None:
    return next((each.address for each in ports if each.params["port"] == port and each.sign == Sign.PORT_OPEN), None)


# -- a name --------------------------------------------------------------------------------------------------------------
def _named(looking: _Looking, name: str, role: Role) -> tuple[Seen, Found]:
    watch = Stopwatch()
    found = looking.names.addresses(name, Deadline(3.5, before=looking.whole))
    params: dict[str, str | int] = {**dict(found.params)}
    if found.addresses:
        params |= {"addresses": ", ".join(found.addresses), "where": _place(looking, found.addresses).value}
    seen = Seen(
        Probe.DNS, name, found.sign, clock.now(), name, role, found.server, watch.milliseconds, found.head, params
    )
    return seen, found


def _place(looking: _Looking, addresses: Sequence[str]) -> Where:
    subject = looking.subject
    return where(addresses, own=subject.own, servers=subject.addresses, proxies=looking.vantage.proxies)


# -- mail ----------------------------------------------------------------------------------------------------------------
def _mail(looking: _Looking, name: str) -> list[Seen]:
    """The mail servers that are ours are greeted; one that is not is only named."""
    deadline = Deadline(looking.patience.mail + looking.patience.question, before=looking.whole)
    hosts = looking.names.exchangers(name, deadline)
    is_mailbox = looking.subject.kind == ServiceKind.MAIL
    if not hosts and is_mailbox and hosts is not None:
        hosts = (name,)  # RFC 5321, 5.1
    if not hosts:
        return []
    if hosts == (".",):
        return [_told(name, name, Sign.MAIL_NONE)] if is_mailbox else []
    found = {host: looking.names.addresses(host, deadline) for host in hosts[:MOST_EXCHANGERS]}
    reached = {host: there.addresses for host, there in found.items() if there.addresses}
    if not reached:
        told = [_told(name, host, _why_none(there.sign)) for host, there in found.items()]
        return [each for each in told if each.effect == Effect.BLIND] or told
    ours = {host: each for host, each in reached.items() if _place(looking, each) in (Where.OURS, Where.UNKNOWN)}
    if not ours:
        return [_told(name, next(iter(reached)), Sign.MAIL_ELSEWHERE)]
    host, addresses = next(iter(ours.items()))
    doors = [mail.SMTP, mail.SUBMISSION, mail.SUBMISSIONS]
    if is_mailbox:
        doors.append(mail.IMAPS)
    with ThreadPoolExecutor(4, thread_name_prefix="look-at-mail") as pool:
        jobs = [
            pool.submit(
                mail.look_at_door,
                looking.vantage,
                host,
                addresses[0],
                port,
                deadline,
                name=name,
                connect_seconds=looking.patience.connect,
            )
            for port in doors
        ]
        return [job.result() for job in jobs]


def _why_none(sign: Sign) -> Sign:
    """A mail server that has no address takes no mail; one that we may not reach, or cannot ask about, may."""
    return Sign.MAIL_NONE if sign in LEADS_NOWHERE else sign


def _told(name: str, host: str, sign: Sign) -> Seen:
    return Seen(Probe.MAIL, host, sign, clock.now(), name)


# -- a machine -----------------------------------------------------------------------------------------------------------
def _machine(looking: _Looking) -> list[Seen]:
    """Virtual and rented servers: which of the usual ports answers. What runs on it is the customer's business."""
    subject = looking.subject
    asked = [_named(looking, name, Role.OWN) for name in subject.names[:1]]
    named = [address for _seen, found in asked for address in found.addresses]
    addresses = [*subject.addresses, *named][:1]
    with ThreadPoolExecutor(len(MACHINE_PORTS), thread_name_prefix="look-at-machine") as pool:
        jobs = [
            pool.submit(knock, looking.vantage, address, address, port, looking.patience.connect)
            for address in addresses
            for port in MACHINE_PORTS
        ]
        return [*(seen for seen, _found in asked), *(job.result() for job in jobs)]
