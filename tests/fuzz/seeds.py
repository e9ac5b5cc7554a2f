"""What the fuzzer starts from: the examples of all rule pages, the fixtures, and configurations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.fuzz.configurations import configurations
from tests.rules.pages import cases_of

_TOP = Path(__file__).parents[2]
_SHOP = _TOP / "fixtures" / "shop"
_TEXT = frozenset({".yaml", ".yml", ".json", ".proto", ".sql", ".md", ".py", ".tpl", ""})


@dataclass(frozen=True)
class Seed:
    """A small repository, and what it was before, where a page or the fixtures tell."""

    name: str
    files: dict[str, str]
    base: dict[str, str] = field(default_factory=dict)
    configures: bool = False
    """Whether it is about what archlint itself is told."""


@cache
def seeds() -> tuple[Seed, ...]:
    """All seeds, in an order that no machine changes."""
    return (*_of_pages(), *_of_fixtures(), *_of_configurations())


def _of_pages() -> Iterator[Seed]:
    for page in sorted((_TOP / "rules").rglob("*.md")):
        body = page.read_text("utf-8").split("\n---\n", 1)[-1]
        for case in cases_of(body):
            yield Seed(f"{page.stem} {case.name}", dict(case.files), dict(case.base))


def _of_fixtures() -> Iterator[Seed]:
    """Each file of the broken shop with its neighbours in the folder, beside the clean ones."""
    folders = sorted({path.parent for path in (_SHOP / "broken").rglob("*") if path.is_file()})
    for folder in folders:
        relative = folder.relative_to(_SHOP / "broken")
        yield Seed(f"shop {relative}", _texts(_SHOP / "broken", relative), _texts(_SHOP / "clean", relative))


def _texts(top: Path, folder: Path) -> dict[str, str]:
    found = sorted((top / folder).glob("*")) if (top / folder).is_dir() else []
    return {
        path.relative_to(top).as_posix(): path.read_text("utf-8")
        for path in found
        if path.is_file() and path.suffix in _TEXT
    }


def _of_configurations() -> Iterator[Seed]:
    yield from (Seed(name, files, configures=True) for name, files in configurations())
