"""Imports: what was read of a file or a billing system, and what became of each row."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import User
from sportello.core.ids import public_id
from sportello.imports.enums import GOING, OPEN, Kind, Source, State, Trouble


class Import(models.Model):
    """One file, or one look at a billing system, from the upload to the report. Its way through the rows is kept with every portion."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    source = models.CharField(max_length=10, choices=Source.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)  # empty: of several kinds
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # What was read.
    is_read = models.BooleanField(default=False)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    header = models.JSONField(default=list)  # without the columns that may be secret
    secrets = models.JSONField(default=list)  # their names
    chosen = models.JSONField(default=dict)  # our fields and the file's columns
    rows = models.PositiveIntegerField(default=0)
    # What is to be done.
    is_whole = models.BooleanField(_("the list is complete: what is not in it has ended"), default=False)
    many_may_end = models.BooleanField(default=False)
    # How far it is.
    portion = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    trouble = models.CharField(max_length=20, choices=Trouble.choices, blank=True)
    trouble_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"],
                name="one_look_at_a_time",
                condition=models.Q(state__in=GOING) & ~models.Q(source=Source.FILE),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["moved_at"], name="import_going", condition=models.Q(state__in=GOING)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_going(self) -> bool:
        return self.state in GOING

    @property
    def is_open(self) -> bool:
        """Whether somebody is to say how it goes on."""
        return self.state in OPEN

    @property
    def is_trial(self) -> bool:
        return self.state in (State.DRAFT, State.TRYING, State.TRIED)


class ImportPortion(models.Model):
    """Some rows as they were read, without what may be secret. Gone when the import is done."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="portions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)
    lines: models.JSONField[Any] = models.JSONField()  # [number, cells, problem] each

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "number"], name="portion_once")]

    def __str__(self) -> str:
        return f"{self.of} {self.number}"


class Details(models.Model):
    """That a billing system was asked for the details of a record, and how its line of the list looked then.

    As long as that looks the same, it is not asked for them.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=254)
    mark = models.CharField(max_length=64)  # a keyed hash
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "external_id"], name="details_once")]
        indexes: ClassVar = [models.Index(fields=["external_id"], name="details_of_record")]

    def __str__(self) -> str:
        return f"{self.of} {self.external_id}"


class ImportLine(models.Model):
    """What became of a row; of a trial, what would have. Line 0: of something that is in no row any more."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(Import, models.CASCADE, related_name="lines", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    line = models.PositiveIntegerField()
    external_id = models.CharField(max_length=254)
    outcome = models.CharField(max_length=10)
    why = models.JSONField(default=list)  # sentences of the catalogue and what is put into them

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["of", "outcome", "id"], name="import_line_by_outcome")]

    def __str__(self) -> str:
        return f"{self.line} {self.outcome}"
