"""The words by which mail programs, in some twenty languages, say "what follows is the older mail" or "here ends my text".

All patterns are asked of the first 500 characters of one line, or of a few joined lines of at most 400.
"""

from __future__ import annotations

import re

from sportello.mail.parsing.patterns import one_of

# --- "... wrote:" ---------------------------------------------------------------------------------------------------

_WROTE = one_of(
    r"""
    \bwrote / \bwrites / (?<!\bmi )(?<!\bci )ha(?:nno)? scritto / \bscrive / \bscrisse / escribi[oó] / escribe / ha escrit / va escriure
    a [ée]crit / [ée]crivait / \bschrieb(?:en)? / \bgeschrieben / \bschreef / escreveu / \bskrev / napsal(?:\(a\)|a)? / nap[ií]sal(?:\(a\)|a)?
    napisa[lł](?:\(a\)|a)? / \bnapisao / \bpisze / kirjoitti / [ií]rta / yazd[ıi] / scris / (?:đã )?viết
    написал(?:\(а\)|а)? / писал(?:\(а\)|а)? / написав(?:ла)? / написа / пише / shkroi / έγραψε / כתב / 写道 / 寫道 / のメール / 작성
    """
)
WROTE = re.compile(_WROTE, re.IGNORECASE)
WROTE_AT_END = re.compile(rf"{_WROTE}\s*[:：]?[\s_*-]*$", re.IGNORECASE)
# "<anna@example.it" ended the line above.
BROKEN_WROTE = re.compile(rf"^>\s?{_WROTE}?\s?:$", re.IGNORECASE)
# How the first of several lines of such an opening begins.
OPENING = re.compile(
    r"^\W{0,6}"
    + one_of(
        r"""
        on / il / in data / in date / alle / le / el / l' / la / am / em / no dia / op / w dniu / dnia / den / på
        pe / dne / dňa / στις / в / у / vào / dana / quoting / citando / zitat von
        """
    )
    + r"\b",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b\d{1,2}\s?[:.h]\s?\d{2}(?:[:.]\d{2})?\b|\b\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.)(?:\b|(?<=\.))",
    re.IGNORECASE,
)
_YEAR = r"(?:19|20)\d{2}"
DATE = re.compile(
    "|".join(
        (
            r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b",
            rf"\b{_YEAR}[-./年]\s?\d{{1,2}}[-./月]\s?\d{{1,2}}",
            rf"\b{_YEAR}\. [^\W\d_]{{3,12}}\.? \d{{1,2}}\b",
            rf"\b\d{{1,2}}(?:\.|º|°|st|nd|rd|th)?(?: de| of)?[ -][^\W\d_]{{3,12}}\.?,?(?: de| р\.| г\.)?[ -]{_YEAR}\b",
            rf"\b[^\W\d_]{{3,12}}\.? \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}\b",
        )
    )
)
EMAIL = re.compile(r"[^\s<>@\"'(),;:\[\]]{1,64}@[^\s<>@\"'(),;:\[\]]{1,190}")
# Horde says no more than whose it is.
QUOTING = re.compile(r"^(?:quoting|citando|zitat von|quotando)\s[^:]{0,200}@[^:]{3,200}:$", re.IGNORECASE)
# "30.09.2017, 18.30, "Anna" <a@example.it>:" has no verb at all.
ADDRESS_AT_END = re.compile(
    r"(?:<\s?[^<>\s]*@[^<>\s]*\s?>|\([^()\s]*@[^()\s]*\)|[^\s<>]+@[^\s<>]+)\s*(?P<colon>[:：]?)\s*$"
)

# --- "-----Original Message-----" -----------------------------------------------------------------------------------

