"""Names of columns out of header rows."""

from __future__ import annotations

JOIN = " – "


def combine_headers(parts: list[list[str]]) -> list[str]:
    """Names out of several header rows: the groups above carried over the columns they span, joined to the name.

    The last row is the one of single columns: there an empty cell stays empty, and a column without a name of its own
    is called by what stands above it.
    """
    width = max(map(len, parts))
    padded = [[" ".join(cell.split()) for cell in part] + [""] * (width - len(part)) for part in parts]
    carried = []
    for depth, part in enumerate(padded[:-1]):
        row: list[str] = []
        for place, cell in enumerate(part):
            new = any(padded[above][place] for above in range(depth))  # a new group above ends the one before
            row.append(cell or ("" if new or not row else row[-1]))
        carried.append(row)
    names = []
    for place in range(width):
        own = padded[-1][place]
        above = [row[place] for row in carried if own or any(part[place] for part in padded)]
        words = [word for word in [*above, own] if word]
        names.append(JOIN.join(dict.fromkeys(words)))
    return names
