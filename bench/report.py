"""The figures as tables that can be pasted into a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bench.floor import Floor
from bench.measuring import Figures, Views
from bench.peers import PeerView
from bench.posting import Posted

UNSEEN = 0.01
"""CPU milliseconds: a page that is served from memory may end between two ticks of the clock, however often it is asked for."""


def report(sizes: Sequence[Figures], peers: Sequence[PeerView]) -> str:
    return "\n".join(
        line
        for part in (
            _installations(sizes),
            _pages(sizes),
            _first(sizes),
            _weights(sizes[0]),
            _mails(sizes),
            _shares(sizes),
            _sent(sizes),
            _seen(sizes),
            _imports(sizes),
            _suggested(sizes),
            _profiles(sizes),
            _peers(sizes, peers),
        )
        for line in part
    )


def ratios(sizes: Sequence[Figures]) -> dict[tuple[int, str, int], float]:
    """CPU a view against the same page under as many visitors at the smallest size, each in yardsticks; by tickets, page and visitors.

    Where no tick of the clock was seen, the figure counts as `UNSEEN`.
    """
    least = _by_page(sizes[0])
    return {
        (figures.tickets, view.page, view.visitors): _cost(view) / _cost(least[view.page, view.visitors])
        for figures in sizes
        for view in figures.views
    }


def _cost(view: Views) -> float:
    """In yardsticks."""
    return max(view.cpu, UNSEEN) / view.yardstick


def _by_page(figures: Figures) -> Mapping[tuple[str, int], Views]:
    return {(view.page, view.visitors): view for view in figures.views}


def _table(head: str, rows: Iterator[str]) -> Iterator[str]:
    """Nothing where nothing was measured."""
    lines = [f"| {row} |" for row in rows]
    if lines:
        yield from (f"| {head} |", "|---" * (head.count("|") + 1) + "|", *lines, "")


def _installations(sizes: Sequence[Figures]) -> Iterator[str]:
    rows = (f"{each.tickets:,} | {each.ready_after_s:.1f} | {each.idle_mib:.0f}" for each in sizes)
    return _table("tickets | ready after s | idle MiB", rows)


def _pages(sizes: Sequence[Figures]) -> Iterator[str]:
    """CPU is web and database together."""
    against = ratios(sizes)
    rows = (
        f"{view.page} | {each.tickets:,} | {view.visitors} | {view.timing.p50:.1f} | {view.timing.p95:.1f} | {view.cpu:.1f} | {view.yardstick:.0f}"
        f" | {against[each.tickets, view.page, view.visitors]:.2f}"
        for place in range(len(sizes[0].views))
        for each in sizes
        for view in [each.views[place]]
    )
    return _table(
        "page | tickets | visitors | p50 ms | p95 ms | CPU ms a view | yardstick ms | times the smallest, in yardsticks",
        rows,
    )


def _first(sizes: Sequence[Figures]) -> Iterator[str]:
    """Nothing of it was compiled, planned or kept in memory yet, but for what the pages above it needed too."""
    rows = (" | ".join([name, *(f"{each.first[name]:.0f}" for each in sizes)]) for name in sizes[0].first)
    return _table(" | ".join(["page, first view ever", *(f"{each.tickets:,} tickets: ms" for each in sizes)]), rows)


def _weights(figures: Figures) -> Iterator[str]:
    rows = (
        f"{name} | {weight.first_bytes / 1000:.1f} | {weight.requests} | {weight.later_bytes / 1000:.1f}"
        for name, weight in figures.weights.items()
    )
    return _table("page | first visit kB | requests | later visits kB", rows)


def _mails(sizes: Sequence[Figures]) -> Iterator[str]:
    """CPU is door, worker and database together; the floor is a bare receiver with one commit a mail, and the database."""
    rows = (
        f"{each.tickets:,} | {mail.mails} | {mail.accepted_a_second:.0f} | {mail.accepted_p50:.1f} | {mail.accepted_p95:.1f}"
        f" | {mail.filed_a_second:.0f} | {mail.cpu_a_mail:.1f} | {floor.accepted_a_second:.0f} | {floor.cpu_a_mail:.1f} | {mail.yardstick:.0f}"
        for each, mail, floor in _posted(sizes)
    )
    return _table(
        "tickets | mails | accepted a second | p50 ms | p95 ms | filed a second | CPU ms a mail"
        " | floor: accepted a second | floor: CPU ms a mail | yardstick ms",
        rows,
    )


def _posted(sizes: Sequence[Figures]) -> Iterator[tuple[Figures, Posted, Floor]]:
    """The sizes at which mails were posted."""
    return ((each, each.mail, each.mail_floor) for each in sizes if each.mail and each.mail_floor)


def _shares(sizes: Sequence[Figures]) -> Iterator[str]:
    """Who spends the CPU of a mail."""
    found = list(_posted(sizes))
    names = list(found[0][1].cpu_by_process) if found else []
    rows = (
        " | ".join([f"{each.tickets:,}", *(f"{mail.cpu_by_process[name]:.1f}" for name in names)])
        for each, mail, _floor in found
    )
    return _table(" | ".join(["tickets", *(f"{name}: CPU ms a mail" for name in names)]), rows)


def _sent(sizes: Sequence[Figures]) -> Iterator[str]:
    """Receipts that go out one after the other, to a mail server that takes everything."""
    rows = (
        f"{each.tickets:,} | {sent.receipts} | {sent.own:.1f} | {sent.database:.1f} | {sent.p50:.1f} | {sent.p95:.1f}"
        for each in sizes
        for sent in ([each.sent] if each.sent else [])
    )
    return _table("tickets | receipts sent | worker: CPU ms each | database: CPU ms each | p50 ms | p95 ms", rows)


def _seen(sizes: Sequence[Figures]) -> Iterator[str]:
    rows = (
        f"{each.tickets:,} | {seen.browsers} | {seen.mails} | {seen.p50:.0f} | {seen.p95:.0f} | {seen.missing}"
        for each in sizes
        for seen in each.seen
    )
    return _table("tickets | open browsers | mails | row visible after ms, p50 | p95 | never", rows)


def _imports(sizes: Sequence[Figures]) -> Iterator[str]:
    """CPU of the command and of the database together."""
    rows = (
        f"{found.kind}, {'new' if found.is_new else 'as before'} | {each.tickets:,} | {found.rows:,} | {found.rows_a_second:,.0f}"
        f" | {found.rows_a_cpu_second:,.0f} | {found.peak_mib:.0f}"
        for each in sizes
        for found in each.imports
    )
    return _table("import | tickets | rows | rows a second | rows a CPU second | most MiB", rows)


def _suggested(sizes: Sequence[Figures]) -> Iterator[str]:
    rows = (
        f"{found.what} | {each.tickets:,} | {found.own:.1f} | {found.database:.1f} | {found.p50:.1f} | {found.p95:.1f}"
        for each in sizes
        for found in each.suggested
    )
    return _table("suggestion | tickets | Python: CPU ms | database: CPU ms | p50 ms | p95 ms", rows)


def _profiles(sizes: Sequence[Figures]) -> Iterator[str]:
    """Where the time of a view goes, in CPU milliseconds without the web server around it."""
    rows = (
        f"{found.page} | {each.tickets:,} | {found.queries} | {found.database:.1f} | {found.driver:.1f} | {found.templates:.1f} | {found.python:.1f}"
        f" | {found.floor:.1f} | {', '.join(f'{name} {share:.0f} %' for name, share in found.functions[:3])}"
        for place in range(len(sizes[0].profiles))
        for each in sizes
        for found in [each.profiles[place]]
    )
    return _table(
        "page | tickets | queries | database | driver | templates | other Python | floor | functions with the most time of their own",
        rows,
    )


def _peers(sizes: Sequence[Figures], peers: Sequence[PeerView]) -> Iterator[str]:
    if not peers:
        return iter(())
    ours = {(each.tickets, view.page, view.visitors): view.cpu for each in sizes for view in each.views}
    rows = (
        f"{view.peer} | {view.page} | {view.tickets:,} | {view.visitors} | {view.errors} | {view.p50:.0f} | {view.p95:.0f} | {view.cpu:.0f}"
        f" | {_times(view.cpu, ours.get((view.tickets, view.page, view.visitors)))}"
        for view in peers
    )
    return _table("peer | page | tickets | visitors | errors | p50 ms | p95 ms | CPU ms a view | times ours", rows)


def _times(theirs: float, ours: float | None) -> str:
    return f"{theirs / ours:.1f}" if ours else "-"
