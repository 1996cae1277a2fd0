"""What staff see of an answer: its new part, without the older mail and without the signature."""

from __future__ import annotations

import pytest

from sportello.mail.parsing.parse import parse
from tests.mail.mails import read, written, written_html

NEW_PART = {
    "outlook_it": "Buongiorno,\n\nconfermo: da stamattina il sito risponde con errore 503.\nHo già provato a svuotare la cache.",
    "outlook_es_html_only": "Hola,\n\nel certificado sigue caducado en la tienda. ¿Pueden renovarlo hoy?",
    "outlook_web_it": "Ho cancellato i messaggi più vecchi, ma la casella è ancora piena.",
    "outlook_android_it": "La password nuova non funziona nemmeno con FileZilla.",
    "gmail_it": 'Sì, uso Thunderbird con la porta 587.\nL\'errore è "535 authentication failed".',
    "gmail_es": "Perfecto, el domingo por la noche nos va bien.",
    "gmail_html_only_it": "Ho cambiato i nameserver un'ora fa.",
    "gmail_forward_it": "È autentica questa mail?\n\n---------- Forwarded message ---------\nDa: Registro Domini <avvisi@registro-domini.example>\n"
    "Date: mer 11 mar 2026 alle ore 08:30\nSubject: Avviso di scadenza dominio\nTo: <marco.rinaldi@example.it>\n\n\n"
    "Il suo dominio scade oggi. Paghi subito.",
    "iphone_it": "Funziona di nuovo, grazie mille!",
    "iphone_es": "Sí, restauren la copia del martes.",
    "apple_mail_it": "Il certificato ora è valido. Potete chiudere.\n\nDavide",
    "thunderbird_it": "Lo script parte, ma si ferma dopo 30 secondi e nel registro non compare nessun errore.",
    "thunderbird_bottom_it": "Confermo, i dati ci sono tutti.\n\nFranco",
    "thunderbird_html_it": "Il redirect funziona solo senza www.",
    "libero_it": "Ricevo ancora circa 200 mail di spam al giorno.\n\nAnna Greco",
    "libero_old_it": "Il filtro blocca anche le mail dei miei clienti.\nPotete disattivarlo?",
    "aruba_it": "Il codice AuthInfo non mi è ancora arrivato.\n\nLuca Moretti",
    "tim_it": "Buongiorno, la partita IVA corretta e' 01234567890.\nGrazie\nRosa Esposito",
    "samsung_it": "Adesso va bene, solo la pagina dei prodotti resta lenta.",
    "roundcube_it": "Serve il doppio dello spazio.",
    "yahoo_it": "I record MX adesso sono giusti?",
    "yahoo_android_it": "Fatto.",
}


@pytest.mark.parametrize("name", NEW_PART)
def test_new_part_of_an_answer_as_each_client_sends_it(name: str) -> None:
    assert read(name).reply_text == NEW_PART[name]


def test_whole_text_is_kept_beside() -> None:
    assert read("outlook_it").text.endswith(
        "stiamo verificando. Da quando si presenta l'errore?\n\nAssistenza Provider"
    )


def test_signature_stays_where_only_quotes_are_taken_off() -> None:
    assert read("iphone_it").unquoted_text == "Funziona di nuovo, grazie mille!\n\nInviato da iPhone"
    assert read("outlook_web_it").unquoted_text.endswith("\n\nPaolo Conti\nStudio Conti & Associati")


def test_answers_between_quotes_stay_in_their_order() -> None:
    assert read("gmail_inline_it").reply_text.splitlines()[5:] == [
        "> Quale versione di PHP usa il sito?",
        ">",
        "",
        "La 8.2.",
        "",
        "> Possiamo riavviare il servizio alle 13?",
        ">",
        "",
        "Sì, va bene.",
    ]


@pytest.mark.parametrize(
    "opening",
    [
        "Il 13/03/26 09:15, Assistenza ha scritto:",
        "-----Messaggio originale-----\nDa: Assistenza\nInviato: venerdì\nOggetto: x\n",
    ],
)
@pytest.mark.parametrize("answer", ["La 8.2, da ieri mattina.", "sì, va bene"])
def test_answers_right_below_a_long_quoted_line_are_no_broken_end_of_it(opening: str, answer: str) -> None:
    """They were folded away with the quote."""
    asked = "> Può dirci quale versione di PHP usa il sito, e se possiamo riavviare?"
    text = f"Buongiorno, ecco.\n\n{opening}\n{asked}\n{answer}\n> Saluti"
    assert written(text).reply_text == text


