"""The words by which mail programs, in some twenty languages, say "what follows is the older mail" or "here ends my text"."""

from __future__ import annotations

import re

# --- "... wrote:" -----------------------------------------------------------------------------------------------------------------
WROTE = re.compile(
    r"(?:\bwrote|\bwrites|ha(?:nno)? scritto|\bscrive|\bscrisse|escribi[oó]|escribe|ha escrit|va escriure|a [ée]crit|[ée]crivait|\bschrieb(?:en)?"
    r"|\bschreef|escreveu|\bskrev|napsal(?:\(a\)|a)?|nap[ií]sal(?:\(a\)|a)?|napisa[lł](?:\(a\)|a)?|kirjoitti|[ií]rta|yazd[ıi]|scris|\bwrote-?"
    r"|написал(?:\(а\)|а)?|писал(?:\(а\)|а)?|написав(?:ла)?|пише|έγραψε|כתב|写道|寫道|さんは書きました|のメール|작성)",
    re.IGNORECASE,
)  # fmt: skip
WROTE_AT_END = re.compile(rf"(?:{WROTE.pattern})\s*(?:\n\s*)?[:：]?\s*[-_*]*\s*$", re.IGNORECASE)
# How the first of several lines of such an opening begins.
OPENING = re.compile(
    r"""^\W{0,6}(?:on|il|il giorno|in data|in date|alle|lo scorso|le|el|l'|la|am|em|no dia|a|op|w dniu|dnia|den|på|pe|dne|dňa|"""
    r"""em|στις|в|у|vào|tarihinde|ở|dana|den\s\w+|quoting|citando|zitat von)\b""",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b\d{1,2}\s?[:.h]\s?\d{2}(?:[:.]\d{2})?\b|\b\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.)(?:\b|(?<=\.))", re.IGNORECASE
)
DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b|\b(?:19|20)\d{2}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}"
    r"|\b\d{1,2}(?:\.|º|°|st|nd|rd|th)?(?: de| of)? [^\W\d_]{3,12}\.?,?(?: de| р\.| г\.)? (?:19|20)\d{2}\b"
    r"|\b[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d{2}\b|\b\d{1,2}\.? [^\W\d_]{3,12}\.? (?:19|20)?\d{2}\b"
)
EMAIL = re.compile(r"[^\s<>@\"'(),;:]{1,64}@[^\s<>@\"'(),;:]{1,190}")
# "30.09.2017, 18.30, "Anna" <a@example.it>:" - no verb at all.
ADDRESS_AT_END = re.compile(r"(?:<[^<>\s]*@[^<>\s]*\s?>|\([^()\s]*@[^()\s]*\)|[^\s<>]+@[^\s<>]+)\s*[:：]\s*$")

# --- "-----Original Message-----" ---------------------------------------------------------------------------------------------
_ORIGINAL = (
    r"original message|original mail|original e-?mail|forwarded message|forwarded by .{1,60}|forwarded mail|reply message|message original|message d['’]origine"
    r"|message transf[ée]r[ée]|message initial|messaggio originale|messaggio inoltrato|messaggio di origine|inizio messaggio inoltrato|e-?mail originale"
    r"|mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|urspr[üu]e?ngliche (?:nachricht|e-?mail|mail)|original-?nachricht|originalnachricht"
    r"|weitergeleitete nachricht|oorspronkelijk bericht|oorspronkelijke bericht|doorgestuurd bericht|oprindelig (?:besked|meddelelse|mail)"
    r"|videresendt (?:besked|meddelelse)|opprinnelig melding|originalmeddelande|ursprungligt meddelande|ursprungsmeddelande|vidarebefordrat meddelande"
    r"|alkuper[äa]inen viesti|v[äa]litetty viesti|wiadomo[śs][ćc] oryginalna|oryginalna wiadomo[śs][ćc]|treść oryginalnej wiadomości|p[ůu]vodn[íi] (?:zpr[áa]va|e-?mail)"
    r"|pôvodná správa|eredeti üzenet|mesaj original|исходное сообщение|пересылаемое сообщение|пересланное сообщение|конец исходного сообщения"
    r"|原始邮件|原始郵件|转发邮件|元のメッセージ|転送メッセージ|원본 메일|missatge original|orijinal mesaj|original besked"
)
ORIGINAL_MESSAGE = re.compile(rf"^[\s>*_]*[-_=*—–]{{2,}}\s*(?:{_ORIGINAL})\s*[:：]?\s*[-_=*—–]*\s*$", re.IGNORECASE)
BARE_ORIGINAL = re.compile(rf"^[\s*]*(?:{_ORIGINAL})\s*[:：]?[\s*]*$", re.IGNORECASE)
FORWARD_OPENING = re.compile(
    r"^\s*(?:begin forwarded message|inizio (?:del )?messaggio inoltrato|inicio del mensaje reenviado|début du message (?:réexpédié|transféré)"
    r"|anfang der weitergeleiteten (?:nachricht|e-?mail)|início da mensagem (?:encaminhada|reencaminhada)|begin doorgestuurd bericht|videresendt besked"
    r"|vidarebefordrat brev|początek przekazanej wiadomości)\s*[:：]\s*$",
    re.IGNORECASE,
)
# Our own line and those of other desks.
REPLY_ABOVE = re.compile(
    r"(?:rispond\w* sopra (?:a )?questa (?:riga|linea)|(?:scriv\w*|inserisc\w*) la (?:tua|sua|vostra) risposta sopra|(?:reply|respond|write|type|enter) (?:your (?:reply|response) )?above this line"
    r"|please (?:type|enter|write) your reply above|do not (?:write|reply) below this line|respond[ae] (?:por )?encima de esta l[íi]nea|escriba (?:su respuesta )?por encima"
    r"|r[ée]pondez au[- ]dessus de cette ligne|antworten sie (?:bitte )?(?:oberhalb|über) dieser (?:linie|zeile)|bitte antworten sie oberhalb|antwoord boven deze lijn)",
    re.IGNORECASE,
)

