"""The duty officer's program, told of alarms at one address."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from sportello.core import http, reach

TIMEOUT = 10.0  # seconds for each step


def post(payload: Mapping[str, object]) -> None:
    """Raises `core.http`'s refusals, and Unreachable when the answer is no success."""
    answer = http.post_json(
        settings.ALARM_WEBHOOK_URL,
        payload,
        secret=settings.ALARM_WEBHOOK_SECRET,
        timeout=TIMEOUT,
        allowed=settings.ALARM_WEBHOOK_NETWORKS,
    )
    if not answer.is_success:
        raise reach.Unreachable(f"the webhook answered {answer.status}")