@pytest.mark.parametrize("sign", ["-- \nAnna Greco", "Inviato da iPhone", "Cordiali saluti\nAnna"])
def test_a_signature_above_the_quote_takes_no_answers_below_or_inside_it_away(sign: str) -> None:
    opening = "Il 13/03/26 09:15, Assistenza ha scritto:"
    inside = f"{opening}\n> Che PHP?\n\nLa 8.2\n\n> E la posta?\n\nNon va"
    assert written(f"Ecco.\n\n{sign}\n\n{inside}").reply_text == f"Ecco.\n\n{inside}"
    assert written(f"Ecco.\n\n{sign}\n\n{opening}\n> Che PHP?\n\nLa 8.2").reply_text == "Ecco.\n\nLa 8.2"
    assert written(f"Ecco.\n\n{opening}\n> Che PHP?\n\n{sign}").reply_text == "Ecco."


def test_two_quotes_one_below_the_other_are_no_answer() -> None:
    quote = "Il 13/03/26 09:15, Assistenza ha scritto:\n> Che PHP?"
    assert written(f"Ecco.\n\n{quote}\n\n{quote}").reply_text == "Ecco."


def test_the_broken_end_of_a_long_quoted_line_is_no_answer() -> None:
    asked = "> Può dirci quale versione di PHP usa il sito, e se lo possiamo\nriavviare alle 13?"
    assert written(f"Certo.\n\nIl 13/03/26 09:15, A ha scritto:\n{asked}\n> Saluti").reply_text == "Certo."


def test_first_mail_keeps_what_it_cites_and_loses_greeting_and_disclaimer() -> None:
    assert read("first_mail_it").reply_text.endswith("> Utente disabilitato\n\nCosa dobbiamo fare?")


def test_forwarded_mail_tells_whose_it_was() -> None:
    assert read("gmail_forward_it").forward_from == "avvisi@registro-domini.example"


@pytest.mark.parametrize(
    "text",
    [
        "Ciao,\nil 12/03/2026 alle 10:11 ho scritto a mario@example.it e non è arrivata.\nMario ha scritto a me alle 11:00:\nnon funziona.",
        "Il server risponde:\n220 mx ESMTP\n> EHLO a\n< 250 ok\n> MAIL FROM:<a@example.it>\n< 550 no\nChe faccio?",
        "Mar 12 10:11:05 mx postfix/smtp: to=<a@example.it>, status=sent\nMar 12 10:11:06 mx postfix: from=<b@example.it>:\nfine",
        "Vorrei cambiare:\nDa: piano base\nA: piano pro\nData: subito\nGrazie",
        "Prezzi:\n----\n1. base\n----\n2. pro\n====\nQuale conviene?",
        "Sent from my desk, is much easier than my mobile phone.",
        "Per quanto riguarda i saluti di fine anno, vorrei una pagina.",
        "Cordiali saluti\nAnna\n\nPS: quando scade il dominio?",
        "-- primo punto\n-- secondo punto",
        "> una riga sola del terminale",
        "Da ieri scrivo a anna@example.it\nA volte arriva\nData: mai\nOggetto: vario",
        "Citando la vostra mail a anna@example.it:\nnon va.",
        "Grazie della risposta, ma i saluti non bastano.\nIl sito è fermo.",
        "Buona giornata di lavoro, il sito è fermo.",
        "Buongiorno,\n\nAi sensi del Regolamento UE 2016/679 chiedo la cancellazione dei miei dati.\n\nAnna",
        "Buongiorno,\n\nai sensi dell'art. 15 del GDPR chiediamo copia dei dati trattati,\nanche di quelli riservati.\n\nAnna",
        "Da cambiare:\nLe informazioni contenute nella pagina dei contatti sono vecchie.",
        "Da cambiare:\nInformativa privacy e note legali del sito.",
        "Il certificato scade.\nCaution: your certificate expires in 3 days",
        "Cordiali saluti\nAnna\n\nP.S. il dominio va rinnovato",
        "Il sito non va.\n\nCordiali saluti\nAnna\n\nP.S. il dominio va rinnovato",
        "Il sito non va.\n\nSaluti\nAnna\n\nDimenticavo: il dominio è x.example.",
        "Il sito non va.\n\nSaluti\nAnna\n\nNota: il dominio è x.example",
        "Il sito non va.\n\nInviato da iPhone\n\nAggiungo che da ieri non va nemmeno la posta.",
        "Il sito non va.\n\nSent from my iPhone\n\nQuando torna?",
        "Die Seite geht nicht.\n\nGrüße\nAnna\n\nNachtrag: x.example",
        "Il sito non va.\n\nGrazie e saluti\nAnna\n\nAggiungo: la password è cambiata ieri, non quella della posta.",
        "Primo problema: la posta.\n____\nSecondo problema: anche il sito non si apre più.",
        "Il fuso orario del server è\nCDT\ne non CET.",
        "Il 12/03/2026 alle 10:00 Mario mi ha scritto:\nil sito non va.",
        "Dal registro:\n2026-03-13 09:00:01 anna@example.it:\nlogin failed",
        "Da: 13/03/2026\nA: 20/03/2026\nOggetto: ferie\n\nDeviate la posta.",
        "Ecco:\nReturn-Path: <a@example.it>\nFrom: A <a@example.it>\nTo: b@example.it\nSubject: x\nDate: Fri, 13 Mar 2026 09:00:00 +0100\n\nÈ spam?",
        "Ecco:\nFrom: A <a@example.it>\nTo: b@example.it\nSubject: x\nDate: Fri, 13 Mar 2026 09:00:00 +0100\nMIME-Version: 1.0\n\nÈ spam?",
    ],
)
def test_own_words_that_only_look_like_a_quote_or_a_signature_stay(text: str) -> None:
    assert written(text).reply_text == text


