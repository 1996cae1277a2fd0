"""A fault found: long Message-IDs that a mail program wrote as encoded words were not recognised, and answers became new tickets."""

from __future__ import annotations

from sportello.mail.parsing.parse import parse

RAW = (
    b"From: laura@example.it\r\n"
    b"In-Reply-To: =?utf-8?q?=3Ct=2Eiwh7xkfn7ncaxje74jekz5znai=2Edlbw6naitom7sdij?=\r\n"
    b" =?utf-8?q?=2Eeauetrdxrxjaxqu6=40provider=2Eexample=3E?=\r\n"
    b"References: <first@example.it>\r\n =?utf-8?q?_=3Csecond=40provider=2Eexample=3E?=\r\n"
    b"\r\nFunziona, grazie.\r\n"
)


def test_message_ids_written_as_encoded_words_are_read() -> None:
    mail = parse(RAW)
    assert mail.in_reply_to == ("t.iwh7xkfn7ncaxje74jekz5znai.dlbw6naitom7sdij.eauetrdxrxjaxqu6@provider.example",)
    assert mail.references == ("first@example.it", "second@provider.example")


def test_message_ids_in_brackets_written_as_for_html_are_read() -> None:
    mail = parse(b"From: a@x.example\r\nReferences: &lt;first@x.example&gt; &lt;second@x.example&gt;\r\n\r\nx\r\n")
    assert mail.references == ("first@x.example", "second@x.example")