_ORIGINAL = one_of(
    r"""
    original message / original e?-?mail / reply message / message original / message d['’]origine / message initial
    messaggio originale / messaggio di origine / e-?mail originale / mensaje original / mensagem original / missatge original
    urspr[üu]e?ngliche (?:nachricht|e-?mail|mail) / original-?nachricht / oorspronkelijke? bericht
    oprindelig (?:besked|meddelelse|mail) / original besked / opprinnelig melding / originalmeddelande / ursprungligt meddelande
    ursprungsmeddelande / alkuper[äa]inen viesti / wiadomo[śs][ćc] oryginalna / oryginalna wiadomo[śs][ćc]
    treść oryginalnej wiadomości / p[ůu]vodn[íi] (?:zpr[áa]va|e-?mail) / pôvodná správa / eredeti üzenet / mesaj original
    izvorna poruka / originalna poruka / izvirno sporočilo / mesazhi origjinal / αρχικό μήνυμα / özgün (?:ileti|mesaj)
    оригинално съобщение / оригинална порука / orijinal mesaj / исходное сообщение / 原始邮件 / 原始郵件 / 元のメッセージ / 원본 메일
    """
)
_FORWARDED = one_of(
    r"""
    forwarded message / forwarded mail / forwarded by .{1,60} / messaggio inoltrato / inizio messaggio inoltrato
    mensaje reenviado / mensagem encaminhada / message transf[ée]r[ée] / weitergeleitete nachricht / doorgestuurd bericht
    przekazana wiadomość / wiadomość przekazana / mesaj redirec[țt]ionat / proslijeđena poruka / posredovano sporočilo / προωθημένο μήνυμα
    препратено съобщение / videresendt (?:besked|meddelelse) / vidarebefordrat meddelande / v[äa]litetty viesti / пересылаемое сообщение
    пересланное сообщение / 转发邮件 / 転送メッセージ
    """
)
_ORIGINAL_PHRASE = re.compile(rf"{_ORIGINAL}|{_FORWARDED}", re.IGNORECASE)
_FORWARDED_PHRASE = re.compile(_FORWARDED, re.IGNORECASE)
_RULED = re.compile(r"[-_=*—–]{2}")
_DECORATION = " \t>*-_=—–:："
_LONGEST_PHRASE = 100


def is_original_message(text: str) -> bool:
    """`-----Original Message-----` and its like, forwarded ones too."""
    return _ruled_phrase(text, _ORIGINAL_PHRASE)


def is_forwarded_message(text: str) -> bool:
    return _ruled_phrase(text, _FORWARDED_PHRASE)


def is_bare_original(text: str) -> bool:
    """The same without a rule, which means something only right above header lines."""
    bare = text.strip(_DECORATION)
    return len(bare) < _LONGEST_PHRASE and _ORIGINAL_PHRASE.fullmatch(bare) is not None


def _ruled_phrase(text: str, phrase: re.Pattern[str]) -> bool:
    bare = text.strip(_DECORATION)
    if not bare or len(bare) > _LONGEST_PHRASE or not _RULED.match(text.lstrip(" \t>")):
        return False
    return phrase.fullmatch(bare) is not None


FORWARD_OPENING = re.compile(
    r"^\s{0,8}"
    + one_of(
        r"""
        begin forwarded message / inizio (?:del )?messaggio inoltrato / inicio del mensaje reenviado
        début du message (?:réexpédié|transféré) / anfang der weitergeleiteten (?:nachricht|e-?mail)
        início da mensagem (?:encaminhada|reencaminhada) / begin doorgestuurd bericht / videresendt besked
        vidarebefordrat brev / początek przekazanej wiadomości
        """
    )
    + r"\s*[:：]\s*$",
    re.IGNORECASE,
)
# Our own line, and those of other desks.
_REPLY_ABOVE = re.compile(
    one_of(
        r"""
        rispond\w* sopra (?:a )?questa (?:riga|linea) / (?:scriv|inserisc|inserir|digit)\w* la (?:(?:tua|sua|vostra|propria) )?risposta sopra
        (?:reply|respond|write|type|enter) (?:your (?:reply|response) )?above this line
        please (?:type|enter|write) your reply above / do not (?:write|reply) below this line
        respond[ae] (?:por )?encima de esta l[íi]nea / escriba (?:su respuesta )?por encima
        r[ée]pondez au[- ]dessus de cette ligne / antworten sie (?:bitte )?(?:oberhalb|über) dieser (?:linie|zeile)
        bitte antworten sie oberhalb / antwoord boven deze lijn
        """
    ),
    re.IGNORECASE,
)

_ABOVE = re.compile(r"sopra|above|below|encima|dessus|oberhalb|über|boven", re.IGNORECASE)


