"""Rows that say which column each cell belongs to, so that a phone can show a row as a small card.

The roles are spelled out because a table that is no longer laid out as one loses them in some browsers.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, repeat

from markupsafe import Markup, escape

_PARTS = re.compile(r"<(tr|td|th)\b(?![^>]*\brole=)")
_ROLES = {"tr": "row", "td": "cell", "th": "rowheader"}


def labelled_cells(rows: str, heads: Sequence[str | tuple[str, str]]) -> Markup:
    """`rows` (the markup of a tbody) with a role on every part and the column's name on every cell."""
    names = [head if isinstance(head, str) else head[0] for head in heads]
    columns: Iterator[str] = iter(())

    def mark(part: re.Match[str]) -> str:
        nonlocal columns
        tag = part[1]
        if tag == "tr":
            columns = chain(names, repeat(""))
            return f'<{tag} role="{_ROLES[tag]}"'
        label = next(columns, "")
        said = f' data-label="{escape(label)}"' if label else ""
        return f'<{tag} role="{_ROLES[tag]}"{said}'

    return Markup(_PARTS.sub(mark, str(rows)))
