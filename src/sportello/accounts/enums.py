from __future__ import annotations

from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff may do: read-only sees all and changes nothing; admin also runs the house."""

    ADMIN = "admin", _("administrator")
    AGENT = "agent", _("agent")
    READ_ONLY = "read_only", _("read only")


class Who(Enum):
    """Who may ask for an address, from the widest to the narrowest. Staff and contacts are strangers to each other."""

    ANYONE = "anyone"
    CONTACT = "contact"
    STAFF = "staff"
    WRITER = "writer"
    ADMIN = "admin"


class Act(models.TextChoices):
    """What the audit records. The values are stable: they stand in rows that nobody can change."""

    SIGNED_IN = "signed-in", _("signed in")
    SIGN_IN_FAILED = "sign-in-failed", _("tried to sign in in vain")
    SIGNED_OUT = "signed-out", _("signed out")
    PASSWORD_CHANGED = "password-changed", _("changed the password")
    PASSWORD_RESET = "password-reset", _("set a new password by mail link")
    FACTOR_ADDED = "factor-added", _("added a second factor")
    FACTOR_REMOVED = "factor-removed", _("removed a second factor")
    RECOVERY_CODES_MADE = "recovery-codes-made", _("made new recovery codes")
    USER_CREATED = "user-created", _("created the account")
    USER_CHANGED = "user-changed", _("changed the account")
    USER_DEACTIVATED = "user-deactivated", _("deactivated the account")
    USER_ACTIVATED = "user-activated", _("activated the account")
    FACTORS_RESET = "factors-reset", _("removed all second factors")
    SESSIONS_ENDED = "sessions-ended", _("ended all sessions")
    TEAM_CREATED = "team-created", _("created the team")
    TEAM_RENAMED = "team-renamed", _("renamed the team")
    TEAM_REMOVED = "team-removed", _("removed the team")