def says_reply_above(text: str) -> bool:
    return _ABOVE.search(text) is not None and _REPLY_ABOVE.search(text) is not None


# Outlook quotes without a mark: who answers in there says so above, often with a colour that a text has not.
ANSWERS_BELOW = re.compile(
    one_of(
        r"""
        \b(?:rispost[aeo]|rispond(?:o|iamo)|comment[oi]|commentat[oie]|evidenziat[oie])\b.{0,40}\b(?:sotto|nel testo|inserite|in calce)\b
        \b(?:rispost[aeo]|rispond(?:o|iamo)|comment[oi]|commentat[oie]|evidenziat[oie])\b.{0,40}\b(?:a seguire|di seguito)\b
        \b(?:rispost[aeo]|rispond(?:o|iamo)|comment[oi]|commentat[oie]|evidenziat[oie])\b.{0,40}\bin (?:rosso|blu|verde|giallo)\b
        \b(?:rispost[aeo]|rispond(?:o|iamo)|comment[oi]|commentat[oie]|evidenziat[oie])\b.{0,40}\bin (?:grassetto|corsivo|maiuscolo)\b
        \brispost[ae] in-?line\b / \brispond(?:o|iamo) punto per punto\b / ^in-?line\W*$
        \b(?:vedi|vedere|vedete|veda|v\.) (?:(?:le )?(?:mie )?(?:rispost[ae]|commenti) )?(?:qui )?(?:sotto|in rosso|in blu)\b
        \b(?:answers?|answered|comments?|commented|reply|replies|replied|see|responses?) (?:(?:is|are|my|answers|comments) )?(?:below|in[- ]?line)\b
        \b(?:answers?|answered|comments?|commented|reply|replies|replied|see|responses?) (?:(?:is|are) )?in (?:red|blue|green|bold|caps|capitals)\b
        \b(?:antwort(?:en)?|kommentare?|siehe) (?:unten|im text|in rot|in blau)\b
        \b(?:réponses?|commentaires?|voir) (?:ci-dessous|en rouge|en bleu|dans (?:le texte|votre (?:mail|message)))\b
        \b(?:respuestas?|respondo|comentarios?|ver) (?:más )?(?:abajo|debajo|en rojo|en azul|en el texto)\b
        \bodpowied(?:zi|ź|zam)\b.{0,20}\b(?:poniżej|w tekście|na czerwono|na niebiesko)\b
        \brăspuns\w*\b.{0,20}(?:mai jos|în text|cu roșu|cu albastru)\b
        """
    ),
    re.IGNORECASE | re.MULTILINE,
)
GREETING = re.compile(
    r"^\s*"
    + one_of(
        r"""
        buon ?giorno / buona ?sera / buon ?d[iì] / buon pomeriggio / salve / ciao / gentil[ei] / gent\.m[aoi] / egregi[oa]?
        spett(?:abile|\.?(?: ?le)) / car[oaie]
        hello / hi / dear / good (?:morning|afternoon|evening) / guten (?:tag|morgen|abend) / hallo / gr[üu](?:ß|ss) gott
        sehr geehrte[rn]? / liebe[rs]?
        bonjour / bonsoir / chère?s? / hola / estimad[oa]s? / buen[oa]s (?:días|tardes|noches) / dzień dobry
        witam / szanown[iay] / bun[ăa] (?:ziua|seara) / salut / stimat[eăa]? / dag / beste / geachte
        """
    )
    + r"\b[^.,?:;!]{0,40}[\s,.!:]*$",
    re.IGNORECASE,
)
# What stands in a mail's headers, and in no opening: somebody shows them.
RAW_HEADER = re.compile(
    r"^(?:return-path|received|message-id|delivered-to|dkim-signature|authentication-results|mime-version|content-type|x-[a-z-]{2,40})[ \t]*:",
    re.IGNORECASE,
)

# --- "Da: / Inviato: / A: / Oggetto:" -------------------------------------------------------------------------------

