"""A name means one thing: no two public classes of archlint are called alike."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import archlint

PACKAGE = Path(archlint.__file__).parent


def test_no_two_public_classes_have_the_same_name() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(path.relative_to(PACKAGE).as_posix())
    assert not {name: paths for name, paths in homes.items() if len(paths) > 1}
