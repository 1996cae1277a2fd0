from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    NEW = "new", _("new")
    OPEN = "open", _("open")
    IN_ANALYSIS = "in_analysis", _("in analysis")
    WAITING = "waiting", _("waiting for the customer")
    SOLVED = "solved", _("solved")
    CLOSED = "closed", _("closed")


class Channel(models.TextChoices):
    MAIL = "mail", _("by mail")
    PORTAL = "portal", _("from the customer area")
    PHONE = "phone", _("by telephone")
    DESK = "desk", _("from the desk")
    FORM = "form", _("by the public form")


class Author(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    STAFF = "staff", _("staff")
    ROBOT = "robot", _("automatic")


class Claim(models.TextChoices):
    """What a customer says of the harm, in words a person understands. It is a claim: the priority does not come from it."""

    NOTHING_OPENS = "all", _("Nothing opens any more")
    PART = "part", _("One part does not work")
    QUESTION = "question", _("It is a question")


class Verdict(models.TextChoices):
    """What a customer says of the help they got."""

    GOOD = "good", _("It helped")
    PARTLY = "partly", _("It helped in part")
    BAD = "bad", _("It did not help")


class FollowerRole(models.TextChoices):
    REQUESTER = "requester", _("requester")
    FOLLOWER = "follower", _("follower")
    COPY = "copy", _("in copy, not confirmed")  # came in Cc: sees nothing until an agent accepts


class LinkKind(models.TextChoices):
    RELATED = "related", _("related")
    FOLLOW_UP = "follow_up", _("follow-up of")
    SPLIT = "split", _("split from")


class DraftKind(models.TextChoices):
    REPLY = "reply", _("answer")
    NOTE = "note", _("note")


class OrderKind(models.TextChoices):
    """What cannot be undone, and is done only once somebody with that right has confirmed it."""

    DELETE = "delete", _("delete a service or its data")
    CANCEL = "cancel", _("end a contract")
    RESTORE = "restore", _("restore a copy over what is there")
    TRANSFER = "transfer", _("hand out the transfer code of a domain")
    OWNER = "owner", _("change an owner")
    OTHER = "other", _("something else that cannot be undone")


class OrderState(models.TextChoices):
    ASKED = "asked", _("not confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", pgettext_lazy("order", "refused")
    WITHDRAWN = "withdrawn", _("taken back")


class JoinedFor(models.TextChoices):
    """What made it certain that two requests are about one problem, as the event of a joining by itself tells it."""

    SAME_CUSTOMER = "same_customer", _("the same customer")
    SAME_SENDER = "same_sender", _("the same sender")
    SAME_SERVICE = "same_service", _("the same service")
    FAILS_ALIKE = "fails_alike", _("our own look found it failing in the same way")
    SAME_INCIDENT = "same_incident", _("the same incident")
    NEAR = "near", _("close in time")
    AHEAD = "ahead", _("no other request comes near it")
    WORDED_ALIKE = "worded_alike", _("the words are alike")
    NAMES_THE_SAME = "names_the_same", _("the same error code or address is named")
    SOON = "soon", _("written again within two hours")


class EventKind(models.TextChoices):
    """Everything that can happen to a ticket. The sentence of each is in tickets/sentences.py."""

    OPENED = "opened", _("opened")
    CUSTOMER_WROTE = "customer_wrote", _("customer wrote")
    MACHINE_WROTE = "machine_wrote", _("automatic message received")
    REPLIED = "replied", _("answered")
    REPLY_UNDONE = "reply_undone", _("answer taken back")
    NOTED = "noted", _("note added")
    BOUNCED = "bounced", _("mail came back")
    DELIVERED = "delivered", _("receipt of delivery")
    READ = "read", _("receipt of reading")
    CERTIFIED = "certified", _("receipt of certified mail")
    UNDELIVERED = "undelivered", _("mail could not be delivered")
    TAKEN = "taken", _("taken")
    ASSIGNED = "assigned", _("assigned")
    RELEASED = "released", _("released")
    ANALYSIS_STARTED = "analysis_started", _("analysis started")
    WAIT_STARTED = "wait_started", _("waiting for the customer")
    SOLVED = "solved", _("solved")
    CLOSED = "closed", _("closed")
    SET_ASIDE = "set_aside", _("not a request")
    REOPENED = "reopened", _("reopened")
    OUTAGE_SET = "outage_set", _("outage set")
    OUTAGE_CLEARED = "outage_cleared", _("outage cleared")
    PLANNED_WORK = "planned_work", _("planned work")
    RUNS_THROUGH_WORK = "runs_through_work", _("clock runs in spite of planned work")
    STANDS_STILL_AGAIN = "stands_still_again", _("clock stands still for planned work")
    CLAIM_ASKED = "claim_asked", _("customer asked what would help")
    CLAIM_LAPSED = "claim_lapsed", _("outage not confirmed")
    LOOKED = "looked", _("service looked at")
    OVERRULED = "overruled", _("priority decided by a person")
    OVERRULE_ENDED = "overrule_ended", _("priority given back to the rule")
    QUEUE_CHANGED = "queue_changed", _("queue changed")
    SERVICE_CHANGED = "service_changed", _("service changed")
    CUSTOMER_CHANGED = "customer_changed", _("customer changed")
    CUSTOMER_TAKEN_BACK = "customer_taken_back", _("customer taken back")
    RENAMED = "renamed", _("subject changed")
    MERGED = "merged", _("joined to another ticket")
    MERGED_IN = "merged_in", _("another ticket joined")
    MERGE_UNDONE = "merge_undone", _("joining undone")
    SPLIT_OFF = "split_off", _("message moved to a ticket of its own")
    LINKED = "linked", _("linked")
    UNLINKED = "unlinked", _("link removed")
    TAGGED = "tagged", _("tag added")
    UNTAGGED = "untagged", _("tag removed")
    FOLLOWED = "followed", _("follower added")
    UNFOLLOWED = "unfollowed", _("follower removed")
    COPY_ADDED = "copy_added", _("in copy, not confirmed")
    COPY_ACCEPTED = "copy_accepted", _("copy accepted")
    ORDER_ASKED = "order_asked", _("confirmation asked for")
    ORDER_CONFIRMED = "order_confirmed", _("confirmed")
    ORDER_REFUSED = "order_refused", _("refused")
    ORDER_WITHDRAWN = "order_withdrawn", _("request for confirmation taken back")
    ALARM_FIRED = "alarm_fired", _("alarm")
    SECRET_DROPPED = "secret_dropped", _("secret handed over")
    SECRET_SEEN = "secret_seen", _("secret looked at")
    SECRET_WITHDRAWN = "secret_withdrawn", _("secret withdrawn")
    SECRET_EXPIRED = "secret_expired", _("secret too old")
    BLOTTED = "blotted", _("blotted out")
    ERASED = "erased", _("words erased")
    DELAY_TOLD = "delay_told", _("customer told of a delay")
    RATED = "rated", _("rated")
    INCIDENT_LINKED = "incident_linked", _("under an incident")
    INCIDENT_UNLINKED = "incident_unlinked", _("out of an incident")
    INCIDENT_TOLD = "incident_told", _("told of an incident")
    INCIDENT_TAKEN_BACK = "incident_taken_back", _("answer of an incident not counted")
