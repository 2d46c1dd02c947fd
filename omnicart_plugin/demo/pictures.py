"""Pictures of goods, drawn as SVG in a ``data:`` address, so that nothing is fetched."""

from urllib.parse import quote

_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120">'
    '<rect width="120" height="120" fill="{back}"/>'
    '<ellipse cx="60" cy="104" rx="38" ry="5" fill="#0002"/>{drawing}</svg>'
)
_DRAWINGS = {
    "bag": (
        '<path d="M36 24h48l4 78H32z" fill="{main}"/><path d="M36 24h48l1 12H35z" fill="#0003"/>'
        '<rect x="42" y="52" width="36" height="30" rx="3" fill="#fffd"/>'
        '<ellipse cx="60" cy="67" rx="7" ry="10" fill="{main}" transform="rotate(30 60 67)"/>'
        '<path d="M56 60q8 7 8 14" stroke="#fff" stroke-width="1.5" fill="none"/>'
    ),
    "tin": (
        '<rect x="36" y="36" width="48" height="66" rx="5" fill="{main}"/>'
        '<rect x="34" y="28" width="52" height="12" rx="4" fill="#0004"/>'
        '<path d="M60 54c14 8 10 24 0 32c-10-8-14-24 0-32z" fill="#fffc"/>'
        '<path d="M60 58v24" stroke="{main}" stroke-width="2"/>'
    ),
    "cup": (
        '<path d="M32 50h48v26q0 24-24 24t-24-24z" fill="{main}"/>'
        '<ellipse cx="56" cy="50" rx="24" ry="6" fill="#4a2c1a"/>'
        '<path d="M80 58q16-2 14 12t-17 13" stroke="{main}" stroke-width="6" fill="none"/>'
        '<path d="M48 38q-5-8 1-15M62 38q-5-8 1-15" stroke="#0003" stroke-width="3" fill="none"/>'
    ),
    "kettle": (
        '<path d="M40 56h44l6 46H34z" fill="{main}"/>'
        '<rect x="46" y="48" width="32" height="9" rx="4" fill="#0004"/>'
        '<path d="M38 88q-16-2-17-24t-8-26" stroke="{main}" stroke-width="5" fill="none"/>'
        '<path d="M84 62q22-4 18 14t-13 18" stroke="#3a3a3a" stroke-width="6" fill="none"/>'
    ),
    "dripper": (
        '<path d="M30 30h60L68 70H52z" fill="{main}"/>'
        '<path d="M44 30l12 36M76 30L64 66" stroke="#0002" stroke-width="3"/>'
        '<rect x="40" y="70" width="40" height="6" rx="3" fill="#0004"/>'
        '<path d="M44 78h32l5 24H39z" fill="#fff8" stroke="{main}" stroke-width="2"/>'
    ),
    "grinder": (
        '<rect x="44" y="44" width="32" height="58" rx="6" fill="{main}"/>'
        '<rect x="44" y="66" width="32" height="6" fill="#0003"/>'
        '<path d="M60 44V28h32" stroke="#3a3a3a" stroke-width="5" fill="none"/>'
        '<circle cx="94" cy="27" r="7" fill="#8a5a3a"/>'
    ),
    "box": (
        '<path d="M24 46l36-16 36 16v44l-36 14-36-14z" fill="{main}"/>'
        '<path d="M24 46l36 15 36-15M60 61v43" stroke="#0003" stroke-width="2" fill="none"/>'
        '<path d="M42 38l36 15v14" stroke="#fffa" stroke-width="5" fill="none"/>'
    ),
    "card": (
        '<rect x="22" y="38" width="76" height="50" rx="6" fill="{main}"/>'
        '<circle cx="84" cy="52" r="7" fill="#fff8"/>'
        '<path d="M32 66h34M32 75h22" stroke="#fffb" stroke-width="4" stroke-linecap="round"/>'
    ),
}


def picture(drawing: str, main: str, back: str = "#f3ece2") -> str:
    """`main` and `back` are colours such as ``#aabbcc``."""
    svg = _FRAME.format(back=back, drawing=_DRAWINGS[drawing].format(main=main))
    return f"data:image/svg+xml,{quote(svg)}"