_FIELDS = {
    "from": """
        from / da / von / de / de la / van / fra / från / od / ot / lähettäjä / kimden / от / от кого / від / feladó / από / nga
        mittente / remitente / expéditeur / absender / nadawca / từ / 发件人 / 寄件者 / 差出人 / 보낸사람 / 보낸 사람
        """,
    "date": """
        date / sent / sent at / inviato / inviato il / data / data invio / datum / dato / envoyé / envoyé le / enviado
        enviado el / enviada em / fecha / gesendet / gesendet am / verzonden / sendt / skickat / skickades / wysłano
        lähetetty / päivämäärä / päiväys / odesláno / odoslané / gönderildi / tarih / дата / отправлено / надіслано
        poslano / dërguar / изпратено / послато / expediat / στάλθηκε
        elküldve / dátum / ημερομηνία / trimis / message du / ngày / đã gửi / 发送时间 / 日期 / 日付 / 送信日時 / 날짜 / 보낸 날짜
        """,
    "to": """
        to / a / à / an / aan / para / per / til / till / do / komu / vastaanottaja / kime / кому / címzett / προς / pour
        za / për / до / pentru / destinatario / destinataire / empfänger / către / tới / 收件人 / 宛先 / 받는사람 / 받는 사람
        """,
    "subject": """
        subject / oggetto / ogg / objet / sujet / betreff / asunto / assunto / onderwerp / emne / ämne / temat / předmět
        predmet / aihe / konu / тема / tárgy / θέμα / subiect / zadeva / subjekti / относно / titel / chủ đề / 主题 / 主旨 / 件名 / 제목
        """,
    "cc": """
        cc / ccn / bcc / c.c. / p.c. / copia / copia per conoscenza / con copia a / cópia / kopie / kopia / kopi / copie
        copie à / dw / udw / копия / tietoja / 抄送 / 참조
        """,
    "other": """
        reply-to / rispondi a / organization / organizzazione / priority / priorità / importance / importanza / attachments
        allegati / anlagen / pièces jointes / adjuntos / vedhæftede filer / bijlagen
        """,
}
FIELD_KINDS = {
    word.strip(): kind for kind, words in _FIELDS.items() for word in re.split(r"\s+/\s+|\n", words) if word.strip()
}
FIELD = re.compile(r"^[\s>*_|]{0,8}([^\W\d_][^:：\n<>@\d]{0,24}?)[\s*_\u00a0]{0,4}[:：][\s*_]*(.*)$")

# --- signatures -----------------------------------------------------------------------------------------------------

