"""The list of tags, as administrators tidy it up. Every act is in the audit."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core.errors import Refused
from sportello.tickets.models import Tag
from sportello.tickets.rules import one_line

LONGEST = 40


def rename_tag(*, tag: Tag, name: str, by: User, now: datetime, address: str | None) -> Tag:
    """Its tickets keep it under the new name. Raises Refused("empty"), Refused("tag-taken")."""
    check_can_administer(by)
    wanted = one_line(name, LONGEST).lower()
    if not wanted:
        raise Refused("empty", _("A tag needs a name."))
    before, tag.name = tag.name, wanted
    with transaction.atomic():
        _save(tag)
        record(act=Act.TAG_RENAMED, subject=tag.name, by=by, now=now, address=address, detail={"before": before})
    return tag


def remove_tag_everywhere(*, tag: Tag, by: User, now: datetime, address: str | None) -> None:
    """Takes it off every ticket. Raises Tag.DoesNotExist when somebody else was quicker."""
    check_can_administer(by)
    with transaction.atomic():
        tag = Tag.objects.select_for_update(no_key=True).get(pk=tag.pk)  # nobody gives it to a ticket meanwhile
        detail = {"tickets": tag.tickets.count()}
        record(act=Act.TAG_REMOVED, subject=tag.name, by=by, now=now, address=address, detail=detail)
        tag.delete()


def _save(tag: Tag) -> None:
    try:
        with transaction.atomic():
            tag.save(update_fields=["name"])
    except IntegrityError:
        raise Refused("tag-taken", _("There is another tag with this name.")) from None