@pytest.mark.parametrize(
    "quote",
    [
        "Il giorno ven 13 mar 2026 alle 09:15 Anna Greco <a.greco@example.it>\nha scritto:\n\n> x\n> y\n",
        "In data venerdì 13 marzo 2026 09:15:32 CET, Anna Greco ha scritto:\n> x\n",
        "Venerdì, 13 Marzo 2026, 09:15AM +01:00 da Anna a.greco@example.it:\n\n> x",
        'Da: "Anna" <a@example.it>\nA: "Bea" <b@example.it>\nInviato: 13/03/2026 09:15:00\nOggetto: x\n\nq',
        "*Da:* Anna [mailto:a@example.it]\n*Inviato:* venerdì\n*A:* Bea\n*Oggetto:* x\n\nq",
        "Inizio messaggio inoltrato:\n\nDa: Anna <a@example.it>\nOggetto: x\nA: b@example.it\n\nq",
        "De: Ana <ana@example.es>\nEnviado: viernes, 13 de marzo de 2026 9:15\nPara: B\nAsunto: x\n\nq",
        "Le ven. 13 mars 2026 à 09:15, Anne <a@example.fr> a écrit :\n\n> x",
        "Am 13.03.26 um 09:15 schrieb Anna:\n> x",
        "-----Messaggio originale-----\nDa: Anna [mailto:a@example.it]\n\nq",
        "---- Anna Greco wrote ----\n\n> x\n> y",
        "2026/3/13 Anna Greco <anna@example.it>\n\n> x",
        '13.03.2026, 09:15, "Anna" <anna@example.it>:\n\nx',
        "13/03/2026 09:15 anna@example.it:\n> x",
        "pet, 13. ožu 2026. u 09:15 Anna <anna@example.it> napisao\nje:\n\n> x",
        "Anna <anna@example.it> ezt írta (időpont: 2026. márc. 13., P,\n9:15):\n\n> x",
        "\u202bבתאריך יום ו׳, 13 במרץ 2026 ב-9:15 מאת \u202aAnna\u202c\u200f <\u202aanna@example.it\u202c\u200f>:\u202c\n\n> x",
        "*** Rispondi sopra questa riga ***\n\nGentile cliente,\n\nq",
        "##- Si prega di digitare la risposta sopra questa riga -##\n\nGentile cliente,\n\nq",
        "Quoting Anna <anna@example.it>:\n\n> x",
        "Citando anna@example.it:\n> x",
        "* Anna Greco <anna@example.it> [13/03/26 09:15]:\n> x",
        "Am 13.03.26 um 09:15 schrieb Anna\n\n> x",
        'Da "Anna Greco" anna@example.it\nA "Bea" bea@example.it\nCc\nData Fri, 13 Mar 2026 09:15:00 +0100\nOggetto Re: x\n\nq',
        "Da: Anna Greco dello Studio Greco e Associati <\n<anna@example.it>\nData: ven 13 mar 2026, 09:15\nA: Bea\n<bea@example.it>\nOggetto: x\n\nq",
        "De la: Ana <ana@example.ro>\nExpediat: vineri, 13 martie 2026 09:15\nPentru: B\nSubiect: x\n\nq",
        "Od: Ana <ana@example.hr>\nPoslano: petak, 13. ožujka 2026. 09:15\nPrima: B\nPredmet: x\n\nq",
        "От: Ана <ana@example.bg>\nИзпратено: 13 март 2026 г. 9:15\nДо: Б\nОтносно: x\n\nq",
        "-----Izvorna poruka-----\n\nq",
        "-------- Αρχικό μήνυμα --------\n\nq",
        "W dniu 13.03.2026 o 09:15, Anna pisze:\n> x",
        "Am Freitag, 13. März 2026 um 09:15 hat Anna Folgendes geschrieben:\n> x",
    ],
)
def test_quote_goes_however_it_is_introduced(quote: str) -> None:
    assert written(f"Va bene così.\n\n{quote}").reply_text == "Va bene così."