SIGNATURE_DELIMITER = re.compile(r"^(?:--|––|—|―)\s*$")
UNDERSCORES = re.compile(r"^\s*_{2,}\s*$")
RULE = re.compile(r"^[\s>]*(?:[-_=*~#·•—–─━]\s?){2,}\s*$")
SENT_FROM = re.compile(
    r"^[\s*_(\[]{0,8}"
    + one_of(
        r"""
        sent (?:from|via|with|using|on the) / get (?:outlook|bluemail|typeapp) for / ottieni outlook per / scarica (?:outlook|bluemail) per
        (?:(?:e-?mail|messaggio) )?inviat[oa] (?:da|dal|dalla|con|tramite|via) / spedit[oa] da(?:l(?: mio)?)? (?:iphone|ipad|smartphone|cellulare)
        enviado (?:desde|do|de|a partir d[eo]) / obten(?:er|ga) (?:outlook|bluemail) / obter o outlook
        envoy[ée] (?:de|depuis|avec|via|à partir) / obtenez outlook / t[ée]l[ée]charger (?:outlook|bluemail) / gesendet (?:von|mit)
        von (?:meinem|samsung|unterwegs)\b.{0,40}\bgesendet / diese nachricht wurde von meinem / outlook für / holen sie sich outlook
        verzonden (?:vanaf|met|via|vanuit) / verstuurd vanaf / sendt (?:fra|via) / skickat (?:från|med) / hent outlook
        hämta outlook / skaffa outlook / wysłane z / wysłano z / pobierz (?:aplikację |program )?outlook
        odesláno z / odeslané z / odoslané z / lähetetty
        отправлено (?:с|из) / надіслано (?:з|із) / изпратено от / trimis (?:de pe|din) / (?:obțineți|descărcați) outlook / download outlook voor
        poslano (?:s|z|iz) / .{1,30}d[ae]n gönderildi / εστάλη από / az .{2,40} küldve / נשלח מ / enviat des del? / 发自我的 / 從我的.{1,20}傳送
        从我的.{1,20}发送 / iphoneから送信 / 나의 .{1,20}에서 보냄
        """
    ),
    re.IGNORECASE,
)
_CLOSING = one_of(
    r"""
    (?:best|kind|kindest|warm|warmest|with (?:best|kind)|many)?\s?regards / (?:with )?(?:all )?best wishes / all the best
    yours (?:truly|faithfully|sincerely|respectfully) / sincerely yours
    (?:(?:le|la|vi|ti) )?(?:(?:porgo|porgiamo|invio|inviamo) )?(?:con )?(?:i (?:miei |nostri )?)?(?:più )?(?:cordiali|distinti) saluti
    (?:con )?(?:i (?:miei |nostri )?)?(?:più )?(?:migliori|cari|gentili) saluti
    saluti / saluti cordiali / molti saluti / saluti e grazie / cordialmente / cordialit[àa] / cordiale saluto / distintamente / con osservanza
    un (?:cordiale |caro )?saluto(?: a tutti)?
    (?:grazie|ringrazi(?:o|amo)(?:vi|la)?|ringraziando(?:vi|la)?)\b[^.?:;]{0,60}\bsaluti
    (?:in attesa di|resto|restando|rimango|rimanendo|a disposizione)\b[^.?:;]{0,80}\bsaluti
    (?:grazie e )?buon[ao]? (?:giornata|serata|pomeriggio|lavoro|domenica|weekend|fine settimana)
    thanks?(?: you)?(?: and|,| &) (?:(?:best|kind|warm) )?regards / have a (?:nice|good|great) (?:day|weekend) / cheers
    bien à vous / (?:merci et )?bonne (?:journée|soirée) / respectueusement / cordialement vôtre
    veuillez agréer\b[^.?:;]{0,80}\bsalutations(?: distinguées| respectueuses)?
    (?:(?:muchas )?gracias y )?(?:un )?(?:cordial )?saludo / saludos(?: cordiales)? / atentamente / atte
    reciba un (?:cordial )?saludo / (?:merci d['’]avance, )?(?:bien )?cordialement / (?:sincères |meilleures |mes )?salutations(?: distinguées)?
    (?:mit )?(?:(?:freundliche|liebe|viele|beste|herzliche|sch[öo]ne)[nm]? )?(?:gr[üu]e?(?:ß|ss)e?n?|gru(?:ß|ss))(?: aus \w{2,30})?
    hochachtungsvoll / herzlichst / (?:met )?vriendelijke groet(?:en)? / groeten / m\.v\.g\. / (?:med )?v[äe]nliga? h[äi]ls(?:ning(?:ar)?|en)
    (?:med )?vennlig hilsen / hilsen / bedste hilsner / hälsningar
    (?:dziękuję i )?pozdrawiam(?: serdecznie)? / serdecznie pozdrawiam / (?:łączę )?pozdrowienia / miłego dnia / z wyrazami szacunku
    z (?:poważaniem|powazaniem) / s (?:přátelským )?pozdravem / s pozdravom / s úctou / (?:ystävällisin )?terveisin / с уважением
    cu (?:stim[ăa]|respect|drag) / toate cele bune / numai bine / (?:mul[țt]umesc, )?o zi (?:bun[ăa]|frumoas[ăa])
    с наилучшими пожеланиями / з повагою / поздрави / (?:(?:obrigad[oa] e|com os melhores) )?cumprimentos / atenciosamente
    (?:srdačan|lijep|lep) pozdrav / s po[šs]tovanjem / me respekt / üdvözlettel / tisztelettel / με εκτίμηση / saygılarımla
    lugupidamisega / ar cieņu / pagarbiai
    """
)
# In one language or two, as in South Tyrol.
CLOSING = re.compile(
    rf"^[\s*_]{{0,8}}{_CLOSING}(?:\s*[/|–-]\s*{_CLOSING})?[\s*_,.!;:-]*$",
    re.IGNORECASE,
)
# Below a blank line only: they may also be words of something else.
SHORT_CLOSING = re.compile(r"^[\s*_]{0,8}(?:lg|mfg|vg|mvg|mvh|dbh|vh|att|cdt|cdlt)[\s*_,.!]*$", re.IGNORECASE)
POSTSCRIPT = re.compile(
    r"^\s*(?:p\.?\s?p?\.?\s?s\.?|n\.?\s?b\.?|nota bene)\s*[:.–-]?\s+\w|^\s*"
    + one_of(
        r"""
        dimenticav(?:o|amo)\b / scordav(?:o|amo)\b / aggiung(?:o|iamo)\b / precis(?:o|iamo)\b / inoltre\b / nota\s?: / ah,
        (?:i )?forgot\b / i should add\b / nachtrag\b / übrigens\b / noch etwas\b / j['’]ai oublié\b / j['’]ajoute\b
        se me olvid(?:ó|aba)\b / añado\b / zapomnia(?:łem|łam)\b / am uitat\b
        """
    ),
    re.IGNORECASE,
)
SLASH_NAME = re.compile(r"^\s?/\s?[^\W\d_][\w.]{1,20}\s*$")
DISCLAIMER_TITLE = re.compile(
    r"^[\s*_(\[]{0,8}"
    + one_of(
        r"""
        (?:avviso|nota|clausola) di (?:riservatezza|confidenzialità) / informativa (?:sulla )?privacy / privacy notice / disclaimer
        confidentiality (?:notice|note) / legal (?:notice|disclaimer) / aviso (?:legal|de confidencialidad)
        """
    )
    + r"[\s*_)\]]*(?:[:.–—-]|$)",
    re.IGNORECASE,
)
# The next three are asked of a paragraph.
DISCLAIMER = re.compile(
    r"^[\s*_(\[]{0,8}"
    + one_of(
        r"""
        (?:questo|il presente) (?:messaggio|documento)[^.]{0,80}(?:riservat|confidenzial|destinat)
        questa (?:e-?mail|mail|comunicazione)[^.]{0,80}(?:riservat|confidenzial|destinat)
        la presente (?:e-?mail|mail|comunicazione)[^.]{0,80}(?:riservat|confidenzial|esclusiv)
        caution: this (?:e-?mail|message)
        (?:this|the information (?:contained )?in this) (?:e-?mail|message|communication)[^.]{0,120}(?:confidential|intended|privileged|proprietary)
        este (?:mensaje|correo)[^.]{0,120}(?:confidencial|destinatario|dirig)
        ce (?:message|courriel|mail)[^.]{0,120}confidenti
        diese (?:e-?mail|nachricht)[^.]{0,120}vertraulich / prima di stampare / please consider the environment
        pensa all'ambiente / rispetta l'ambiente / antes de imprimir / mail priva di virus / virus-free / libre de virus
        sans virus / questa e-?mail è stata (?:controllata|verificata) / this e-?mail has been (?:checked|scanned)
        """
    ),
    re.IGNORECASE,
)
# Customers begin like this, too, when they ask for what the law gives them, or for another text on their site.
LEGAL_OPENING = re.compile(
    r"^[\s*_(\[]{0,8}"
    + one_of(
        r"""
        ai sensi (?:e per gli effetti )?(?:del(?:la|l['’])?|degli) ?(?:art|d\.?\s?lgs|regolamento|decreto|reg|legge|gdpr)
        le informazioni (?:contenute|trasmesse|di cui) / il contenuto (?:di|del) (?:quest|present) / de conformidad con (?:lo|el|la)
        """
    ),
    re.IGNORECASE,
)
CONFIDENTIAL = re.compile(
    one_of(
        r"""
        riservat[aeio] / confidenzial / destinatari[oi] / per errore / confidential / privileged / vertraulich / confidencial
        dati (?:personali )?(?:sono|saranno|verranno) trattati / trattamento dei (?:vostri|suoi|tuoi) dati
        """
    ),
    re.IGNORECASE,
)
ASKS = re.compile(
    one_of(
        r"""
        \b(?:ri)?chied(?:o|iamo)\b / \bsi (?:ri)?chiede\b / \bvo(?:rrei|rremmo|glio|gliamo)\b / \bdesider(?:o|iamo)\b / \bcomunic(?:o|hiamo)\b
        \bintend(?:o|iamo)\b / \bdiffid / \besercit / \bi (?:want|ask|request|would)\b / \bsolicit(?:o|amos)\b / \bquiero\b
        """
    ),
    re.IGNORECASE,
)
