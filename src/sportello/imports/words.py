"""How an import, its fields and its report are told to people, in the language of whoever asks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sportello.core.loading import Outcome
from sportello.imports.enums import Kind, Trouble
from sportello.imports.models import Import, ImportLine

FIELDS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "external_id": _("id in the billing system"),
        "name": _("name"),
        "code": _("customer code"),
        "kind": _("kind"),
        "status": _("state"),
        "is_active": _("active"),
        "since": _("since"),
        "language": _("language"),
        "vat_number": _("VAT number"),
        "tax_code": _("codice fiscale"),
        "sdi_code": _("SDI code"),
        "pec": _("certified mail (PEC)"),
        "customer": _("customer's id in the billing system"),
        "address": _("address"),
        "phone": _("telephone"),
        "role": _("role"),
        "sees_all": _("sees all tickets of the customer"),
        "may_open": _("may open tickets"),
        "may_approve": _("may approve charges"),
        "may_order": _("may ask for what cannot be undone"),
        "hostname": _("host name"),
        "plan": _("plan"),
        "server": _("server"),
        "ended_on": _("ended on"),
        "ends_on": _("ends or ended on"),
        "is_managed": _("managed by us"),
    }
)
OUTCOMES: Mapping[str, str | Promise] = MappingProxyType(
    {
        Outcome.WRONG: pgettext_lazy("row", "wrong"),
        Outcome.CONFLICT: pgettext_lazy("row", "conflict"),
        Outcome.CHANGED: pgettext_lazy("row", "changed"),
        Outcome.NEW: pgettext_lazy("row", "new"),
        Outcome.ENDED: pgettext_lazy("row", "ended"),
        Outcome.WAITS: pgettext_lazy("row", "would end"),
        Outcome.SAME: pgettext_lazy("row", "as before"),
    }
)
OUTCOMES_OF_MANY: Mapping[str, str | Promise] = MappingProxyType(
    {
        Outcome.WRONG: pgettext_lazy("rows", "wrong"),
        Outcome.CONFLICT: pgettext_lazy("rows", "conflict"),
        Outcome.CHANGED: pgettext_lazy("rows", "changed"),
        Outcome.NEW: pgettext_lazy("rows", "new"),
        Outcome.ENDED: pgettext_lazy("rows", "ended"),
        Outcome.WAITS: pgettext_lazy("rows", "would end"),
        Outcome.SAME: pgettext_lazy("rows", "as before"),
    }
)
TITLES = ("line", "kind", "external_id", "outcome", "why")


def why(said: Sequence[Sequence[Any]]) -> str:
    """The sentences of a row of the report; one that an earlier version wrote otherwise is left as it is."""
    return "; ".join(gettext(sentence) % _told(params) if params else gettext(sentence) for sentence, params in said)


def trouble(row: Import) -> str:
    """What went wrong, with the particulars; empty when nothing did."""
    if row.trouble != Trouble.MANY_VANISHED:
        return " ".join(filter(None, [str(row.get_trouble_display()), row.trouble_detail]))
    many = [
        gettext("%(kind)s: %(gone)d of %(known)d") % {"kind": Kind(kind).label, "gone": gone, "known": known}
        for kind, gone, known in json.loads(row.trouble_detail)
    ]
    return f"{row.get_trouble_display()} ({', '.join(many)})"


def report_rows(lines: Iterator[ImportLine]) -> Iterator[tuple[str, ...]]:
    """The report as rows of a CSV file, for programs as well: outcomes stay in English."""
    yield TITLES
    for line in lines:
        yield (str(line.line or ""), line.kind, line.external_id, line.outcome, why(line.why))


def _told(params: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(params)
    if "field" in told:
        told["field"] = FIELDS.get(told["field"], told["field"])
    if "fields" in told:
        told["fields"] = ", ".join(str(FIELDS.get(name, name)) for name in told["fields"])
    return told