# --- "Da: / Inviato: / A: / Oggetto:" -------------------------------------------------------------------------------------------
_FIELD_WORDS = {
    "from": "from da von de van fra från od ot lähettäjä kimden от від de la feladó from van: από 发件人 寄件者 差出人 보낸사람 보낸 사람 remitente mittente expéditeur absender nadawca",
    "date": "date sent inviato data datum dato envoyé envoyé le enviado enviado el enviada em fecha gesendet gesendet am verzonden sendt skickat wysłano data lähetetty päivämäärä odesláno "
    "odoslané gönderildi tarih дата отправлено надіслано elküldve dátum ημερομηνία 发送时间 日期 日付 送信日時 날짜 보낸 날짜 message du le trimis data invio inviato il sent at skickades päiväys",
    "to": "to a à an aan para til till do komu vastaanottaja kime кому címzett προς 收件人 宛先 받는사람 받는 사람 per pour destinatario destinataire empfänger către",
    "subject": "subject oggetto objet betreff asunto assunto onderwerp emne ämne temat předmět predmet aihe konu тема tárgy θέμα 主题 主旨 件名 제목 subiect titel",
    "cc": "cc ccn bcc copia kopie kopia copie copie à c.c. copia per conoscenza p.c. kopi dw udw копия 抄送 참조 con copia a cópia tietoja",
    "other": "reply-to rispondi a organization organizzazione organisation priority priorità importance importanza attachments allegati anlagen pièces jointes adjuntos vedhæftede filer bijlagen",
}
_MULTI = [
    "de la",
    "보낸 사람",
    "받는 사람",
    "보낸 날짜",
    "envoyé le",
    "enviado el",
    "enviada em",
    "gesendet am",
    "message du",
    "data invio",
    "inviato il",
    "sent at",
    "copie à",
    "copia per conoscenza",
    "con copia a",
    "rispondi a",
    "pièces jointes",
    "vedhæftede filer",
]


def _kinds() -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind, words in _FIELD_WORDS.items():
        for phrase in _MULTI:
            if phrase in words:
                kinds.setdefault(phrase, kind)
        for word in words.replace("van:", "").split():
            kinds.setdefault(word, kind)
    return kinds


FIELD_KINDS = _kinds()
FIELD = re.compile(r"^[\s>*_|]{0,8}([^\W\d_][^:：\n<>@\d]{0,24}?)[\s*_\u00a0]{0,4}[:：][\s*_]*(.*)$")

