"""A name means one thing: whoever imports a type from another package finds no second one of that name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import archlint

PACKAGE = Path(archlint.__file__).parent


def trees() -> dict[str, tuple[Path, ast.Module]]:
    """Each module with its folder; that of a package is itself."""
    return {
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


def imported_elsewhere(modules: Mapping[str, tuple[Path, ast.Module]]) -> set[tuple[str, str]]:
    """What packages import of others: the module, or the package that passes on what its modules define."""
    return {
        (node.module, alias.name)
        for folder, tree in modules.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in modules
        for alias in node.names
        if not folder.is_relative_to(modules[node.module][0])
    }


def test_no_two_types_that_others_import_have_the_same_name() -> None:
    passed_on: dict[str, set[str]] = defaultdict(set)
    modules = trees()
    for module, name in imported_elsewhere(modules):
        passed_on[name].add(module)
    homes: dict[str, list[str]] = defaultdict(list)
    for module, (_, tree) in modules.items():
        for name in types_of(tree):
            if any(f"{module}.".startswith(f"{source}.") for source in passed_on[name]):
                homes[name].append(module)
    doubled = {name: found for name, found in homes.items() if len(found) > 1}
    assert not doubled, (
        f"other packages import these from several homes, rename all but one of each: {doubled}"
    )
