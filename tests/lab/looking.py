"""The desk's own probes and rules, turned on one state of the lab; the time between two looks is passed in, not waited for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_network

from sportello.diagnostics.adapters.looking import Subject, look
from sportello.diagnostics.adapters.vantage import PATIENT, Patience, Vantage
from sportello.diagnostics.rules import Earlier, Facts, Judgement, Seen, judge
from sportello.services.enums import ServiceKind, ServiceVerdict
from tests.lab.network import OURS, PROXIES, RESOLVER
from tests.lab.scene import Lab
from tests.lab.sites import Kind, Site
from tests.lab.states import State

MOMENTS = (0, 31, 62, 720)
"""Seconds after the first look. Most are settled after the second; an update that is stuck needs the last."""


def vantage(lab: Lab, *, resolver: str = RESOLVER, canary: str = "static site") -> Vantage:
    return Vantage(
        resolvers=((resolver, 53),),
        networks=(ip_network("127.0.0.0/8"),),
        proxies=(ip_network(PROXIES),),
        authority=str(lab.authority.file),
        canary=lab.sites[canary].name,
    )


@dataclass(frozen=True)
class Watcher:
    lab: Lab
    begun: dt.datetime
    vantage: Vantage

    def watch(self, state: State, moments: Sequence[int] = MOMENTS) -> list[Judgement]:
        """While it is as the state has put it."""
        judged: list[Judgement] = []
        looks = self._looks(state, judged)
        earlier = None
        for seconds, seen in zip(moments, looks, strict=False):
            now = self.begun + dt.timedelta(seconds=seconds)
            judged.append(judge(self._facts(state, seen, now, earlier)))
            earlier = _earlier(judged[-1], now)
            if seconds and not judged[-1].wants_another:
                break
        return judged

    def repaired(self, state: State) -> Judgement:
        """After it has been put right: one look, an hour later."""
        now = self.begun + dt.timedelta(hours=1)
        return judge(self._facts(state, self._look(state), now, None))

    def _looks(self, state: State, judged: list[Judgement]) -> Iterator[tuple[Seen, ...]]:
        """One after the other; those that wait long for a page that hangs at the same time."""
        yield self._look(state)
        if judged[-1].rule == "hanging":
            with ThreadPoolExecutor(2) as hands:
                yield from hands.map(lambda _again: self._look(state, PATIENT), range(2))
        while True:
            yield self._look(state)

    def _look(self, state: State, patience: Patience | None = None) -> tuple[Seen, ...]:
        site = self.lab.sites[state.name]
        subject = Subject(_kind(site), (site.name,), (site.address,), (ip_network(OURS),), site.neighbours)
        return look(subject, self.vantage, patience)

    def _facts(self, state: State, seen: tuple[Seen, ...], now: dt.datetime, earlier: Earlier | None) -> Facts:
        site = self.lab.sites[state.name]
        return Facts(_kind(site), state.status, (site.name,), seen, now, earlier=earlier, is_on_our_server=True)


def _kind(site: Site) -> ServiceKind:
    return ServiceKind.MAIL if site.kind is Kind.MAIL else ServiceKind.HOSTING


def _earlier(judgement: Judgement, now: dt.datetime) -> Earlier:
    worked = judgement.verdict in (ServiceVerdict.FINE, ServiceVerdict.DEGRADED)
    return Earlier(now, judgement.family, judgement.failing_since, worked)
