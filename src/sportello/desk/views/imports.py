"""Files and billing systems from which customers and services come."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.core.paging import Place
from sportello.core.spreadsheets import csv_file
from sportello.desk import imports as pages
from sportello.desk.acting import acting
from sportello.desk.forms.imports import ColumnsForm, UploadForm
from sportello.desk.views.pages import found, refusals_as_messages, settings_page
from sportello.imports.actions import taking
from sportello.imports.enums import Kind, Source, State
from sportello.imports.queries import first_rows, import_by_id, report_lines
from sportello.imports.words import report_rows

TROUBLED = 422


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def overview(request: HttpRequest) -> HttpResponseBase:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        with form.refusals(), _on_disk(form.cleaned_data["file"]) as path:
            kind = Kind(form.cleaned_data["kind"]) if form.cleaned_data["kind"] else None
            about = acting(request)
            row = taking.take_in(
                path=path, name=form.cleaned_data["file"].name, kind=kind, by=about["by"], now=about["now"]
            )
            return redirect("desk:import", row.public_id)
    context = {"shown": pages.overview(Place.of(request.GET.dict())), "form": form}
    return settings_page(request, "desk/imports/list.html", context, status=TROUBLED if form.errors else 200)


@allowed(get=Who.ADMIN)
def one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, public_id)


@allowed(post=Who.ADMIN)
def attempt(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Tries a file with the columns that were said; another kind shows its own columns first."""
    row = found(import_by_id(public_id))
    form = ColumnsForm(row, first_rows(row), request.POST)
    wanted = request.POST.get("kind", "")
    if wanted in Kind.values and wanted != row.kind:
        with refusals_as_messages(request):
            taking.choose(row=row, kind=Kind(wanted), chosen={}, by=acting(request)["by"])
        return redirect("desk:import", public_id)
    if form.is_valid():
        with form.refusals():
            row = taking.choose(row=row, kind=Kind(row.kind), chosen=form.chosen, by=acting(request)["by"])
            taking.begin(row=row, is_trial=True, is_whole=form.cleaned_data["is_whole"], **acting(request))
            return redirect("desk:import", public_id)
    return _page(request, public_id, form)


@allowed(post=Who.ADMIN)
def go(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Carries out what was tried, or ends what was left because it was so much."""
    row = found(import_by_id(public_id))
    with refusals_as_messages(request):
        if row.state == State.DONE:
            taking.let_end(row=row, **acting(request))
            return redirect("desk:import", public_id)
        many = request.POST.get("many_may_end") == "on"
        taking.begin(row=row, is_trial=False, is_whole=row.is_whole, many_may_end=many, **acting(request))
    return redirect("desk:import", public_id)


@allowed(post=Who.ADMIN)
def stop(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    with refusals_as_messages(request):
        taking.stop(row=found(import_by_id(public_id)), **acting(request))
        messages.success(request, _("Stopped. What was taken stays."))
    return redirect("desk:import", public_id)


@allowed(post=Who.ADMIN)
def sync(request: HttpRequest) -> HttpResponseBase:
    is_trial = request.POST.get("trial") == "1"
    with refusals_as_messages(request):
        taking.begin_sync(source=Source.WHMCS, is_trial=is_trial, **acting(request))
    return redirect("desk:imports")


@allowed(get=Who.ADMIN)
def report(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(import_by_id(public_id))
    lines = csv_file(report_rows(report_lines(row, request.GET.get("shown", ""))))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{str(public_id)[:8]}.csv"'
    return response


def _page(request: HttpRequest, public_id: UUID, form: ColumnsForm | None = None) -> HttpResponse:
    row = found(import_by_id(public_id))
    shown = pages.detail(row, request.GET.get("shown", ""), Place.of(request.GET.dict()))
    if shown.may_be_mapped and form is None:
        form = ColumnsForm(row, first_rows(row))
    status = TROUBLED if form and form.errors else 200
    return settings_page(request, "desk/imports/detail.html", {"shown": shown, "row": row, "form": form}, status=status)


@contextmanager
def _on_disk(upload: UploadedFile[bytes]) -> Iterator[Path]:
    """The file as it came, for as long as it is read: it may hold what is not to be kept, and has no name that could outlive us."""
    with tempfile.TemporaryFile() as file:
        for piece in upload.chunks():
            file.write(piece)
        file.flush()
        yield Path(f"/proc/self/fd/{file.fileno()}")
