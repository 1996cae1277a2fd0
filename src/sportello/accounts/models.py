"""Staff: who they are, which team, which role; and the audit of what administrators do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from sportello.accounts.asked import asked_in_words, reason_in_words
from sportello.accounts.enums import WORDS_OF_DETAIL, Act, Decided, Role, SetupStep
from sportello.core.ids import public_id
from sportello.core.statements import Reading

MAY_WRITE = (Role.ADMIN, Role.AGENT)
_ABOUT_STEPS = (Act.STEP_CONFIRMED, Act.STEP_PUT_OFF, Act.STEP_TAKEN_UP)


class Team(models.Model):
    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get(self, *args: Any, **kwargs: Any) -> User:
        """By its key, as the sign-in of every request asks, in a statement that is put together once."""
        if args or kwargs.keys() != {"pk"}:
            return super().get(*args, **kwargs)
        found = _BY_KEY.first(kwargs["pk"])
        if found is None:
            raise User.DoesNotExist
        return found

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of staff. Customers are `customers.Contact` and never have a row here."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    email = models.EmailField(_("mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.AGENT)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="members")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="it")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def may_write(self) -> bool:
        return self.role in MAY_WRITE


_BY_KEY = Reading(lambda key: User.objects.filter(pk=key))


def row_name(row: models.Model) -> str:
    """What an audit entry calls a row that it is about: "customer:12"."""
    return f"{row._meta.model_name}:{row.pk}"  # noqa: SLF001 - Django's public API


class AuditEntry(models.Model):
    """What an administrator or a sign-in did. Append-only: the database refuses UPDATE and DELETE."""

    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    about = models.CharField(
        max_length=40, default="", db_default=""
    )  # the row it was done to, as `row_name` writes it

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["about", "-id"], condition=~models.Q(about=""), name="audit_about_a_row"),
            models.Index(fields=["at", "id"], name="audit_by_time"),
            models.Index(fields=["actor", "at", "id"], name="audit_of_whom"),
            models.Index(fields=["subject", "id"], name="audit_to_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.subject}"

    @property
    def words(self) -> str:
        """What was done, for people."""
        return str(Act(self.act).label) if self.act in Act.values else self.act

    @property
    def whom(self) -> str:
        """To whom or what it was done, for people; a step of the first hour by its name."""
        if self.act in _ABOUT_STEPS and self.subject in SetupStep.values:
            return str(SetupStep(self.subject).label)
        if self.act == Act.REFUSED:
            return asked_in_words(self.subject)
        return self.subject

    @property
    def changes(self) -> list[str]:
        """The particulars, one a line: "role: agent → administrator"."""
        in_words = reason_in_words if self.act == Act.REFUSED else _in_words
        return [f"{WORDS_OF_DETAIL.get(field, field)}: {in_words(value)}" for field, value in self.detail.items()]


_TRUTHS = ("True", "False")
"""As changes of columns are kept."""


def _in_words(value: object) -> str:
    if isinstance(value, list):
        return " → ".join(_in_words(each) or "–" for each in value)
    if isinstance(value, bool) or value in _TRUTHS:
        return str(_("yes")) if value in (True, "True") else str(_("no"))
    return str(Role(value).label) if value in Role.values else str(value)


class StepDecided(models.Model):
    """What an administrator said of a step of the first hour: that it is right as delivered, or comes later."""

    step = models.CharField(max_length=12, choices=SetupStep.choices, primary_key=True)
    decided = models.CharField(max_length=8, choices=Decided.choices)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.step} {self.decided}"


class Attempts(models.Model):
    """How often something was tried in one stretch of time. What and by whom is kept only as a hash."""

    key_sha256 = models.CharField(max_length=64)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key_sha256", "since"], name="attempts_once_a_stretch")
        ]

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%Y-%m-%d %H:%M}"


class PolicyViolation(models.Model):
    """What a browser refused to do because of our content security policy: a fault of ours, or an attack that failed."""

    page = models.CharField(max_length=200)  # path only, ids replaced
    directive = models.CharField(max_length=60)
    blocked = models.CharField(max_length=200)
    sample = models.CharField(max_length=100, blank=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "directive", "blocked"], name="violation_once")
        ]

    def __str__(self) -> str:
        return f"{self.directive} {self.blocked} on {self.page}"
