"""What evidence shows of contracts, as a table for people and as data."""

from __future__ import annotations

import json
from collections.abc import Sequence

from archlint.comparison.evidence.coverage import CoverageRow
from archlint.reports.characters import visible


def coverage_json(rows: Sequence[CoverageRow]) -> str:
    """The rows as data; what does not apply is left out."""
    listed = [
        {
            key: value
            for key, value in (
                ("contract", row.contract),
                ("method", row.method),
                ("path", row.path),
                ("status", row.status),
                ("media_type", row.media_type),
                ("property", row.property),
                ("seen", row.seen),
            )
            if value != ""
        }
        for row in rows
    ]
    return json.dumps({"version": 1, "rows": listed}, indent=1) + "\n"


def coverage_markdown(rows: Sequence[CoverageRow]) -> str:
    """The rows as a table, with how many of each kind were seen above it."""
    lines = [
        _totals(rows),
        "",
        "| operation | status | media type | property | seen |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (f"{row.method} {row.path}", row.status, row.media_type, row.property, str(row.seen))
        lines.append("| " + " | ".join(visible(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _totals(rows: Sequence[CoverageRow]) -> str:
    kinds = (
        ("operations", [row for row in rows if not (row.status or row.media_type or row.property)]),
        ("statuses", [row for row in rows if row.status and not row.media_type]),
        ("media types", [row for row in rows if row.media_type and not row.property]),
        ("properties", [row for row in rows if row.property]),
    )
    told = (f"{sum(1 for row in some if row.seen)} of {len(some)} {name}" for name, some in kinds)
    return f"Seen: {', '.join(told)}."
