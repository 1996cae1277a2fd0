"""Fills an empty database: first the provider, then every story in the order in which it happened, through the same doors as in real life."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from django.db import connection
from django.utils import translation

from sportello.accounts.models import User
from sportello.core import clock
from sportello.demo import letters
from sportello.demo.looks import looks
from sportello.demo.outages import outages
from sportello.demo.planning import plan_something
from sportello.demo.setting import Scene, set_scene
from sportello.demo.stories import AGENTS, Line, Person, Story, stories
from sportello.intake.actions import receive_mail
from sportello.mail.actions import outbound, store_inbound
from sportello.mail.actions.sending import switch_on
from sportello.mail.adapters.smtp import Kept
from sportello.mail.enums import Door, OutboundState, Waiting
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.tickets import actions as tickets
from sportello.tickets.enums import Status
from sportello.tickets.models import Message, Ticket

SOLVED_AFTER = timedelta(minutes=45)
CLOSED_AFTER = timedelta(days=5)
Act = Callable[[datetime], None]


@dataclass(slots=True)
class Telling:
    """One story while it is told: its ticket, and the last public answer that the customer replies to."""

    story: Story
    scene: Scene
    begun: datetime
    numbers: Iterator[int]
    ticket: Ticket | None = None
    last_answer: Message | None = None

    @property
    def mailbox(self) -> Mailbox:
        return self.scene.presales if self.story.presales else self.scene.support

    @property
    def told(self) -> Ticket:
        if self.ticket is None:
            raise LookupError(self.story.subject)
        self.ticket.refresh_from_db()
        return self.ticket

    @property
    def answered_id(self) -> str:
        """The Message-ID of the last answer's mail; empty before there is one."""
        return self.last_answer.outbound.message_id if self.last_answer and self.last_answer.outbound else ""

    def agent(self, letter: str) -> User:
        return self.scene.agents[AGENTS[letter]]

    def steps(self) -> Iterator[tuple[datetime, Act]]:
        """What happens, and when: every line said, then what the desk did about the ticket."""
        for line in self.story.lines:
            yield self.begun + line.after, partial(self._say, line)
            if line is self.story.lines[0]:
                yield self.begun + timedelta(seconds=20), self._open_up
        yield from self._ending()

    def _say(self, line: Line, now: datetime) -> None:
        if line.note:
            tickets.add_note(ticket=self.told, text=line.text, by=self.agent(line.who), now=now)
        elif line.who == "c":
            self._write(line.text, now)
        else:
            self._answer(line, now)

    def _write(self, text: str, now: datetime) -> None:
        answer = self.last_answer
        sender = self.story.sender
        raw = letters.letter(
            sender=sender,
            to=self.mailbox.address,
            subject=self.story.subject,
            text=text,
            at=now,
            message_id=f"<demo.{next(self.numbers)}@{sender.address.partition('@')[2]}>",
            answering=self.answered_id,
            quoted=answer.text if answer else "",
        )
        message = Message.objects.get(inbound=deliver(raw, self.mailbox, sender.address, now))
        self.ticket = message.ticket

    def _answer(self, line: Line, now: datetime) -> None:
        ticket = self.told
        is_last = line is [said for said in self.story.lines if not said.note][-1]
        self.last_answer = tickets.reply(
            ticket=ticket,
            text=line.text,
            by=self.agent(line.who),
            now=now,
            seen_version=ticket.version,
            then="wait" if is_last and self.story.state == "waiting" else "keep",
            next_update_at=self._next_update if ticket.status == Status.IN_ANALYSIS else None,
        )

    def _open_up(self, now: datetime) -> None:
        """Who takes it, what it is about, and how it is marked."""
        story, ticket = self.story, self.told
        if story.assignee:
            tickets.take(ticket=ticket, by=self.agent(story.assignee), now=now)
        if story.service:
            tickets.set_service(ticket=self.told, service=self.scene.services[story.service], by=self._worker, now=now)
        if story.outage:
            tickets.set_outage(ticket=self.told, on=True, by=self._worker, now=now)
        for tag in story.tags:
            tickets.add_tag(ticket=self.told, name=tag, by=self._worker, now=now)

    @property
    def _worker(self) -> User:
        """Whoever answers first in this story."""
        return self.agent(next((line.who for line in self.story.lines if line.who != "c"), "g"))

    def _ending(self) -> Iterator[tuple[datetime, Act]]:
        last = self.begun + self.story.lines[-1].after
        if self.story.state == "in_analysis":
            first_answer = next(line.after for line in self.story.lines if line.who != "c" and not line.note)
            yield self.begun + first_answer + timedelta(seconds=30), self._analyse
        if self.story.state in ("solved", "closed"):
            yield last + SOLVED_AFTER, lambda now: tickets.solve(ticket=self.told, by=self._worker, now=now)
        if self.story.state == "closed":
            yield last + CLOSED_AFTER, lambda now: tickets.close(ticket=self.told, by=None, now=now)

    @property
    def _next_update(self) -> datetime:
        return self.begun + self.story.age + self.story.update_in

    def _analyse(self, now: datetime) -> None:
        tickets.start_analysis(ticket=self.told, next_update_at=self._next_update, by=self._worker, now=now)


