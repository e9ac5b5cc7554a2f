"""A name means one thing: no two public classes or kinds of data of archlint are called alike."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import archlint

PACKAGE = Path(archlint.__file__).parent


def types_of(path: Path) -> Iterator[str]:
    """The public classes of a module, and the names that it gives to types, such as ``Route``."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        else:
            continue
        yield from (name for name in names if name[0].isupper() and not name.isupper())


def test_no_two_public_types_have_the_same_name() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in types_of(path):
            homes[name].append(path.relative_to(PACKAGE).as_posix())
    assert not {name: paths for name, paths in homes.items() if len(paths) > 1}
