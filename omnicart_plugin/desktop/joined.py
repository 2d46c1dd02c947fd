"""A page's style sheets and modules, joined into one file of each: a cold browser pays for every file that it asks for.

The files stay plain ES modules, which a browser can as well load one by one. Joined, the modules that a page names
share one scope: no two may declare the same name at their top, which a browser tells by refusing the whole.
"""

import re
from collections.abc import Iterator, Mapping

_PAGE = "desktop.html"
_SHEET = re.compile(r'\s*<link rel="stylesheet" href="/static/(css/\w+\.css)">')
_MODULE = re.compile(
    r'\s*<(?:script type="module" src|link rel="modulepreload" href)="/static/js/(\w+)\.js">(?:</script>)?'
)
_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_HEAD = """
    <link rel="stylesheet" href="/static/joined/desktop.css">
    <script type="module" src="/static/joined/desktop.js"></script>"""


def joined(files: Mapping[str, str]) -> dict[str, str]:
    """The desktop's page, which names two files instead of many; the two; and what comes later, importing of them.

    Args:
        files: Text by path below `static`.
    """
    html = files[_PAGE]
    names = set(_MODULE.findall(html))
    whole = "".join(_in_sequence("main", files, set()))
    later = {path.removeprefix("js/") for path in files if path.startswith("js/")} - {f"{name}.js" for name in names}
    return {
        _PAGE: _MODULE.sub("", _SHEET.sub("", html)).replace("</title>", "</title>" + _HEAD),
        "joined/desktop.css": "".join(files[path] for path in _SHEET.findall(html)),
        "joined/desktop.js": _EXPORT.sub("", whole) + f"export {{ {', '.join(_EXPORT.findall(whole))} }};\n",
        **{f"joined/{name}": _IMPORT.sub(lambda found: _moved(found, names), files[f"js/{name}"]) for name in later},
    }


def _in_sequence(name: str, files: Mapping[str, str], seen: set[str]) -> Iterator[str]:
    """The module without its imports, after those that it imports: as a browser runs them."""
    seen.add(name)
    text = files[f"js/{name}.js"]
    for _, other in _IMPORT.findall(text):
        if other not in seen:
            yield from _in_sequence(other, files, seen)
    yield _IMPORT.sub("", text)


def _moved(found: re.Match[str], names: set[str]) -> str:
    return f'import {{ {found[1]} }} from "./desktop.js";\n' if found[2] in names else found[0]
