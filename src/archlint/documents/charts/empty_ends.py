"""Texts of rendered charts that lack an end: ``link-{{ .Values.cluster }}`` where nobody names a cluster.

Whoever installs the chart says it, so what such a text is without it is no fault of the chart.
"""

from __future__ import annotations

from archlint.documents.kustomize.built import source_at
from archlint.documents.node import Node

_SEPARATORS = ("-", ".")
_QUOTES = "\"'"


def lacks_an_end(node: Node) -> bool:
    """Whether a text begins or ends with a sign beside which the template writes a value that is empty."""
    text = node.text
    if not text or (text[0].isalnum() and text[-1].isalnum()):
        return False
    from archlint.documents.charts.placing import TemplateToken  # 7 ms, for a name that is wrong

    source = source_at(node.value_place())
    if not isinstance(source, TemplateToken):
        return False
    written = _written(source.value_text.strip(_QUOTES))
    if len(written) == 1:
        return False
    return (not written[0] and _is_cut(text[::-1], written[1][::-1])) or (
        not written[-1] and _is_cut(text, written[-2])
    )


def _is_cut(text: str, before: str) -> bool:
    """Whether a text ends with the sign that the template writes before its last action; what a helper puts
    together, of which nothing stands here, is taken to be cut at a dash or dot."""
    return not text[-1].isalnum() and text.endswith(before or _SEPARATORS)


def _written(text: str) -> list[str]:
    """What stands in a template before, between and after its actions."""
    from archlint.documents.charts.template_marks import actions

    found, at = [], 0
    for start, end in actions(text):
        found.append(text[at:start])
        at = end
    return [*found, text[at:]]
