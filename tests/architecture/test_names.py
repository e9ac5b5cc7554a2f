"""A name means one thing: whoever imports a type from another package finds no second one of that name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import archlint

PACKAGE = Path(archlint.__file__).parent
TREES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): (
        path.parent,
        ast.parse(path.read_text("utf-8")),
    )
    for path in sorted(PACKAGE.rglob("*.py"))
}


def types_of(tree: ast.Module) -> Iterator[str]:
    """The public classes of a module, and the names that it gives to types, such as ``Route``."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        else:
            continue
        yield from (name for name in names if name[0].isupper() and not name.isupper())


def imported_elsewhere() -> set[tuple[str, str]]:
    """What packages import of others: the module, or the package that passes on what its modules define."""
    return {
        (node.module, alias.name)
        for folder, tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in TREES
        for alias in node.names
        if not folder.is_relative_to(TREES[node.module][0])
    }


def test_no_two_types_that_others_import_have_the_same_name() -> None:
    passed_on: dict[str, set[str]] = defaultdict(set)
    for module, name in imported_elsewhere():
        passed_on[name].add(module)
    homes: dict[str, list[str]] = defaultdict(list)
    for module, (_, tree) in TREES.items():
        for name in types_of(tree):
            if any(f"{module}.".startswith(f"{source}.") for source in passed_on[name]):
                homes[name].append(module)
    assert not {name: modules for name, modules in homes.items() if len(modules) > 1}
