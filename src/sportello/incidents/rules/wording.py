"""What a request speaks of, by plain words in Italian and English: an outage, or another matter. Lists to be read and mended."""

from __future__ import annotations

import re
from enum import StrEnum

LONGEST_TEXT = 4000
MOST_SENTENCES = 60
SHORT = 12
"""A cry for help has no more words than that."""


def _words(text: str) -> re.Pattern[str]:
    """Regular expressions, one a word: `_` is a space, and the last letters may be left out with a `-`."""
    found = "|".join(word.replace("_", " ").replace("-", r"\w*") for word in text.split())
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)


_UNMISTAKABLE = _words(
    r"""
    malfunzion- malfunction- crashed (?:sito|tutto)_(?:[eè]_)?saltat- nessun-_(?:\S+_)?(?:riesce|pu[oò]) non_(?:abbiamo|ho)_(?:pi[uù]_)?accesso
    no_access none_of_(?:us|our_\S+)_can nobody_can can't_see schermo_bianco noi_non_vediamo non_vediamo_pi[uù]_il(?:_nostro)?_sito
    non_(?:mi_|ci_|vi_)?(?:si_)?(?:apre|aprono|raggiunge|risponde|rispondono) non_(?:si_)?caric(?:a|ano)_(?:il|la|nessun-|niente|nulla|mai)
    non_(?:riesc-|riuscite|riusciamo)_(?:né_|pi[uù]_|nemmeno_)?(?:ad?_)?(?:aprir-|raggiunger-|vedere) continua_a_non_rispondere
    non_(?:[eè]|sono|risulta)_(?:pi[uù]_)?(?:raggiungibil-|disponibil-|online) impossibile_(?:raggiungere|aprire) troppo_tempo_a_rispondere
    irr?agg?iungibil- inaccessibil- inutilizzabil- (?:sito|negozio|posta|server|site|shop)_offline disserviz- blackout fuori_(?:servizio|uso)
    siamo_(?:tutti_)?ferm[ie]
    (?:[eè]|sono|tutto|ancora|di_nuovo|sito|server|negozio|posta|macchina|virtuale|webmail)_(?:tutt-_|completamente_)?(?:gi[uù]|down|mort-|cadut-|ferm[oaie]|ko)
    (?:tutto|completamente)_(?:bianc-|vuot-|bloccat-) (?:pagina|schermata)_(?:bianca|vuota)
    (?:posta|sito|negozio|server)_(?:[eè]_)?(?:ancora_)?bloccat-
    non_(?:va|vedo|vediamo|funziona|carica)_(?:pi[uù]_)?(?:niente|nulla) niente_(?:ping|web|mail|posta) nessuna_(?:risposta|mail_in)
    (?:non_)?(?:riceviamo|arriva)_(?:pi[uù]_)?nessuna_mail non_arrivano_mail né_sito_né_mail né_a_ricevere_né_a_spedire posta_in_arrivo_ferma
    connessione_al_(?:database|server_di_archiviazione) non_si_collega_al_(?:database|server) server_imap_fallita
    (?:is|are|was|it's|still|went|site|website|server|machine|mail|shop|everything|completely|all)_(?:down|dead|offline|unreachable|unavailable)
    down_(?:again|since|for) unreachable outages? whole_data_?cent(?:re|er)
    (?:doesn't|don't|won't|isn't|aren't|can't|cannot|not|never|couldn't|unable_to)_(?:be_)?(?:load|loads|loading|open|opens|opening|respond-|reach-|answer-)
    (?:none|nothing)_(?:of_our_sites_)?(?:works|loads?|opens|responds) no_(?:response|ping|web)(?:_from|_and)? too_long_to_respond
    database_connection
    no_(?:mail|emails?)_(?:arriv-|at_all) not_receiving_any_e?mail incoming_mail_stopped no_incoming_mail
    neither_(?:send_nor_receive|site_nor_mail)
    (?:blank|white|empty)_(?:page|screen) everything_blank cannot_connect_to_(?:its|the)_- imap_connection_failed
    connection_to_storage_server_failed
    (?:error[ei]?|http|a|code)_50[0234] 50[0234]_(?:error|bad|internal|service|gateway) internal_server_error bad_gateway gateway_time-?out
    service_unavailable err_connection_- connection_(?:refused|timed_out|reset)
    """
)
_LIKELY = _words(
    r"""
    (?:non|nn)_(?:mi_|ci_|si_)?(?:funzion-|va|vanno|part-|riesc-|riusc-|arriv-|ricev-|caric-|entr-|colleg-|vede|vedono|vedo|spedi-|invi-)
    impossibil- error[ei]? errors bloccat- guast- problem[aie]? problems ferm[oaie] lent- rallent- slow- sluggish time-?out timed_out time_out
    times_out
    rifiutat- refused interrott- interruzion- takes?_forever can't_(?:work|open|connect|reach|access|get|log|send)
    (?:not|n't|isn't|doesn't|stopped|cannot|can't)_(?:work-|connect-|send-|receiv-|arriv-) fail- broken stuck crash-
    """
)
_MATTER = _words(
    r"""
    fattur- invoic- billing pagament- pagare pagat- payment- paid bonific- preventiv- quotes? quotation offerta rinnov- renew- disdett- disdire
    cancellation
    cancel(?:ling)? rimbors- refund- contratt- contract- addebit- charged ricevut[ae] receipt upgrade piano_\S+ plan
    trasferi- transfer- migra- auth.?(?:code|info) epp registra(?:nt|nte|r) intestatar- ragione_sociale owner-
    domini-_(?:\S+_)?(?:[eè]_)?scadut-
    record ptr rdns reverse txt mx cname autodiscover dnssec dkim spf dmarc name-?server- sottodomini- subdomain- terzo_livello nxdomain expired
    certificat- ssl let's_encrypt err_cert- non_sicuro not_secure redirect- reindirizz- http/?2 brotli
    (?:nuov-|second[oa]|altr[oaie]|crea-|aggiung-|new|another|create|add|second)_(?:\S+_)?(?:casell-|indirizz-|utent-|dominio|mailbox-|address-|user|domain|collega|colleague)
    casell[ae]_(?:\S+_)?(?:nuov-|pien-) mailbox_full alias massimo password credenzial- credentials 2fa due_fattori two.factor denied publickey
    codic[ie]
    inoltr- forwarding forward_(?:to|rule|the) risponditore risposta_automatica auto-?repl- assenza ferie fuori_ufficio out_of_office
    spam antispam junk indesiderat- phishing spoofing spamhaus black-?list- blocklist- newsletters? sending_limit limit[ei] limits? 552\S*
    550\S* 554 pec
    caldav calendar- parametri settings configur- iphone firma signature doppi- duplicat- twice due_volte sparit- scompars- vanished ritard-
    delay-
    quota spazio space disco disk backup recuper- copi[ae] snapshot istantanea staging clon- dump phpmyadmin upload-
    import(?:are|azion-|ing)?
    php(?:_?\d\S*)? fatal_error cron pianificat- scheduled_task statistic- awstats robots\S* google indicizz- seo manutenzione maintenance
    sospes- suspen-
    plugin tema theme immagin- images? foto photos? pictures? css grafica layout logo 40[134] forbidden permess- permission- hack- virus
    antivirus violat-
    modulo form checkout paypal api json chiave key porta_25 port_25 sblocc- unblock- oom memory mysqld? pacchett- packet_loss banda log
    firewall webmaster it_works default_page
    """
)
_WISH = _words(
    r"""
    come_(?:si|posso|possiamo|faccio|devo|dobbiamo|-(?:are|ere|ire)|crea-|cambi-|impost-|configur-|attiv-|aggiung-|mett-|togl-|gli|lo|la)
    dove_(?:si|trov-|posso|-(?:are|ere|ire)|imposto|lo|la) quanto_(?:costa-|viene) quale_versione which_(?:version|php)
    (?:vorre-|voglio|vogliamo|desider-|volevo|volevamo)_(?!segnal|aiut|sapere_quand|capire_quand)-
    (?:mi|ci|vi)_(?:serv-|occorr-|create|date|mettete|inviate|mandate|rimandate) serve
    si_(?:pu[oò]|possono)_(?:aver|far|aument|alzar|attiv|rimett|recuper)- (?:supportate|avete|fate)_(?:un|il|la|dei|assistenza|consigli)
    pot(?:ete|reste)_(?:\S+_)?(?:aggiung|attiv|alz|crea|mett|impost|abilit|inser|modific|aument|import|clon|cambi|invi|mand)-
    how_(?:do|can|to|much) where_(?:do|can|is) what_(?:does_it_cost|documents|do_you_need) (?:i|we)(?:'d|_would)_(?:like|need)
    (?:i|we)_(?:want|need|wanted)_(?:to|a|an|the)
    is_it_possible do_you_(?:support|offer|have_an?_(?:plan|offer))
    (?:could|can|would)_you_(?:please_)?(?:add|create|set|raise|enable|send|resend|change|import|clone|install|move)
    please_(?:add|create|set|raise|enable|send|change|install|move|prepare|remove|confirm)
    """
)
_CRY = _words("aiut- help urgen- asap sos emergen- subito immediat- chiama- call_me")

