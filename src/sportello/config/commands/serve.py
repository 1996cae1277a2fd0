"""`sportello web` and `sportello live`: the two HTTP processes."""

from __future__ import annotations

import argparse
import resource

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from sportello.config import addresses, bodies, cli, logs, pooling, status_door, variables

_SLOW_CLIENT_MILLISECONDS = 20_000
_PAGES_END_SECONDS = 20
_MOST_CONNECTIONS = 16_384
"""Open at once in each worker. The server's own default, 1,024 for all of them, is as many as a few hundred people have pages open, and as a
stranger can open and leave silent."""
_STREAMS_END_SECONDS = 2  # a stream never ends by itself, and its browser comes again at once


def web(_options: argparse.Namespace) -> int:
    """WSGI workers with threads. The application is imported before the workers are forked off, so that they share its memory and its start."""
    threads = variables.WEB_THREADS.read()
    pooling.keep(threads)
    cli.preload("sportello.config.wsgi", cli.PAGES)
    _server(
        "sportello.config.wsgi:for_worker",
        Interfaces.WSGI,
        port=variables.WEB_PORT.read(),
        workers=variables.WEB_WORKERS.read(),
        threads=threads + bodies.AT_ONCE + status_door.AT_ONCE,
        stop_seconds=_PAGES_END_SECONDS,
    ).serve()
    return 0


def live(_options: argparse.Namespace) -> int:
    """One ASGI worker: a stream of events for each open page."""
    pooling.keep(4)
    cli.preload("sportello.config.asgi")
    _server(
        "sportello.config.asgi:for_worker",
        Interfaces.ASGINL,
        port=addresses.live_port(),
        workers=1,
        threads=1,
        stop_seconds=_STREAMS_END_SECONDS,
    ).serve()
    return 0


def _server(
    target: str, interface: Interfaces, *, port: int, workers: int, threads: int, stop_seconds: int
) -> MPServer:
    _allow_many_connections()
    return MPServer(
        target,
        factory=True,
        address=variables.WEB_HOST.read(),
        port=port,
        interface=interface,
        workers=workers,
        backpressure=_MOST_CONNECTIONS,
        blocking_threads=threads,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_SLOW_CLIENT_MILLISECONDS),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=stop_seconds,
        log_level=LogLevels.warning,
        log_dictconfig=logs.configuration(variables.LOG_LEVEL.read(), form=variables.LOG_FORMAT.read()),
    )


def _allow_many_connections() -> None:
    """Each is an open file, of which service managers allow a process 1,024 until it asks for more."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
