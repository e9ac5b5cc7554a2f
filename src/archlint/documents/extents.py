"""Where the scalars of a YAML text are, for those who look for what lies between them."""

from __future__ import annotations

from typing import Any

import yaml
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from archlint.documents.marks import Extent
from archlint.documents.yaml import MAX_DEPTH


def scalar_extents(text: str) -> tuple[list[Extent], list[int], int]:
    """Offsets of all scalars and of all document starts, in order, and the offset up to which they are known.

    Reading stops where the text is no YAML or nests too deep.
    """
    extents: list[Extent] = []
    documents: list[int] = []
    depth = 0
    loader = yaml.CLoader(text)
    try:
        while depth <= MAX_DEPTH:
            event: Any = loader.get_event()
            if event is None or isinstance(event, StreamEndEvent):
                return extents, documents, len(text)
            kind = type(event)
            if kind is ScalarEvent:
                extents.append((event.start_mark.index, event.end_mark.index))
            elif kind in (MappingStartEvent, SequenceStartEvent):
                depth += 1
            elif kind in (MappingEndEvent, SequenceEndEvent):
                depth -= 1
            elif kind is DocumentStartEvent:
                documents.append(event.start_mark.index)
    except yaml.YAMLError:
        pass
    finally:
        loader.dispose()
    return extents, documents, extents[-1][1] if extents else 0