_SENTENCE = re.compile(r"[.!?\n]+(?=\s|$)|\n")


class Speaks(StrEnum):
    """What the words are about; `NEITHER` where they tell nothing."""

    OUTAGE = "outage"
    OTHER = "other"
    NEITHER = "neither"


def speaks_of(text: str) -> Speaks:
    """Words that nobody uses of anything but an outage outweigh all; an error of something else is something else."""
    read = _plain(text)
    if _UNMISTAKABLE.search(read):
        return Speaks.OUTAGE
    if _is_of_another_matter(read):
        return Speaks.OTHER
    return Speaks.OUTAGE if _LIKELY.search(read) else Speaks.NEITHER


def asks_something_else(text: str) -> bool:
    """Whether a sentence of it is about another matter, whatever the others speak of."""
    sentences = (_plain(sentence) for sentence in _SENTENCE.split(text[:LONGEST_TEXT])[:MOST_SENTENCES])
    return any(_is_of_another_matter(one) and not _speaks_of_a_fault(one) for one in sentences)


def is_cry_for_help(text: str) -> bool:
    """Short, and of nothing but its urgency."""
    return len(text.split()) <= SHORT and _CRY.search(text) is not None


def _is_of_another_matter(read: str) -> bool:
    return _MATTER.search(read) is not None or _WISH.search(read) is not None


def _speaks_of_a_fault(read: str) -> bool:
    return _UNMISTAKABLE.search(read) is not None or _LIKELY.search(read) is not None


def _plain(text: str) -> str:
    return " ".join(text[:LONGEST_TEXT].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
