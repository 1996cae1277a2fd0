"""A fault found: a job that deferred another did so outside its own transaction, and the other ran before there was anything to do."""

from __future__ import annotations

import pytest
from django.db import transaction
from procrastinate.contrib.django import app, connector_params
from procrastinate.contrib.django.models import ProcrastinateJob

from sportello.config.reading import Bell
from sportello.config.worker import SteadyConnector
from sportello.mail.actions.outbound import JOB


@pytest.mark.django_db(transaction=True)
def test_what_a_job_defers_is_undone_with_its_transaction() -> None:
    with app.replace_connector(SteadyConnector(bell=Bell(), kwargs=connector_params())) as in_the_worker:
        with transaction.atomic():
            in_the_worker.configure_task(JOB).defer(outbound_id=1)
            assert ProcrastinateJob.objects.count() == 1
            transaction.set_rollback(True)
        assert ProcrastinateJob.objects.count() == 0
