"""Files that a browser would run if it were let: by type, by name, by content, and those that say one thing and are another."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from dataclasses import dataclass

from tests.walls.hostile.markup import CANARY

RUN = "console.log(/zq9/)"
GIF = b"GIF89a/*\x01\x00\x01\x00\x00\xff\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;*/=1;"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


@dataclass(frozen=True)
class Active:
    name: str
    content_type: str
    content: bytes


def _html(url: str) -> bytes:
    return f"<!doctype html><title>x</title><script>{RUN}</script><img src={url}/file.png><script src={url}/f.js></script>".encode()


def _svg(url: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script><image href="{url}/f.png"/></svg>'.encode()


def _zip(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def _pdf(url: str) -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</O<</S/URI/URI("
        + url.encode()
        + b"/pdf)>>>>>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def active_files(url: str = CANARY) -> list[Active]:
    html, svg = _html(url), _svg(url)
    xml = f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{url}/x.xsl"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'.encode()
    xslt = f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><script>{RUN}</script></html>'.encode()
    by_type = [
        Active(f"page{number}.{ending}", kind, html)
        for number, (ending, kind) in enumerate(
            [
                ("html", "text/html"), ("htm", "text/html; charset=utf-7"), ("shtml", "text/html"), ("xhtml", "application/xhtml+xml"), ("hta", "application/hta"),
                ("html.txt", "text/html"), ("txt", "text/html"), ("html", "text/plain"), ("png", "text/html"), ("html", "image/png"), ("jpg", "image/jpeg"),
                ("", "text/html"), ("html", ""), ("html", "*/*"), ("html", "text"), ("html", "text/html\r\nX-Zq9: 1"), ("html", "TEXT/HTML"), ("html", "text/html;"),
                ("html", "application/octet-stream"), ("html", "multipart/x-mixed-replace"), ("html", "image/svg+xml, text/html"), ("html", "unknown/unknown"),
                ("mht", "message/rfc822"), ("mhtml", "multipart/related"), ("eml", "message/rfc822"), ("css", "text/css"), ("js", "text/javascript"), ("mjs", "module"),
                ("json", "application/json"), ("wasm", "application/wasm"), ("swf", "application/x-shockwave-flash"), ("webmanifest", "application/manifest+json"),
                ("appcache", "text/cache-manifest"), ("vtt", "text/vtt"), ("php", "application/x-php"), ("htaccess", "text/plain"), ("url", "application/internet-shortcut"),
            ]
        )
    ]  # fmt: skip
    return [
        *by_type,
        Active("drawing.svg", "image/svg+xml", svg),
        Active("drawing.png", "image/png", svg),
        Active("drawing.svgz", "image/svg+xml", gzip.compress(svg)),
        Active("drawing.xml", "application/xml", svg),
        Active("data.xml", "text/xml", xml),
        Active("sheet.xsl", "text/xsl", xslt),
        Active("broken.xml", "application/xml", b"<a><script xmlns='http://www.w3.org/1999/xhtml'>" + RUN.encode()),
        Active("letter.pdf", "application/pdf", _pdf(url)),
        Active("letter.pdf.html", "application/pdf", html),
        Active("picture.gif", "image/gif", GIF + html),
        Active("picture.gif.js", "text/javascript", GIF),
        Active("picture.png", "image/png", PNG + html),
        Active("picture.jpg", "image/jpeg", JPEG + html),
        Active("picture.webp", "image/webp", b"RIFF\x24\0\0\0WEBPVP8 " + html),
        Active("sound.wav", "audio/wav", b"RIFF/*" + html),
        Active("page.zip", "application/zip", _zip(**{"../../evil.html": html, "/etc/cron.d/x": b"x", "a\\..\\b.html": html})),
        Active("letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _zip(**{"word/document.xml": xml})),
        Active("page.html.gz", "application/gzip", gzip.compress(html)),
        Active("both.html", "text/html", b"PK\x03\x04" + html),
        Active("utf7.txt", "text/plain; charset=utf-7", b"+ADw-script+AD4-" + RUN.encode() + b"+ADw-/script+AD4-"),
        Active("utf16.txt", "text/plain", html.decode().encode("utf-16")),
        Active("nothing.html", "text/html", b""),
    ]  # fmt: skip


NAMES = (
    "../../../etc/passwd", "..\\..\\windows\\system32\\a.dll", "/etc/cron.d/x", "C:\\autoexec.bat", "a\0.html", "\0", "", ".", "..", ".htaccess", "~", "con", "NUL.txt",
    "a" * 300 + ".html", "é" * 300, "a\r\nSet-Cookie: zq9=1", "a\nX: y", "a\u2028b", "invoice\u202efdp.exe", "a\u200b.exe", "\u2066a\u2069.exe", '"a"; filename="b.html', "a;b=c",
    "a'b\"c<x-zq9>.txt", "<img src=x onerror=console.log(/zq9/)>.png", "a%0d%0aX: y", "%2e%2e%2f%2e%2e%2fetc", "=?utf-8?q?..=2F..=2Fa?=", "a/b/c.txt", "a\\b", "a:b", "a|b",
    "a?b=c#d", "a&b", "a`id`", "$(id)", "{{7*7}}.txt", "%s%s%n", " a ", "a ", "a.", "a\t.txt", "-rf", "--help", "\ufeffa", "ａ.html", "a.html\u0000.png", "a.php.jpg", "𝕬.txt",
)  # fmt: skip
