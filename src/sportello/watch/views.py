"""/health and /metrics. Strangers learn whether all is well and nothing else; those who may, why not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from sportello.core import clock
from sportello.watch import metrics, queries
from sportello.watch.queries import Examined
from sportello.watch.rules import Facts
from sportello.watch.words import sentence_of


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503."""
    found = queries.examine(now=clock.now())
    answer = _in_full(found) if may_know(request) else {"status": _status(found)}
    return JsonResponse(answer, status=503 if found.problems else 200)


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """For Prometheus. To strangers there is no such page."""
    if not may_know(request):
        return HttpResponse(status=404)
    return HttpResponse(metrics.text(now=clock.now()), content_type=CONTENT_TYPE_LATEST)


def may_know(request: HttpRequest) -> bool:
    """Who shows the token; without one, who asks from this machine itself, past every front server."""
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    return bool(request.META.get("sportello.direct"))


def _status(found: Examined) -> str:
    return "failing" if found.problems else "ok"


def _in_full(found: Examined) -> dict[str, Any]:
    """`problems` are the stable words; `causes` say each in a sentence, with what to do."""
    facts = found.facts
    return {
        "status": _status(found),
        "database": facts is not None,
        "last_mail_seconds": _age(facts, "last_mail_at"),
        "oldest_job_seconds": _age(facts, "oldest_job_at"),
        "oldest_unsent_seconds": _age(facts, "oldest_unsent_at"),
        "backup_seconds": _age(facts, "backup_at"),
        "stalled_jobs": facts.stalled_jobs if facts else 0,
        "failed_jobs": facts.failed_jobs if facts else 0,
        "problems": list(dict.fromkeys(problem.cause for problem in found.problems)),
        "causes": [{**asdict(problem), "sentence": sentence_of(problem)} for problem in found.problems],
    }


def _age(facts: Facts | None, name: str) -> int | None:
    since = getattr(facts, name, None)
    return None if facts is None or since is None else max(int((facts.now - since).total_seconds()), 0)
