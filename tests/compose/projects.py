"""Small Compose projects for the tests."""

from __future__ import annotations

from pathlib import Path

from archlint.documents import TextFile
from archlint.files import LineIndex
from archlint.finding import Place
from archlint.model.compose import ComposeService
from archlint.model.compose.woven import LineOrigin, Piece, Woven
from tests.arch.worlds import world_of


def services_of(folder: Path, **files: str) -> dict[str, ComposeService]:
    """The services of some files by name; ``compose_yaml`` stands for ``compose.yaml``."""
    return services(folder, {name.replace("_", "."): text for name, text in files.items()})


def services(folder: Path, files: dict[str, str]) -> dict[str, ComposeService]:
    """The services of some files by name."""
    return {item.name: item for item in ComposeService.all(world_of(folder, dict(files)))}


def environment(service: ComposeService) -> dict[str, str]:
    """The variables of a service."""
    return {item.name: item.text for item in service.variables}


def at(place: Place) -> str:
    """A place as people write it."""
    span = place.span()
    return f"{place.source.path}:{span.line}:{span.column}-{span.end_column}"


def written(text: str) -> Woven:
    """A text that stands in a file alone."""
    return Woven((Piece(text, LineOrigin(TextFile("x"), LineIndex(text), 0, len(text))),))


def known(text: Woven) -> str:
    """What is known of a text."""
    return "".join(piece.text for piece in text.pieces if piece.is_known)