_WROTE = "Il giorno ven 13 mar 2026 alle ore 09:15 Anna <anna@example.it> ha scritto:"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (f"Ora va.\n\n{_WROTE}\n| provi ora.\n| | e prima?\n", "Ora va."),
        (f"{_WROTE}\n\n| provi ora.\n|\n| Assistenza\n\nOra va.", "Ora va."),
        (
            f"{_WROTE}\n| Va?\n\nOra va.\n\n| Che PHP?\n\nLa 8.2.",
            f"{_WROTE}\n> Va?\n\nOra va.\n\n> Che PHP?\n\nLa 8.2.",
        ),
        (
            "Ecco:\n\n| id | nome |\n|----|------|\n| 1 | Anna |\n\nE Bea?",
            "Ecco:\n\n| id | nome |\n|----|------|\n| 1 | Anna |\n\nE Bea?",
        ),
        ("cat log | grep error\n| wc -l\n| sort\n| uniq", "cat log | grep error\n| wc -l\n| sort\n| uniq"),
    ],
)
def test_what_is_quoted_by_bars_goes_and_a_table_stays(text: str, new: str) -> None:
    assert written(text).reply_text == new


@pytest.mark.parametrize(
    "opening",
    [
        "Am Fr., 13. März 2026 um 09:15 Uhr schrieb Anna <\nanna@example.it>:",
        "pt., 13 mar 2026 o 09:15 Anna <anna@example.it>\nnapisał(a):",
        "Il giovedì 12 marzo 2026, Anna <anna@example.it>\nha scritto:",
    ],
)
def test_who_answers_below_the_quote_is_read_there_though_its_opening_goes_over_two_lines(opening: str) -> None:
    """Its first line says all that an opening must, so that the second was taken for words of the writer's, and the quote with it."""
    assert written(f"{opening}\n> Quale versione di PHP?\n\nLa 8.2.").reply_text == "La 8.2."


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="protonmail_quote">Il 12 marzo, Anna ha scritto:<br><blockquote>q</blockquote></div>',
        '<hr data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>Da: </b>A</div><div data-marker="__QUOTED_TEXT__">q</div>',
        '<div class="zmail_extra">---- Il gio, 12 mar 2026 <b>A &lt;a@example.it&gt;</b> ha scritto ----<blockquote>q</blockquote></div>',
        '<div name="messageSignatureSection">Anna</div><div name="messageReplySection">On Mar 12 B wrote:<blockquote>q</blockquote></div>',
        '<div id="x_divRplyFwdMsg"><b>Von:</b> A</div><div>q</div>',
        '<blockquote type="cite">una riga</blockquote>',
        '<div class="gmail_quote"><div class="gmail_attr">---- Forwarded message ----<br>Da: A &lt;a@example.it&gt;</div><p>q</p></div>',
    ],
)
def test_quote_in_html_goes_by_the_marks_of_each_client(quote: str) -> None:
    assert written_html(f"<div>Va bene così.</div>{quote}").reply_text == "Va bene così."


