"""Compares how the fields of a form are encoded: their media types and styles."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.openapi.changes import Direction
from archlint.comparison.openapi.element_changes import SerializationChanged
from archlint.comparison.openapi.labels import about, label
from archlint.comparison.openapi.scene import OperationPair, Scene
from archlint.documents import Node

_Difference = tuple[str, str, str, bool]
"""Keyword, what it was, what it is, and whether it only takes less."""


def compare_encodings(
    scene: Scene, pair: OperationPair, direction: Direction, medias: tuple[Node, Node]
) -> None:
    """Tell of fields that are encoded otherwise; ``medias`` are the media type before and after."""
    old, new = (media.get("encoding") for media in medias)
    for name in {**dict(old.items()), **dict(new.items())}:
        before, after = old.get(name), new.get(name)
        for keyword, was, now, is_narrower in _differences(direction, before, after):
            at = after.get(keyword) if after.get(keyword).exists else after if after.exists else medias[1]
            change = SerializationChanged(
                at=at.place(),
                was=before.get(keyword).place(),
                about=about(medias[1]),
                where=label(medias[1]),
                realm=pair.realm,
                direction=direction,
                name=name,
                location="form field",
                keyword=keyword,
                old=was,
                new=now,
                is_narrower=is_narrower,
            )
            scene.report(change, pair.name, None)


def _differences(direction: Direction, before: Node, after: Node) -> Iterator[_Difference]:
    old, new = _types(before), _types(after)
    if old and new:
        lost = (old - new) if direction is Direction.REQUEST else (new - old)
        if lost:
            yield "contentType", ", ".join(sorted(old)), ", ".join(sorted(new)), bool(old & new)
    one, two = _style(before), _style(after)
    if one != two:
        yield "style", one, two, False
    if before.get("allowReserved").value is True and after.get("allowReserved").value is not True:
        yield "allowReserved", "true", "false", True


def _types(encoding: Node) -> set[str]:
    stated = encoding.get("contentType").text or ""
    return {part.strip().lower() for part in stated.split(",") if part.strip()}


def _style(encoding: Node) -> str:
    style, explode = encoding.get("style").text or "form", encoding.get("explode").value
    is_exploded = explode if isinstance(explode, bool) else style == "form"
    return f"{style}, {'exploded' if is_exploded else 'not exploded'}"