def load(now: datetime | None = None) -> None:
    """Eighty tickets in every state, as they stand at `now`. Nothing leaves the machine: the demo's outbox keeps it."""
    present = now or clock.now()
    switch_on(waiting=Waiting.DISCARD, by=None, now=present, address=None)
    scene = set_scene(present)
    numbers = count(1)
    tellings = [Telling(story, scene, present - story.age, numbers) for story in stories()]
    steps = [(at, turn, act) for turn, telling in enumerate(tellings) for at, act in telling.steps() if at <= present]
    asides = (*looks(scene, [telling.story for telling in tellings], present), *outages(scene, present))
    steps += [(at, len(tellings), act) for at, act in asides]
    with translation.override("it"):
        for at, _turn, act in sorted(steps, key=lambda step: step[:2]):
            act(at)
        plan_something(scene, present)
        _mails_of_every_kind(scene, tellings, present)
        _deliver_the_outbox()


def deliver(raw: bytes, mailbox: Mailbox, sender: str, now: datetime) -> InboundMail:
    """Hands a mail in at the front door and files it at once."""
    inbound = store_inbound(
        raw=raw, mailbox=mailbox, door=Door.LMTP, envelope_from=sender, envelope_to=mailbox.address, now=now
    ).inbound
    receive_mail(inbound=inbound, now=now)
    return inbound


def _as_it_is(at: datetime) -> datetime:
    return at


def _deliver_the_outbox() -> None:
    """All that was written so far has long been sent, as far as anybody can tell, and no job waits for it."""
    for mail in OutboundMail.objects.filter(state=OutboundState.QUEUED):
        outbound.deliver(outbound_id=mail.pk, transport=Kept(), at=partial(_as_it_is, mail.not_before))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


def _mails_of_every_kind(scene: Scene, tellings: list[Telling], now: datetime) -> None:
    """What else arrives on an ordinary day: an absence notice, a newsletter, a stranger with somebody's ticket."""
    answered = next(telling for telling in tellings if telling.answered_id and telling.story.state == "waiting")
    sender = answered.story.sender
    notice = letters.absence_notice(
        sender=sender,
        to=scene.support.address,
        at=now,
        message_id="<demo.absence@example>",
        answering=answered.answered_id,
    )
    deliver(notice, scene.support, sender.address, now - timedelta(minutes=50))
    deliver(
        letters.newsletter(to=scene.support.address, at=now),
        scene.support,
        "news@novitaweb.example",
        now - timedelta(minutes=34),
    )
    stranger = letters.letter(
        sender=Person("Studio Verdi", "info@studioverdi.example", "it"),
        to=scene.support.address,
        subject=answered.story.subject,
        text="Buongiorno, scrivo per conto del cliente: procedete pure con quanto proposto.",
        at=now,
        message_id="<demo.stranger@studioverdi.example>",
        answering=answered.answered_id,
    )
    deliver(stranger, scene.support, "info@studioverdi.example", now - timedelta(minutes=18))