@pytest.mark.parametrize(
    "above",
    [
        "Rispondo sotto in rosso.",
        "Vedi sotto.\n\nCordiali saluti\nAnna",
        "Trovate le mie risposte nel testo.",
        "Answers below.",
        "My comments are in red",
        "Antworten unten",
        "Réponses en rouge.",
        "Respuestas abajo",
        "Risposte inline.",
        "Rispondo punto per punto",
        "Inline",
        "Odpowiedzi poniżej.",
        "Răspunsurile sunt mai jos.",
        "Buongiorno,",
        "Gentile Assistenza,\n\nCordiali saluti\nAnna",
        "Sehr geehrte Damen und Herren,",
    ],
)
def test_who_answers_inside_the_quote_and_says_so_is_read_there(above: str) -> None:
    """Outlook marks no quoted line: the answers were folded away with it."""
    fields = "Da: Assistenza <a@provider.example>\nInviato: venerdì 13 marzo 2026 09:15\nA: Anna\nOggetto: x"
    text = f"{above}\n\n{fields}\n\nQuale versione di PHP? La 8.2."
    assert written(text).reply_text == text


@pytest.mark.parametrize(
    "signature",
    [
        "Grazie e saluti\nAnna",
        "Grazie mille, cordiali saluti\nAnna",
        "In attesa di un vostro riscontro porgo distinti saluti.\nAnna",
        "Buona giornata,\nAnna",
        "Thanks and regards,\nAnna",
        "Bonne journée\nAnna",
        "Scarica BlueMail per Android",
        "LG\nAnna",
        "Cordiali saluti\nAnna Greco\nStudio Greco e Associati\nVia Roma 1, 20100 Milano\nP. IVA 01234567890.",
        "Cordiali saluti\nAnna\n\nLe informazioni contenute in questa mail sono riservate. Chi la riceve per errore è pregato di cancellarla.",
        "Le informazioni di cui sopra e gli allegati\nsono riservati a chi li riceve.",
        "AVVISO DI RISERVATEZZA\nIl contenuto è per chi lo riceve.",
        "Ai sensi e per gli effetti del Regolamento UE 2016/679 quanto sopra è riservato.",
        "*****************\nIl presente messaggio è destinato a chi legge.\n*****************",
        "Mit freundlichen Grüßen / Cordiali saluti\nAnna Greco",
        "Cordiali saluti - Kind regards\nAnna Greco",
        "Distintamente\nAnna Greco",
        "Resto in attesa, cordiali saluti\nAnna",
        "Veuillez agréer, Madame, mes salutations distinguées.\nAnna",
        "Muchas gracias y un saludo,\nAna",
        "Serdecznie pozdrawiam\nAnna",
        "Cu stimă,\nAna",
        "Met vriendelijke groet,\nAnna",
        "S poštovanjem,\nAna",
        "Inviata dal mio iPhone",
        "Pobierz aplikację Outlook dla systemu Android<https://aka.ms/x>",
        "Descărcați Outlook pentru Android<https://aka.ms/x>",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    ],
)
def test_signature_goes_as_people_write_it(signature: str) -> None:
    assert written(f"Va bene così.\n\n{signature}").reply_text == "Va bene così."


@pytest.mark.parametrize(
    "words", ["Buongiorno, grazie.", "Salve a tutti, funziona", "Caro è caro: quanto costa?", "Ok", "Grazie"]
)
def test_who_says_anything_above_the_quote_is_read_without_it(words: str) -> None:
    assert written(f"{words}\n\n{_WROTE}\n> provi ora.\n> Saluti").reply_text == words


def test_lines_that_were_typed_stay_lines_in_html_that_keeps_them() -> None:
    """As webmails write plain text."""
    assert written_html('<div style="white-space: pre-wrap">uno\n  due\n\ntre</div>').text == "uno\n  due\n\ntre"


