"""The mail reader as a corpus runner wants it: `analyse(raw, fmt) -> dict` of plain values."""

from __future__ import annotations

from typing import Any

from sportello.mail.parsing import ParsedMail, authentication, charset, html, html_lines, lines, reply
from sportello.mail.parsing.limits import DEFAULT
from sportello.mail.parsing.parse import parse
from sportello.mail.parsing.structure import Walk, read_tree


def analyse(raw: bytes, fmt: str = "eml") -> dict[str, Any]:
    if fmt != "eml":
        return _body_alone(charset.decode(raw, "utf-8")[0], fmt)
    return _whole_mail(parse(raw, trusted_authserv=_topmost_server(raw)))


def _body_alone(text: str, fmt: str) -> dict[str, Any]:
    tree = html.tree(text) if fmt == "html" else None
    body = lines.of_text(text) if fmt != "html" else [] if tree is None else html_lines.of_html(tree)
    answer = reply.read(body)
    return {"body": lines.joined(body), "reply_text": answer.new, "unquoted_text": answer.unquoted}


def _topmost_server(raw: bytes) -> str:
    """A corpus does not say whose server took the mail in: the last one that wrote a result is taken for ours."""
    return next(iter(authentication.servers(read_tree(raw, Walk(DEFAULT)).headers)), "")


def _whole_mail(mail: ParsedMail) -> dict[str, Any]:
    bounced = mail.bounce.recipients if mail.bounce else ()
    return {
        "from_addr": mail.from_addr,
        "from_name": mail.from_name,
        "sender_addr": mail.sender_addr,
        "subject": mail.subject,
        "to": list(mail.to),
        "cc": list(mail.cc),
        "recipients": list(mail.recipients),
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "body": [mail.text, mail.html_text],
        "reply_text": mail.reply_text,
        "unquoted_text": mail.unquoted_text,
        "attachments": [{"name": file.name, "size": file.size} for file in mail.attachments],
        "is_bounce": mail.is_bounce,
        "bounce_recipients": [recipient.address for recipient in bounced],
        "bounce_status": [recipient.status for recipient in bounced],
        "bounce_transient": mail.bounce is not None and mail.bounce.transient,
        "bounce_hard": mail.bounce is not None and mail.bounce.hard,
        "bounce_of": list(mail.bounce.bounce_of) if mail.bounce else [],
        "is_complaint": mail.is_complaint,
        "is_autoreply": mail.is_autoreply or mail.automatic.machine,
        "is_list": mail.is_list,
        "is_spam": mail.is_spam,
        "is_encrypted": mail.is_encrypted,
        "is_smime_signed": mail.is_smime_signed,
        "is_pgp_signed": mail.is_pgp_signed,
        "forward_from": mail.forward_from,
        "dmarc": mail.authentication.dmarc.result if mail.authentication.dmarc else "",
        "headers_kept": ["X-Sportello-Loop"],
        "error": next((problem for problem in mail.problems if problem.startswith("unreadable")), ""),
    }
