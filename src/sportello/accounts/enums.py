from __future__ import annotations

from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff may do: read-only sees all and changes nothing; admin also runs the house."""

    ADMIN = "admin", _("administrator")
    AGENT = "agent", _("agent")
    READ_ONLY = "read_only", _("read only")


class SetupStep(models.TextChoices):
    """The first hour, in its order."""

    PROVIDER = "provider", _("Name and language")
    NUMBERS = "numbers", _("Telephone numbers")
    HOURS = "hours", _("Opening hours")
    PROMISE = "promise", _("Promised times")
    POLICY = "policy", _("Support policy")
    PEOPLE = "people", _("First agents")
    CUSTOMERS = "customers", _("Customers and services")
    MAILBOX = "mailbox", _("Mailbox, receive only")
    READY = "ready", _("Proof that mail goes out and comes in")
    SENDING = "sending", _("Sending")
    ANSWER = "answer", _("The first answer")
    BACKUP = "backup", _("Backup")


class Decided(models.TextChoices):
    """What an administrator said of a step whose state cannot be told from facts alone."""

    RIGHT = "right", _("right as it is")
    LATER = "later", _("put off")


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
    REFUSED = "refused", _("was refused")
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
    CUSTOMER_CREATED = "customer-created", _("created the customer")
    CUSTOMER_CHANGED = "customer-changed", _("changed the customer")
    CUSTOMER_TAKEN_BACK = "customer-taken-back", _("took back that somebody is the customer")
    CONTACT_ADDRESS_ADDED = "contact-address-added", _("added the customer's mail address")
    CONTACT_ADDRESS_REMOVED = "contact-address-removed", _("removed the customer's mail address")
    CONTACT_CREATED = "contact-created", _("entered the person")
    CONTACT_CHANGED = "contact-changed", _("changed the person")
    CONTACT_FACTORS_RESET = (
        "contact-factors-reset",
        _("took away password, authenticator app and passkeys of the person"),
    )
    CONTACT_INVITED = "contact-invited", _("invited")
    INVITATION_WITHDRAWN = "invitation-withdrawn", _("withdrew the invitation of")
    INVITATION_ACCEPTED = "invitation-accepted", _("came in by an invitation:")
    MEMBERSHIP_GIVEN = "membership-given", _("let the person write for one more customer")
    MEMBERSHIP_CHANGED = "membership-changed", _("changed what the person may do at a customer")
    MEMBERSHIP_ENDED = "membership-ended", _("no longer lets the person write for a customer")
    SERVICE_CREATED = "service-created", _("entered the service")
    SERVICE_CHANGED = "service-changed", _("changed the service")
    SERVER_CREATED = "server-created", _("entered the server")
    SERVER_CHANGED = "server-changed", _("changed the server")
    NETWORK_ADDED = "network-added", _("added the network")
    NETWORK_REMOVED = "network-removed", _("removed the network")
    IMPORTED = "imported", _("imported a file of")
    SECRET_SEEN = "secret-seen", _("looked at the secret handed over by")
    BLOTTED = "blotted", _("blotted something out for good in the ticket")
    DATA_ASKED = "data-asked", _("asked for all data of the person")
    DATA_FETCHED = "data-fetched", _("fetched all data of the person")
    ERASURE_BEGUN = "erasure-begun", _("began to erase the person")
    ERASED = "erased", _("erased the person")
    KEEPING_SET = "keeping-set", _("said that the words of a ticket have to stay")
    RETENTION_CHANGED = "retention-changed", _("changed how long things are kept")
    IMPORT_BEGUN = "import-begun", _("began the import")
    IMPORT_STOPPED = "import-stopped", _("stopped the import")
    ORDER_ASKED = "order-asked", _("asked to confirm what cannot be undone, of")
    ORDER_CONFIRMED = "order-confirmed", _("heard a confirmation of what cannot be undone, of")
    ORDER_REFUSED = "order-refused", _("heard a refusal of what cannot be undone, of")
    ORDER_WITHDRAWN = "order-withdrawn", _("took back what was to be confirmed, of")
    PIN_MADE = "pin-made", _("made a support PIN")
    PIN_RIGHT = "pin-right", _("heard the right support PIN")
    PIN_WRONG = "pin-wrong", _("heard a wrong support PIN")
    PIN_SHUT = "pin-shut", _("tried a support PIN too often")
    MAILBOX_CREATED = "mailbox-created", _("created the mailbox")
    MAILBOX_CHANGED = "mailbox-changed", _("changed the mailbox")
    IMAP_CREATED = "imap-created", _("created the IMAP account")
    IMAP_CHANGED = "imap-changed", _("changed the IMAP account")
    IMAP_REMOVED = "imap-removed", _("removed the IMAP account")
    CALENDAR_CREATED = "calendar-created", _("created the calendar")
    CALENDAR_CHANGED = "calendar-changed", _("changed the calendar")
    CALENDAR_REMOVED = "calendar-removed", _("removed the calendar")
    POLICY_CREATED = "policy-created", _("created the promised times")
    POLICY_CHANGED = "policy-changed", _("changed the promised times")
    POLICY_REMOVED = "policy-removed", _("removed the promised times")
    SENDING_ON = "sending-on", _("switched sending on")
    SENDING_OFF = "sending-off", _("switched sending off")
    JOINING_ON = "joining-on", _("switched on that tickets are joined by themselves")
    JOINING_OFF = "joining-off", _("switched off that tickets are joined by themselves")
    HELD_SENT = "held-sent", _("sent the mails that were held back")
    HELD_DISCARDED = "held-discarded", _("discarded the mails that were held back")
    JOBS_AGAIN = "jobs-again", _("had work that failed done again:")
    JOBS_SET_ASIDE = "jobs-set-aside", _("set aside work that failed:")
    NUMBERS_CHANGED = "numbers-changed", _("changed our telephone numbers")
    SELF_TESTED = "self-tested", _("sent a test mail to ourselves from")
    IMAP_LOOKED = "imap-looked", _("looked into the IMAP account")
    DOMAIN_CHECKED = "domain-checked", _("asked the DNS about")
    INVITED_AGAIN = "invited-again", _("sent the invitation again to")
    LINK_SHOWN = "link-shown", _("was shown the invitation of")
    STEP_CONFIRMED = "step-confirmed", _("found right in the set-up")
    STEP_PUT_OFF = "step-put-off", _("put off in the set-up")
    STEP_TAKEN_UP = "step-taken-up", _("took up again in the set-up")
    QUEUE_CHANGED = "queue-changed", _("changed the queue")
    TAG_RENAMED = "tag-renamed", _("renamed the tag")
    TAG_REMOVED = "tag-removed", _("removed the tag")
    INCIDENT_OPENED = "incident-opened", _("opened the incident")
    INCIDENT_CHANGED = "incident-changed", _("changed the incident")
    INCIDENT_UPDATED = "incident-updated", _("told what is known of the incident")
    INCIDENT_SOLVED = "incident-solved", _("called the incident solved:")
    INCIDENT_LINKED = "incident-linked", _("put under an incident the ticket")
    INCIDENT_UNLINKED = "incident-unlinked", _("took out of an incident")
    INCIDENT_SET_ASIDE = "incident-set-aside", _("said that there is no outage on")
    CLAUSE_ADDED = "clause-added", _("added the clause")
    CLAUSE_CHANGED = "clause-changed", _("changed the clause")
    CLAUSE_WITHDRAWN = "clause-withdrawn", _("withdrew the clause")
    MAINTENANCE_PLANNED = "maintenance-planned", _("planned the maintenance")
    MAINTENANCE_CHANGED = "maintenance-changed", _("changed the maintenance")
    MAINTENANCE_CALLED_OFF = "maintenance-called-off", _("called off the maintenance")


WORDS_OF_DETAIL = {
    "name": _("name"),
    "imported": _("by the import"),
    "not_listed": _("no longer listed in the import"),
    "service": _("service"),
    "email": _("mail address"),
    "role": _("role"),
    "team": _("team"),
    "language": _("language"),
    "removed": _("removed"),
    "sessions": _("sessions"),
    "answer": _("reason"),
    "passkey": _("with a passkey"),
    "before": _("before"),
    # Customers.
    "code": _("customer code"),
    "since": _("since"),
    "is_active": _("active"),
    "contact": _("person"),
    "ended_on": _("ended on"),
    "kind": _("kind"),
    "time_zone": _("time zone"),
    "external_id": _("id in the billing system"),
    "vat_number": _("VAT number"),
    "tax_code": _("codice fiscale"),
    "sdi_code": _("SDI code"),
    "pec": _("certified mail (PEC)"),
    "phone": _("telephone"),
    "other_phones": _("other telephones"),
    "sees_all": _("sees all tickets of the customer"),
    "may_open": _("may open tickets"),
    "may_approve": _("may approve charges"),
    "may_order": _("may ask for what cannot be undone"),
    "customer": _("customer"),
    # Services and servers.
    "plan": _("plan"),
    "status": _("state"),
    "server": _("server"),
    "ends_on": _("ends or ended on"),
    "is_managed": _("managed by us"),
    "domains": _("domains"),
    "look_at": _("page that is looked at"),
    "look_for": _("text that must be on it"),
    "hostname": _("host name"),
    "other_names": _("other host names"),
    "other_addresses": _("other IP addresses"),
    "public_name": _("name on the public status page"),
    # Mailboxes and IMAP accounts.
    "address": _("address"),
    "aliases": _("other addresses"),
    "purpose": _("purpose"),
    "display_name": _("sender name"),
    "signature_it": _("signature in Italian"),
    "signature_en": _("signature in English"),
    "authserv_id": _("our mail server's name in Authentication-Results"),
    "accepts_without_result": _("mail without any result is accepted"),
    "host": _("server"),
    "port": _("port"),
    "tls": "TLS",
    "username": _("user name"),
    "secret": _("name of the password setting"),
    "folder": _("folder"),
    "mode": _("mode"),
    # What is promised, and when.
    "first_response": _("first answer within (minutes)"),
    "next_response": _("next answers within (minutes)"),
    "update": _("update while in analysis every (minutes)"),
    "delay": _("new time when an outage comes first, within (minutes)"),
    "timezone": _("time zone"),
    "always_open": _("open day and night"),
    "weekly": _("weekly hours"),
    "holidays_country": _("public holidays of"),
    "closed_on": _("closed besides on"),
    "name_it": _("name in Italian"),
    "name_en": _("name in English"),
    "calendar": _("opening hours"),
    "policy": _("promised times"),
    "tickets": _("tickets"),
    "mails": _("mails"),
    "numbers": _("telephone numbers"),
}
"""What the particulars of an audit entry are called. Others are shown by their own name."""
