"""What a text is about, in the words of hosting: different words for one thing, in Italian and in English, are one topic.

Runs of characters do not see that a clone is a copy, or that `caselle` and `mailboxes` are the same; this list does. A word belongs to the topics
with whose beginnings it begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

_TOPICS: Mapping[str, str] = {
    "certificate": "certificat cert ssl https tls lucchetto padlock sicuro secure privata private encrypt",
    "redirect": "redirect reindirizz reindirizza loop rinvi http_redirect",
    "forbidden": "forbidden 403 permess permission chmod negato denied autorizz",
    "server error": "500 internal fatal uncaught",
    "database": "database mysql mariadb sql phpmyadmin dump mysqld postgres",
    "blank page": "bianc blank white vuot empty",
    "slow": "lent slow rallent prestaz performance velocit speed ages forever",
    "hacked": "hack virus malware compromess compromis violat bucat infett infect giappon japan",
    "plugin": "plugin tema theme elementor woocommerce estension extension aggiorn updat upgrade",
    "cron": "cron pianificat scheduled notturn nightly",
    "ftp": "ftp sftp filezilla",
    "ssh": "ssh publickey chiav key keys",
    "space": "spazio space quota disco disk pien full partizion partition",
    "backup": "backup ripristin restor recuper recover snapshot istantane",
    "copy": "copia copy clon staging test prova duplic",
    "import": "import carica upload",
    "php": "php php.ini upload_max_filesize post_max_size",
    "form": "form modulo contatti enquir contact7",
    "shop": "carrello checkout cart pag pay paypal ordin order negozio shop vendit sale",
    "pictures": "immagin image foto photo pictur",
    "style": "css grafica layout stil style sballat",
    "maintenance": "manutenzion maintenance",
    "suspended": "sospes suspen",
    "default page": "default predefinit works apache",
    "password": "password credenzial credential pwd passwd",
    "login": "login accesso accedere entro entra wp-admin",
    "two factors": "2fa fattori factor autentic authenticator codici telefono",
    "panel": "pannello panel area",
    "sending": "invia invio inviar sped send smtp outbox uscita outgoing",
    "receiving": "ricev arriv receiv incoming entrata inbox",
    "mailbox": "casell mailbox indirizz",
    "rejected": "respint rifiut rejected reject bounce unauthenticated spf dkim dmarc gmail google",
    "block list": "blacklist blocklist spamhaus lista listed delist",
    "spam": "spam junk indesiderat pubblicit spazzatur hotmail",
    "forged": "finte finta falsa false fake spoof phishing forged fattura",
    "forward": "inoltr forward",
    "attachment": "allegat attachment size dimension mega",
    "webmail": "webmail roundcube",
    "outlook": "outlook",
    "phone": "iphone cellulare telefono phone android imap",
    "delay": "ritard delay late tardi",
    "newsletter": "newsletter iscritt limite limit",
    "away": "ferie risponditor risposta assenza holiday vacation autoresponder ufficio",
    "migration": "migra trasfer spost transfer move moved",
    "expired": "scad expir",
    "renewal": "rinnov renew",
    "nameservers": "nameserver dns nxdomain propag risolve resolv dns_probe_finished_nxdomain",
    "dnssec": "dnssec servfail firma signature bogus",
    "transfer code": "auth authinfo authcode epp registrar",
    "records": "txt record cname mx autodiscover verifica verification",
    "subdomain": "sottodomin subdomain livello",
    "owner": "intestatar registrant ragione owner company document visura",
    "unreachable": "ping irraggiungib unreach risponde respond down giu riavvi reboot restart",
    "memory": "memory oom killed memoria ram",
    "port 25": "porta port 25 filtr",
    "reverse": "reverse ptr invers rdns",
    "network": "packet loss pacchetti perdita mtr banda bandwidth mbit connettivit network",
    "logs": "log logs",
    "invoice": "fattur invoice sdi commercialista accountant",
    "payment": "pagat pagament paid payment bonifico rimbors refund addebit charged",
    "tax number": "iva p.iva vat nota",
    "cancel": "disd cessaz cancel rinnovato closing chiudiamo",
    "plan": "piano plan business upgrade",
    "colleague": "webmaster collaborator utente user",
    "quote": "preventiv offerta quote dedicat",
    "statistics": "statistich awstats visite visits",
    "search engine": "indicizz robots search seo",
    "address blocked": "bloccato sblocc ban bannat",
    "interface": "api wp-json rest sincronizz sync gestionale 401",
    "compression": "brotli gzip http compression",
    "traffic": "traffic video banda",
    "twice": "doppi duplicat twice double doubled",
    "certified": "pec certificata",
    "calendar": "calendar agenda caldav",
    "another's": "altrui azienda estraneo sbagliato wrong someone",
    "lost": "spari vanish disappear scompars gone perso lost",
}


def topics_of(words: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(_of, {word[:_LONGEST] for word in words}))


@lru_cache(16384)
def _of(word: str) -> frozenset[str]:
    beginnings = (word[:length] for length in range(2, len(word) + 1))
    return frozenset(topic for beginning in beginnings for topic in _BY_BEGINNING.get(beginning, ()))


def _turned() -> dict[str, frozenset[str]]:
    turned: defaultdict[str, set[str]] = defaultdict(set)
    for topic, beginnings in _TOPICS.items():
        for beginning in beginnings.split():
            turned[beginning].add(topic)
    return {beginning: frozenset(topics) for beginning, topics in turned.items()}


_BY_BEGINNING = _turned()
_LONGEST = max(map(len, _BY_BEGINNING))
