"""What nobody sets, in objects that nobody deploys: it may be anything, and is no fault.

Unknown is what an empty value leaves empty, what is null since there was nothing to write, and a number that
a template reckons, as it may reckon with what is not set.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.documents.charts.placing import TemplateToken
from archlint.documents.document import Document
from archlint.documents.kustomize.values import Value, root_of
from archlint.finding import Route

UNSET = "${unset}"
"""What stands for a value that somebody would set: no rule reports on a variable without a value."""


def make_unset(root: Value) -> None:
    """Put ``UNSET`` into an object in place of what is unknown."""
    waiting = [root]
    while waiting:
        here = waiting.pop()
        if isinstance(here.data, dict):
            waiting.extend(here.data.values())
        elif here.data and isinstance(here.data, list):
            waiting.extend(here.data)
        elif _is_unknown(here):
            here.data = UNSET


def _is_unknown(value: Value) -> bool:
    data = value.data
    if data is None:
        return True
    source, route = root_of(value.origin)
    if data in ("", []) and not isinstance(data, (bool, int)):
        return isinstance(source, Document) and source.at(route).value in ("", [], None)
    is_number = isinstance(data, (int, float)) and not isinstance(data, bool)
    return is_number and isinstance(source, TemplateToken) and "{{" in source.value_text


def open_maps(data: Any) -> Iterator[Route]:
    """The maps that hold what somebody would set: nothing is known to be missing in them."""
    waiting: list[tuple[Any, Route]] = [(data, ())]
    while waiting:
        here, route = waiting.pop()
        if isinstance(here, dict):
            if UNSET in here:
                yield route
            waiting.extend((item, (*route, key)) for key, item in here.items())
        elif isinstance(here, list):
            waiting.extend((item, (*route, index)) for index, item in enumerate(here))
