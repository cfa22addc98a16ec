"""One record's dossier: a page that needs nothing else, to be read by people and kept for years."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import orjson

from labeler.domain.backfill.records import Status
from labeler.domain.backfill.words import STATUS_WORDS, amount

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2230; --soft: #5b6475; --line: #e3e6ec; --paper: #fff; --old: #f3efff;
  --new: #e9f7f6 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #a3abba; --line: #343a47; --paper: #171a21;
  --old: #2a2540; --new: #16302f } }
body { font: 15px/1.5 Inter, system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem }
h2 { font-size: 1.05rem; margin: 1.8rem 0 .4rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem } dt { color: var(--soft) }
dd { margin: 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .7rem; border-radius: .4rem; margin: 0 }
.old { background: var(--old) } .new { background: var(--new) }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid var(--line) } th { color: var(--soft); font-weight: 500 }
img { max-width: 100%; border: 1px solid var(--line) } audio { width: 100% }
.fine { color: var(--soft); font-size: .85rem; overflow-wrap: anywhere }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """The medium, or the part of it where the outputs differ; or why it is not shown."""

    content: bytes = b""
    kind: str = ""
    """A media type: `image/png`, `audio/flac`."""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a record's history."""

    at: str
    who: str
    what: str


def dossier_to_html(
    line: Mapping[str, Any], exhibit: Exhibit, history: Sequence[Entry], *, in_ledger: bool = True
) -> bytes:
    """The dossier of a sealed line of the ledger. Everything that comes from outside is escaped; no script runs."""
    decision = line["decision"]
    title = f"Decision {decision['decision_id']}: {decision['action']}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        _facts(line),
        "<h2>Evidence</h2>",
        _exhibit(exhibit),
        '<div class="pair">',
        *(f"<div><h2>{name} output</h2>{_output(line, side)}</div>" for side, name in (("old", "Old"), ("new", "New"))),
        "</div>",
        "<h2>History</h2>",
        _history(history),
        _proof(line) if in_ledger else "",
    ]
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )
    return page.encode()


def _proof(line: Mapping[str, Any]) -> str:
    return (
        f'<p class="fine">Line {line["line"] + 1} of the ledger, hash {line["hash"]}. '
        "<code>labeler check --ledger</code> shows that nothing in the ledger was changed, dropped or reordered.</p>"
    )


def _facts(line: Mapping[str, Any]) -> str:
    decision, handling = line["decision"], line["handling"]
    simulated = ", by simulated annotators" if line["simulated"] else ""
    facts = {
        "Decided": decision["decided_at"],
        "Item": f"{line['item']['id']} ({line['item']['modality']})",
        "Amount": amount(decision.get("amount"), decision.get("currency")),
        "Reversible": {True: "yes", False: "no"}.get(decision.get("reversible"), "unknown"),
        "Jurisdiction": decision.get("jurisdiction") or "–",
        "Contested": "yes: the two outputs differ materially" if line["contested"] else "no",
        "Status": STATUS_WORDS[Status(line["status"])] + simulated,
        "Disposition": handling["disposition"] or "–",
        "Due": handling["due"] or "–",
        "Steps done": ", ".join(handling["done"]) or "–",
        "Steps owed": ", ".join(handling["owed"]) or "–",
    }
    if extra := line["private"].get("decision", {}).get("value"):
        facts["Also known"] = orjson.dumps(extra).decode()
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts.items())
    return f"<dl>{rows}</dl>"


def _exhibit(exhibit: Exhibit) -> str:
    if not exhibit.content:
        return f'<p class="fine">{escape(exhibit.caption)}</p>'
    data = f"data:{exhibit.kind};base64,{b64encode(exhibit.content).decode()}"
    shown = (
        f'<img alt="" src="{data}">' if exhibit.kind.startswith("image/") else f'<audio controls src="{data}"></audio>'
    )
    return f'{shown}<p class="fine">{escape(exhibit.caption)}</p>'


def _output(line: Mapping[str, Any], side: str) -> str:
    output = line["private"].get(f"output {side}", {}).get("value")
    hashed = f'<p class="fine">{escape(line["outputs"][side]["sha256"])}</p>'
    if output is None:
        return f'<p class="fine">There is none.</p>{hashed}'
    said = output.get("text")
    text = said if isinstance(said, str) else orjson.dumps(output, option=orjson.OPT_INDENT_2).decode()
    return (
        f'<p class="fine">{escape(line["outputs"][side]["model"])}</p><pre class="{side}">{escape(text)}</pre>{hashed}'
    )


def _history(history: Sequence[Entry]) -> str:
    rows = "".join(
        f"<tr><td>{escape(entry.at)}</td><td>{escape(entry.who)}</td><td>{escape(entry.what)}</td></tr>"
        for entry in history
    )
    return f"<table><tr><th>when</th><th>who</th><th>what</th></tr>{rows}</table>"
