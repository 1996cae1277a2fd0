"""What kind of mail it is: from a person, a robot, a mail server, a certified-mail provider."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime

import pytest

from sportello.mail.parsing import Check, FailedRecipient, Invitation, PecKind
from sportello.mail.parsing.parse import parse
from tests.mail.mails import raw, read, written

OUR_MAIL = "t4711.2.6fd0c1@reply.provider.example"


# --- certified mail


def test_certified_mail_is_read_out_of_its_envelope() -> None:
    mail = read("pec_envelope")
    assert (mail.from_name, mail.from_addr) == ("Comune di Esempio", "protocollo@pec.comune.example")
    assert mail.subject == "Richiesta di interruzione di un servizio"
    assert mail.message_id == "inner.1@pec.comune.example"
    assert mail.text == "Si chiede di sospendere il sito indicato.\n\nIl dirigente"
    assert mail.attachments == ()


def test_certified_mail_says_who_carried_it_and_that_only_the_carrier_was_authenticated() -> None:
    mail = read("pec_envelope")
    assert mail.pec is not None
    assert (mail.pec.kind, mail.pec.inner, mail.pec.is_receipt) == (PecKind.CERTIFIED, True, False)
    assert mail.pec.envelope_from == "posta-certificata@pec.gestore.example"
    assert mail.authentication.dmarc == Check("pass", "pec.gestore.example")


def test_ordinary_mail_to_a_certified_mailbox_is_read_and_told_apart() -> None:
    mail = read("pec_anomaly")
    assert mail.pec is not None
    assert (mail.pec.kind, mail.from_addr, mail.text) == (
        PecKind.ANOMALY,
        "mario.bianchi@example.it",
        "Vorrei un preventivo.",
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pec_accettazione", PecKind.ACCEPTED),
        ("pec_avvenuta_consegna", PecKind.DELIVERED),
        ("pec_errore_consegna", PecKind.NOT_DELIVERED),
    ],
)
def test_receipt_of_certified_mail_proves_something_about_our_mail(name: str, kind: PecKind) -> None:
    mail = read(name)
    assert mail.pec is not None
    assert (mail.pec.kind, mail.pec.is_receipt, mail.pec.about) == (kind, True, "t4711.3.9bd1@reply.provider.example")
    assert mail.automatic.machine
    assert mail.from_addr == "posta-certificata@pec.gestore.example"


def test_certified_mail_that_did_not_arrive_is_a_bounce_of_ours_with_its_address() -> None:
    mail = read("pec_errore_consegna")
    assert mail.bounce is not None
    assert mail.bounce.bounce_of == ("t4711.3.9bd1@reply.provider.example",)
    assert [(r.address, r.status) for r in mail.bounce.recipients] == [("protocollo@pec.comune.example", "5.1.1")]


# --- robots


@pytest.mark.parametrize("name", ["absence_it", "absence_bare_it"])
def test_absence_notice_is_an_automatic_reply(name: str) -> None:
    mail = read(name)
    assert (mail.is_autoreply, mail.automatic.machine, mail.automatic.no_answer) == (True, True, True)


def test_person_who_writes_about_automatic_replies_is_a_person() -> None:
    mail = read("written_by_a_person")
    assert (mail.is_autoreply, mail.automatic.machine, mail.automatic.no_answer) == (False, False, False)


def test_list_post_is_a_persons_mail_that_gets_no_automatic_answer() -> None:
    mail = read("mailing_list")
    assert (mail.is_list, mail.list_id) == (True, "amministratori.lists.example.it")
    assert (mail.automatic.machine, mail.automatic.no_answer) == (False, True)


@pytest.mark.parametrize(
    ("header", "machine"),
    [
        ("Auto-Submitted: auto-generated", True),
        ("X-Autoreply: yes", True),
        ("Precedence: auto_reply", True),
        ("Return-Path: <>", True),
        ("X-Auto-Response-Suppress: OOF", False),
        ("Precedence: bulk", True),
        ("List-Unsubscribe: <mailto:a@example.it>", False),
    ],
)
def test_each_sign_says_whether_it_is_a_machine_and_always_forbids_an_automatic_answer(
    header: str, *, machine: bool
) -> None:
    mail = written("x", headers=f"{header}\n")
    assert (mail.automatic.machine, mail.automatic.no_answer) == (machine, True)
    assert mail.automatic.reasons != ()


@pytest.mark.parametrize("named", ["DR, RN, NRN", "none", "ndr"])
def test_who_wants_no_reports_may_well_have_an_answer(named: str) -> None:
    """A fault found: whatever stood in that header, its writer got no receipt."""
    assert not written("x", headers=f"X-Auto-Response-Suppress: {named}\n").automatic.no_answer
    assert written("x", headers=f"X-Auto-Response-Suppress: {named}, AutoReply\n").automatic.no_answer


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: (a vacation program) auto-replied",
        "Auto-Submitted: no\nAuto-Submitted: auto-replied",
        'Auto-Submitted: "auto-replied"',
        "Precedence: (x) bulk",
    ],
)
def test_s19_s22_no_comment_and_no_second_header_hides_a_robot(header: str) -> None:
    """RFC 3834, 5: comments may stand anywhere in it."""
    mail = written("x", headers=f"{header}\n")
    assert (mail.automatic.machine, mail.automatic.no_answer) == (True, True)


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: no", "Auto-Submitted: (by a person) No", "Precedence: first-class"]
)
def test_what_says_that_a_person_wrote_it_makes_no_robot(header: str) -> None:
    assert written("x", headers=f"{header}\n").automatic.no_answer is False


@pytest.mark.parametrize(
    "subject",
    """
    Automatic reply: x / Automatische Antwort: x / Réponse automatique : x / Respuesta automática: x
    Risposta automatica: x / 自動応答: x / 自动答复: x / 자동 회신: x / Автоматический ответ: x
    Автоматична відповідь: x / Автоматичен отговор: x / Αυτόματη απάντηση: x / Automatikus válasz: x
    Automaattinen vastaus: x / Automatiskt svar: x / Automatisk svar: x / Automatisch antwoord: x
    Automatyczna odpowiedź: x / Automatická odpověď: x / Răspuns automat: x / Automatski odgovor: x
    Samodejni odgovor: x / Otomatik Yanıt: x / Resposta automática: x / Resposta automàtica: x
    AUTO: Anna Rossi is out of the office (returning 12/01/2027) / Trả lời tự động: x
    Messaggio di assenza / Autorisposta: x / Odpowiedź automatyczna: x / Autoodpowiedź: x / Nieobecność: x / Raspuns automat: x
    Auto: Re: x / Assente: x / Abwesend: x / Automatische Rückantwort / Absent(e) du bureau : x / Ausente do escritório: x / Afwezig: x
    Frånvarande: x / Poissa: x / Mimo kancelářu: x / Házon kívül: x / Ofis dışında: x / Вне офиса: x / Εκτός γραφείου: x / Odsoten: x
    Re: x (Risposta automatica) / [Auto-Reply] x / Anna Rossi is out of the office.
    """.replace("\n", " / ").split(" / ")[1:-1],
)
def test_s22_what_mail_servers_call_an_absence_notice_in_their_languages(subject: str) -> None:
    """Some lose every other sign of it on their way."""
    mail = parse(f"From: anna@x.example\nSubject: {subject.strip()}\n\nx\n".encode())
    assert (mail.is_autoreply, mail.automatic.no_answer) == (True, True)


@pytest.mark.parametrize(
    ("local", "machine"),
    [
        ("noreply", True),
        ("no-reply.fatture", True),
        ("fatture-noreply", True),
        ("noreply-dmarc-support", True),
        ("do_not_reply+x", True),
        ("norispondere", True),
        ("ne-pas-repondre", True),
        ("keine-antwort", True),
        ("nieodpowiadaj", True),
        ("nu-raspundeti", True),
        ("svar-ikke", True),
        ("zabbix", True),
        ("wordpress", False),
        ("repondre", False),
        ("noreplyer", False),
        ("norep", False),
        ("anna.no.replyson", False),
    ],
)
def test_an_address_that_takes_no_answer_is_a_programs(local: str, machine: bool) -> None:
    assert parse(f"From: {local}@x.example\nSubject: x\n\nx\n".encode()).automatic.machine is machine


# --- mail that came back


def test_standard_bounce_names_address_status_and_our_mail() -> None:
    mail = read("bounce_exchange_it")
    assert mail.bounce is not None
    assert mail.bounce.recipients == (
        FailedRecipient(
            "giulia.ferri@example.it",
            "5.1.10",
            "failed",
            "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        ),
    )
    assert (mail.bounce.bounce_of, mail.bounce.hard, mail.bounce.standard) == ((OUR_MAIL,), True, True)


def test_delay_warning_is_no_failure_yet() -> None:
    mail = read("bounce_delayed")
    assert mail.bounce is not None
    assert (mail.bounce.transient, mail.bounce.still_trying, mail.bounce.hard) == (True, True, False)


def test_bounce_of_several_names_those_that_failed_and_how() -> None:
    mail = read("bounce_two_recipients")
    assert mail.bounce is not None
    assert [(r.address, r.transient) for r in mail.bounce.recipients] == [
        ("uno@example.it", False),
        ("due@example.it", True),
    ]
    assert (mail.bounce.hard, mail.bounce.transient) == (True, False)


def test_bounce_in_words_is_understood_when_a_mail_server_sends_it() -> None:
    mail = read("bounce_qmail_it")
    assert mail.bounce is not None
    assert [r.address for r in mail.bounce.recipients] == ["giulia.ferri@example.it"]
    assert (mail.bounce.bounce_of, mail.bounce.standard) == ((OUR_MAIL,), False)


@pytest.mark.parametrize(
    "words",
    """
    Errore: la consegna non è riuscita a @ / Votre message n'a pas pu être remis à @ / @ : boîte pleine / @ : adresse inconnue
    Die Nachricht an @ konnte nicht zugestellt werden / @: Empfänger unbekannt / El buzón lleno de @ / @: usuario desconocido
    Nie można dostarczyć wiadomości do @ / @ nie istnieje / Mesajul către @ nu a putut fi livrat / Не удалось доставить @
    """.replace("\n", " / ").split(" / ")[1:-1],
)
def test_bounce_in_words_is_understood_in_more_languages(words: str) -> None:
    text = words.strip().replace("@", "giulia.ferri@example.it")
    mail = parse(f"Return-Path: <>\nFrom: MAILER-DAEMON@example.it\nSubject: x\n\n{text}\n".encode())
    assert mail.bounce is not None
    assert [r.address for r in mail.bounce.recipients] == ["giulia.ferri@example.it"]


@pytest.mark.parametrize(
    ("sender", "field", "is_one"),
    [
        ("staff@hotmail.com", "X-HmXmrOriginalRecipient: bea@hotmail.example", True),
        ("staff@hotmail.com", "X-Other: x", False),
        ("anna@example.it", "X-HmXmrOriginalRecipient: bea@hotmail.example", False),
    ],
)
def test_what_microsofts_readers_call_junk_is_a_complaint_without_a_report(
    sender: str, field: str, is_one: bool
) -> None:
    head = f"From: {sender}\nSubject: complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=b\n\n"
    ours = f"{field}\nSubject: x\nMessage-ID: <{OUR_MAIL}>\n\nx\n"
    mail = parse(f"{head}--b\nContent-Type: message/rfc822\n\n{ours}\n--b--\n".encode())
    assert (mail.is_complaint, mail.receipt_of) == ((True, (OUR_MAIL,)) if is_one else (False, ()))


def test_customer_who_pastes_a_bounce_is_a_customer() -> None:
    mail = read("customer_asks_about_bounce")
    assert (mail.is_bounce, mail.automatic.machine) == (False, False)
    assert mail.reply_text.endswith("Come si risolve?")


def test_receipts_and_complaints_are_told_apart() -> None:
    delivered, displayed, complaint = read("delivery_receipt"), read("read_receipt_it"), read("complaint_arf")
    assert (delivered.is_delivery_receipt, delivered.is_bounce) == (True, False)
    assert (displayed.is_read_receipt, displayed.is_bounce, displayed.receipt_of) == (True, False, (OUR_MAIL,))
    assert (complaint.is_complaint, complaint.is_bounce) == (True, False)
    assert all(mail.automatic.machine for mail in (delivered, displayed, complaint))


@pytest.mark.parametrize("kind", ["delivery-status", "disposition-notification", "feedback-report"])
def test_who_encloses_a_part_of_a_report_has_written_a_mail(kind: str) -> None:
    """What Outlook shows as details.txt. The request was recorded as a bounce that is none of ours, and seen by nobody."""
    head = "From: anna@x.example\nSubject: Perché torna indietro?\nContent-Type: multipart/mixed; boundary=b\n\n"
    fields = "Reporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; bea@x.example\nAction: failed\nStatus: 5.1.1\n"
    mail = parse(f"{head}--b\n\nCome si risolve?\n--b\nContent-Type: message/{kind}\n\n{fields}\n--b--\n".encode())
    assert (mail.text, len(mail.attachments)) == ("Come si risolve?", 1)
    assert (mail.is_bounce, mail.is_read_receipt, mail.is_complaint, mail.automatic.machine) == (False,) * 4


@pytest.mark.parametrize(
    ("sender", "wrapper"),
    [("anna@x.example", "report"), ("MAILER-DAEMON@x.example", "mixed"), ("postmaster@x.example", "mixed")],
)
def test_a_report_in_whatever_a_scanner_wrapped_it_is_one(sender: str, wrapper: str) -> None:
    report = "--c\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; bea@x.example\nAction: failed\nStatus: 5.1.1\n\n--c--"
    head = f"From: {sender}\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
    mail = parse(
        f"{head}--b\nContent-Type: multipart/{wrapper}; boundary=c\n\n{report}\n--b\n\nScanned.\n--b--\n".encode()
    )
    assert mail.bounce is not None
    assert [failed.address for failed in mail.bounce.recipients] == ["bea@x.example"]


@pytest.mark.parametrize(
    ("disposition", "was_read"),
    [
        ("manual-action/MDN-sent-manually; displayed", True),
        ("automatic-action/MDN-sent-automatically;displayed/error", True),
        ("manual-action/MDN-sent-manually; deleted", False),
        ("automatic-action/MDN-sent-automatically; processed", False),
        ("manual-action/MDN-sent-manually; denied", False),
    ],
)
def test_only_what_was_displayed_was_read(disposition: str, was_read: bool) -> None:
    """RFC 8098, 3.2.6. What was deleted unread was shown as read."""
    head = "From: anna@x.example\nSubject: x\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
    fields = f"Original-Message-ID: <{OUR_MAIL}>\nDisposition: {disposition}\n"
    mail = parse(f"{head}--b\n\nx\n--b\nContent-Type: message/disposition-notification\n\n{fields}\n--b--\n".encode())
    assert (mail.is_read_receipt, mail.is_delivery_receipt, mail.receipt_of) == (was_read, not was_read, (OUR_MAIL,))


# --- trust


def test_only_our_own_servers_topmost_result_counts() -> None:
    found = read("forged_trust").authentication
    assert found.spf == Check("fail", "attacker.example")
    assert found.dkim == (Check("none", ""),)
    assert found.dmarc == Check("fail", "provider.example")


def test_several_senders_are_told() -> None:
    mail = parse(b"From: capo@provider.example\nFrom: evil@attacker.example\nSubject: x\n\ny")
    assert (mail.from_addr, mail.problems) == ("capo@provider.example", ("several-from",))


def test_without_a_server_of_ours_nothing_is_authenticated() -> None:
    assert not parse(raw("forged_trust")).authentication.present
    assert not parse(raw("forged_trust"), trusted_authserv="other.example").authentication.present


def test_control_headers_from_outside_give_nothing_but_their_loop_mark() -> None:
    mail = read("forged_trust")
    assert mail.loop == ("notice",)
    assert "admin" not in repr(mail)


def test_answer_goes_to_reply_to_and_envelope_addresses_are_found() -> None:
    mail = read("delivered_to")
    assert (mail.from_addr, mail.sender_addr, mail.return_path) == (
        "ugo.serra@example.it",
        "segreteria@example.it",
        "ugo.serra@example.it",
    )
    assert mail.recipients == ("assistenza+t4711-6fd0c1@provider.example", "support@provider.example")
    assert mail.to == ()


# --- what is enclosed


def test_invitation_shows_what_when_where_and_who() -> None:
    assert read("invitation").calendar == Invitation(
        method="REQUEST",
        summary="Migrazione della posta, verifica",
        start="2026-03-16T15:00:00+01:00",
        end="2026-03-16T15:30:00+01:00",
        organiser="elena.marchi@example.it",
        location="Sala 2",
    )
    assert [file.name for file in read("invitation").attachments] == ["invite.ics"]


@pytest.mark.parametrize(
    ("description", "text"), [("DESCRIPTION:Va bene\\, il sito?\\nAnna\n", "Va bene, il sito?\nAnna"), ("", "")]
)
def test_an_invitation_that_is_the_whole_mail_is_read(description: str, text: str) -> None:
    event = f"BEGIN:VEVENT\nUID:1\nDTSTART:20260316T100000Z\nSUMMARY:x\n{description}END:VEVENT"
    head = "From: anna@x.example\nSubject: x\nContent-Type: text/calendar; method=REQUEST\n\n"
    mail = parse(f"{head}BEGIN:VCALENDAR\nMETHOD:REQUEST\n{event}\nEND:VCALENDAR\n".encode())
    assert (mail.text, mail.calendar is not None, mail.problems) == (text, True, ())


def test_winmail_dat_is_opened() -> None:
    mail = read("winmail")
    assert [(f.name, f.content_type, f.content) for f in mail.attachments] == [
        ("Contratto è definitivo.pdf", "application/pdf", b"%PDF-1.4 contratto")
    ]
    assert mail.text == "Vedi allegato."


def test_text_inside_winmail_dat_is_the_letter_when_there_is_no_other() -> None:
    assert read("winmail_only").text == "In allegato il contratto firmato. È la versione definitiva."


def test_inline_image_keeps_its_place_and_other_files_their_names() -> None:
    mail = read("inline_image")
    assert [(f.name, f.content_id, f.inline) for f in mail.attachments] == [
        ("errore.png", "errore@example", True),
        ("Relazione sull'attività 2026.pdf", "", False),
    ]


def _enclosing(inner: str, letter: str, kind: str = "mixed") -> bytes:
    head = (
        f"From: anna@x.example\nSubject: I: Scadenza\nMIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n\n"
    )
    return f"{head}--b\n{letter}\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n".encode()


PASSED_ON = "From: Registro <avvisi@registro.example>\nSubject: Scadenza\nContent-Type: text/html; charset=utf-8\n\n<p>Il dominio scade: perché?</p>"


@pytest.mark.parametrize("letter", ["Content-Type: text/plain\n\n\n", "Content-Type: text/html\n\n<p>&nbsp;</p>"])
def test_a_mail_passed_on_without_a_word_is_what_there_is_to_read(letter: str) -> None:
    """The ticket had no text, only a file."""
    mail = parse(_enclosing(PASSED_ON, letter))
    assert mail.text.split("\n") == [
        "---------- Forwarded message ----------",
        "From: Registro <avvisi@registro.example>",
        "Subject: Scadenza",
        "",
        "Il dominio scade: perché?",
    ]
    assert (mail.forward_from, mail.reply_text) == ("avvisi@registro.example", "Il dominio scade: perché?")
    assert [file.name for file in mail.attachments] == ["Scadenza.eml"]


def test_so_is_one_that_is_the_whole_mail_but_not_one_below_words_nor_in_a_report() -> None:
    alone = parse(f"From: anna@x.example\nSubject: x\nContent-Type: message/rfc822\n\n{PASSED_ON}".encode())
    below = parse(_enclosing(PASSED_ON, "Content-Type: text/plain\n\nVedi."))
    report = parse(_enclosing(PASSED_ON, "Content-Type: message/delivery-status\n\n", "report"))
    assert alone.text.endswith("Il dominio scade: perché?")
    assert (below.text, report.text) == ("Vedi.", "")


def _winmail(*properties: tuple[int, int, bytes]) -> str:
    """A winmail.dat of one message with these properties: type, id, value."""
    values = b"".join(
        struct.pack("<HHII", kind, name, 1, len(value)) + value + bytes(-len(value) % 4)
        for kind, name, value in properties
    )
    data = struct.pack("<I", len(properties)) + values
    content = struct.pack("<IH", 0x223E9F78, 1) + struct.pack("<BHHI", 1, 0x9003, 6, len(data)) + data + b"\0\0"
    encoded = base64.b64encode(content).decode()
    return f"--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{encoded}\n--b--\n"


@pytest.mark.parametrize(
    ("letter", "properties", "text", "files"),
    [
        (" ", (0x1F, 0x1000, "È qui".encode("utf-16-le")), "È qui", []),
        (" ", (0x102, 0x1013, "<p>È qui</p>".encode()), "È qui", []),
        ("Ciao", (0x1F, 0x1000, "È qui".encode("utf-16-le")), "Ciao", []),
        ("Ciao", (0x102, 0x1009, b"LZFu"), "Ciao", []),
        (" ", (0x102, 0x1009, b"LZFu"), "", ["winmail.dat"]),
    ],
)
def test_no_letter_in_winmail_dat_is_lost(
    letter: str, properties: tuple[int, int, bytes], text: str, files: list[str]
) -> None:
    """Below a blank text its letter was dropped, and so was one in compressed RTF, which is left as a file."""
    head = "From: anna@x.example\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
    mail = parse(f"{head}--b\n\n{letter}\n{_winmail(properties)}".encode())
    assert (mail.text.strip(), [file.name for file in mail.attachments]) == (text, files)


# --- ordinary and odd ones


def test_empty_mail_is_a_mail() -> None:
    mail = read("empty")
    assert (mail.from_addr, mail.text, mail.html, mail.problems) == ("marco.rinaldi@example.it", "", "", ())


def test_mail_without_message_id_gets_one_from_its_content() -> None:
    mail = read("nothing_but_headers")
    assert mail.message_id_made
    assert mail.message_id == parse(raw("nothing_but_headers")).message_id
    assert mail.message_id.endswith("@example.it")
    assert not parse(raw("empty")).message_id_made


@pytest.mark.parametrize("name", ["headers_8bit_utf8", "headers_8bit_latin1"])
def test_headers_that_were_never_encoded_are_read(name: str) -> None:
    mail = read(name)
    assert (mail.from_name, mail.subject) == ("Niccolò Città", "Perché la posta è ferma?")
    assert mail.text.startswith("È ferma da due ore")


def test_threading_and_date() -> None:
    mail = read("gmail_it")
    assert mail.in_reply_to == (OUR_MAIL,)
    assert mail.references == ("CAB1@mail.example.it", OUR_MAIL)
    assert mail.date == datetime(2026, 3, 12, 10, 2, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "language"), [("outlook_it", "it"), ("gmail_es", "es"), ("bounce_delayed", "en"), ("empty", "")]
)
def test_language_is_guessed_from_the_words(name: str, language: str) -> None:
    assert read(name).language == language