@pytest.mark.parametrize("above", ["", "Ciao,\n"])
def test_what_pgp_signed_in_the_text_is_read_without_what_is_around_it(above: str) -> None:
    signature = "-----BEGIN PGP SIGNATURE-----\n\niQE=\n-----END PGP SIGNATURE-----"
    signed = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nVa bene.\n- ---- fine\n{signature}"
    mail = written(above + signed)
    assert (mail.reply_text, mail.is_pgp_signed, mail.is_encrypted) == (f"{above}Va bene.\n---- fine", True, False)
    assert mail.text == above + signed


def test_what_pgp_locked_in_the_text_is_told() -> None:
    locked = "-----BEGIN PGP MESSAGE-----\n\nhQE=\n-----END PGP MESSAGE-----"
    assert (written(locked).is_encrypted, written(f"Cos'è?\n> {locked}").is_encrypted) == (True, False)


@pytest.mark.parametrize(
    "author",
    ["Registro [mailto:avvisi@registro.example]", "Registro dei domini e degli altri nomi <\navvisi@registro.example>"],
)
def test_forwarded_mail_tells_whose_it_was_however_the_address_is_written(author: str) -> None:
    text = f"Vedi\n\n---------- Forwarded message ---------\nDa: {author}\nDate: ven 13 mar 2026\nSubject: x\n\nq"
    assert written(text).forward_from == "avvisi@registro.example"


def test_mail_that_is_nothing_but_a_quote_has_no_new_part() -> None:
    mail = written("Il 12/03/26 10:11, Assistenza ha scritto:\n> Gentile Franco,\n> può riprovare?\n")
    assert mail.reply_text == ""
    assert "può riprovare?" in mail.text


# --- what somebody passes on

_BY_A_SUPPLIER = (
    "Da: Fornitore <info@fornitore.example>\nInviato: venerdì 27 novembre 2026 10:00\nA: Anna\nOggetto: Migrazione\n"
)
_TO_US = "To: support+t1@reply.provider.example\n"


@pytest.mark.parametrize("opening", ["", "-----Messaggio originale-----\n", "---------- Forwarded message ---------\n"])
def test_the_mail_of_a_third_person_is_shown_and_ours_below_it_is_not(opening: str) -> None:
    """A fault found: what a supplier had written, passed on in an answer, and what was asked below it, was folded away as if it quoted us."""
    ours = "Il giorno 30 novembre 2026 alle 09:12 Rete <support@provider.example> ha scritto:\n> una\n> due\n> tre\n"
    passed_on = f"Ecco:\n\n{opening}{_BY_A_SUPPLIER}\nIl nuovo IP è 198.51.100.7\n\nLo usate?"
    assert written(f"{passed_on}\n\n{ours}", headers=_TO_US).reply_text == passed_on


@pytest.mark.parametrize("writer", ["support@provider.example", "anna@example.it", "x@sub.provider.example"])
def test_the_mail_of_who_writes_to_one_another_is_quoted(writer: str) -> None:
    block = _BY_A_SUPPLIER.replace("info@fornitore.example", writer)
    assert written(f"Ecco:\n\n{block}\nTesto di prima\n", headers=_TO_US.replace("reply.", "")).reply_text == "Ecco:"


def test_the_marked_mail_of_a_third_person_is_shown() -> None:
    """Outlook and Gmail mark what is passed on as they mark what is quoted."""
    fields = _BY_A_SUPPLIER.replace("<", "&lt;").replace("\n", "<br>")
    source = f'<p>Ecco:</p><div id="divRplyFwdMsg">{fields}</div><div>Il nuovo IP è 198.51.100.7</div>'
    head = f"From: anna@example.it\n{_TO_US}Content-Type: text/html; charset=utf-8\n\n"
    assert parse((head + source).encode()).reply_text.endswith("198.51.100.7")


@pytest.mark.parametrize(
    "stub", ["This mail needs a program that shows HTML.", "Per leggere questo messaggio usare un altro programma."]
)
def test_a_text_that_says_something_else_than_the_html_is_shown_with_it(stub: str) -> None:
    """A fault found: of such a mail only the stub was shown and searched, the words of its writer being behind a click."""
    parts = (
        f"--x\nContent-Type: text/plain\n\n{stub}\n--x\nContent-Type: text/html\n\n<p>La casella e piena</p>\n--x--\n"
    )
    head = "From: anna@example.it\nContent-Type: multipart/alternative; boundary=x\n\n"
    assert parse((head + parts).encode()).text == f"{stub}\n\nLa casella e piena"