# --- signatures -----------------------------------------------------------------------------------------------------------------
SIGNATURE_DELIMITER = re.compile(r"^(?:--|––|—|―)\s*$")
UNDERSCORES = re.compile(r"^\s*_{2,}\s*$")
RULE = re.compile(r"^[\s>]*(?:[-_=*~#·•—–─━]\s?){2,}\s*$")
SENT_FROM = re.compile(
    r"^[\s*_(\[]*(?:sent from|sent via|sent with|sent using|sent on the|get outlook for|inviato (?:da|dal|dalla|con|tramite|via)|ottieni outlook per|scarica outlook per"
    r"|enviado (?:desde|do|de|a partir d[eo])|obtener outlook|obtenga outlook|obter o outlook|envoy[ée] (?:de|depuis|avec|via|à partir)|obtenez outlook|t[ée]l[ée]charger outlook"
    r"|gesendet (?:von|mit)|von meinem .{2,40} gesendet|diese nachricht wurde von meinem|outlook für|holen sie sich outlook|verzonden (?:vanaf|met|via|vanuit)|verstuurd vanaf"
    r"|sendt fra|sendt via|skickat (?:från|med)|hent outlook|hämta outlook|skaffa outlook|wysłane z|wysłano z|odesláno z|odoslané z|odeslané z|lähetetty|отправлено (?:с|из)|надіслано (?:з|із)"
    r"|trimis de pe|发自我的|從我的.{1,20}傳送|从我的.{1,20}发送|iphoneから送信|나의 .{1,20}에서 보냄|enviat des del?)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^[\s*_]*(?:(?:best|kind|kindest|warm|warmest|with (?:best|kind)|many)?\s?regards|(?:with )?(?:all )?best wishes|yours (?:truly|faithfully|sincerely)"
    r"|(?:(?:i (?:miei |nostri )?(?:più )?)?(?:cordiali|distinti|migliori|cari|affettuosi|sinceri|gentili) saluti|(?:le |la |vi |ti )?(?:porgo|porgiamo|invio|inviamo)? ?(?:i (?:miei |nostri )?)?(?:più )?(?:cordiali|distinti|migliori) saluti"
    r"|cordialmente|cordialit[àa]|saluti cordiali|un (?:cordiale|caro) saluto|cordiale saluto|con i migliori saluti|molti saluti|saluti)"
    r"|(?:un (?:cordial )?saludo|(?:un )?cordial saludo|saludos(?: cordiales)?|atentamente|reciba un (?:cordial )?saludo|atte)"
    r"|(?:bien )?cordialement|(?:sincères |meilleures |mes )?salutations(?: distinguées)?"
    r"|(?:mit )?(?:freundliche[nm]?|liebe[n]?|viele[n]?|beste[n]?|herzliche[nm]?|sch[öo]ne[n]?) (?:gr[üu]e?(?:ß|ss)e?n?|gru(?:ß|ss))|(?:lg|mfg|vg)"
    r"|met vriendelijke groeten?|vriendelijke groeten?|groeten|mvg|m\.v\.g\."
    r"|(?:med )?v[äe]nliga? h[äi]ls(?:ning(?:ar)?|en)|med vennlig hilsen|vennlig hilsen|hilsen|bedste hilsner|mvh|dbh|vh|hälsningar"
    r"|pozdrawiam(?: serdecznie)?|z (?:poważaniem|powazaniem)|s pozdravem|s úctou|(?:terveisin|ystävällisin terveisin)|с уважением|с наилучшими пожеланиями"
    r"|(?:com os melhores )?cumprimentos|atenciosamente|att)[\s*_,.!;:-]*$",
    re.IGNORECASE,
)  # fmt: skip
SLASH_NAME = re.compile(r"^\s?/\s?[^\W\d_][\w.]{1,20}\s*$")
DISCLAIMER = re.compile(
    r"^[\s*_(\[]*(?:le informazioni (?:contenute|trasmesse)|(?:questo|il presente) (?:messaggio|documento)[^.]{0,80}(?:riservat|confidenzial|destinat)|ai sensi del(?:la)? (?:d\.?\s?lgs|regolamento|decreto|reg|legge|gdpr)"
    r"|avviso di riservatezza|nota di riservatezza|informativa privacy|privacy notice|disclaimer|le informazioni di cui|questa (?:e-?mail|comunicazione)[^.]{0,80}(?:riservat|confidenzial|destinat)"
    r"|(?:this|the information (?:contained )?in this) (?:e-?mail|message|communication)[^.]{0,120}(?:confidential|intended|privileged|proprietary)|confidentiality (?:notice|note)|caution:|legal (?:notice|disclaimer)"
    r"|este (?:mensaje|correo)[^.]{0,120}(?:confidencial|destinatario|dirig)|aviso (?:legal|de confidencialidad)|de conformidad con (?:lo|el|la)|ce (?:message|courriel|mail)[^.]{0,120}confidenti|diese (?:e-?mail|nachricht)[^.]{0,120}vertraulich"
    r"|prima di stampare|please consider the environment|pensa all'ambiente|antes de imprimir|rispetta l'ambiente|mail priva di virus|virus-free|libre de virus|sans virus|questa e-?mail è stata (?:controllata|verificata)|this e-?mail has been (?:checked|scanned))",
    re.IGNORECASE,
)  # fmt: skip
