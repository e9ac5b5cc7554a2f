"""Where diagrams and the graph differ, as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from archlint.finding import Place
from archlint.finding.words import listed, quoted
from archlint.model.diagrams.drift import Comparison, Difference, DriftKind
from archlint.model.diagrams.elements import Diagram
from archlint.model.graph import Evidence
from archlint.reports.characters import safe_json, visible

VERSION = 1
_COUNTED = {
    DriftKind.ARROW_WITHOUT_EDGE: ("arrow that nothing shows", "arrows that nothing shows"),
    DriftKind.EDGE_NOT_DRAWN: ("connection that is not drawn", "connections that are not drawn"),
    DriftKind.BOX_WITHOUT_NODE: ("box that nothing is behind", "boxes that nothing is behind"),
    DriftKind.SERVICE_NOT_DRAWN: ("service that is not drawn", "services that are not drawn"),
}
_LONGEST_NAME = 200
_MOST_NAMES = 40


def drift_text(comparisons: Sequence[Comparison]) -> str:
    """Each difference on a line that begins with its place, what is drawn wrong before what is left out, and
    a line of sums."""
    differences = [item for comparison in comparisons for item in comparison.differences]
    left_out = [item for item in differences if item.kind is DriftKind.SERVICE_NOT_DRAWN]
    rest = (item for item in differences if item.kind is not DriftKind.SERVICE_NOT_DRAWN)
    lines = [f"{_where(item.place)}: {difference_message(item)}" for item in rest]
    lines += _left_out(left_out)
    diagrams = sum(len(comparison.compared) for comparison in comparisons)
    compared = "1 diagram" if diagrams == 1 else f"{diagrams} diagrams"
    if not differences:
        return f"No difference between {compared} and the files.\n"
    counts = Counter(item.kind for item in differences)
    said = ", ".join(
        f"{counts[kind]} {_COUNTED[kind][counts[kind] > 1]}" for kind in DriftKind if counts[kind]
    )
    total = "1 difference" if len(differences) == 1 else f"{len(differences)} differences"
    return "\n".join([*lines, "", f"{total} between {compared} and the files: {said}."]) + "\n"


def _left_out(differences: Sequence[Difference]) -> Iterator[str]:
    """The services that pictures lack, those of one picture on one line."""
    names: dict[str, list[Difference]] = {}
    for item in differences:
        names.setdefault(_where(item.place), []).append(item)
    for where, items in names.items():
        if len(items) == 1:
            yield f"{where}: {difference_message(items[0])}"
        else:
            shown = listed(quoted(visible(item.source, _LONGEST_NAME) for item in items), _MOST_NAMES)
            yield f"{where}: {len(items)} services are not drawn: {shown}. Add boxes."


def drift_json(comparisons: Sequence[Comparison]) -> str:
    """One JSON object with the diagrams that were compared and all differences."""
    layout = {
        "version": VERSION,
        "diagrams": [
            {
                **_place(diagram.place),
                "notation": diagram.notation.value,
                "compared": is_compared,
                **_sizes(diagram),
            }
            for comparison in comparisons
            for is_compared, diagrams in ((True, comparison.compared), (False, comparison.others))
            for diagram in diagrams
        ],
        "differences": [_difference(item) for comparison in comparisons for item in comparison.differences],
    }
    return safe_json(json.dumps(layout, indent=2, ensure_ascii=False)) + "\n"


def difference_message(item: Difference) -> str:
    """One difference for people: what is so, what shows it, what to do."""
    source, target = visible(item.source, _LONGEST_NAME), visible(item.target, _LONGEST_NAME)
    shown = _shown_by(item.evidence)
    match item.kind:
        case DriftKind.ARROW_WITHOUT_EDGE if item.evidence:
            return f"'{source}' does not call '{target}'; it is the other way round{shown}. Turn the arrow."
        case DriftKind.ARROW_WITHOUT_EDGE if not item.is_source_known:
            return (
                f"nothing in the files shows that '{source}' calls '{target}',"
                f" nor whom '{source}' calls at all. Remove the arrow, or name its configuration in PATH."
            )
        case DriftKind.ARROW_WITHOUT_EDGE:
            return f"nothing in the files shows that '{source}' calls '{target}'. Remove the arrow."
        case DriftKind.EDGE_NOT_DRAWN:
            return f"'{source}' calls '{target}'{shown}, which is not drawn. Add an arrow."
        case DriftKind.BOX_WITHOUT_NODE:
            return f"there is no '{source}' in the files. Remove the box, or call it as the files do."
    return f"the service '{source}' is not drawn. Add a box."


def _shown_by(evidence: Sequence[Evidence]) -> str:
    if not evidence:
        return ""
    return f" ({_where(evidence[0].place)} {visible(evidence[0].text, _LONGEST_NAME)})"


def _where(place: Place) -> str:
    span = place.span()
    return f"{visible(place.source.path)}:{span.line}:{span.column}"


def _difference(item: Difference) -> dict[str, Any]:
    ends = {"name": item.source} if not item.target else {"from": item.source, "to": item.target}
    evidence = [
        {**_place(each.place), "text": each.text, "confidence": each.confidence.value}
        for each in item.evidence
    ]
    span = item.place.span()
    fields: dict[str, Any] = {
        "kind": item.kind.value,
        **_place(item.place),
        "end_line": span.end_line,
        "end_column": span.end_column,
        **ends,
        "message": difference_message(item),
    }
    return {**fields, "evidence": evidence} if evidence else fields


def _place(place: Place) -> dict[str, Any]:
    span = place.span()
    return {"path": place.source.path, "line": span.line, "column": span.column}


def _sizes(diagram: Diagram) -> dict[str, int]:
    return {"boxes": len(diagram.boxes), "arrows": len(diagram.arrows)}
