"""Who owns a path, by the lines of CODEOWNERS files of GitHub and GitLab."""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path

import pytest

from archlint.model.ownership.codeowners import code_owners
from tests.arch.worlds import world_of


def owners_in(folder: Path, text: str, path: str, home: str = "CODEOWNERS") -> tuple[str, ...]:
    """The owners of a path as a file of this text names them."""
    [file] = world_of(folder, {home: text}).fact(code_owners)
    line = file.line_of(path)
    return line.owners if line else ()


@pytest.mark.parametrize(
    ("text", "path", "owners"),
    [
        ("* @a", "x/y.yaml", "@a"),
        ("* @a @b", "x/y.yaml", "@a @b"),
        ("* @a # @b", "y.yaml", "@a"),
        ("#* @a", "y.yaml", ""),
        ("a#b @a", "a#b", "@a"),
        ("a\\ b @a", "a b", "@a"),
        ("a\\ b @a", "a", ""),
        ("/ @a", "y.yaml", ""),
        ("* @a\n*.yaml @b", "y.yaml", "@b"),
        ("* @a\n*.yaml @b", "y.json", "@a"),
        ("*.yaml @b\n* @a", "y.yaml", "@a"),
        ("* @a\n/x/", "x/y.yaml", ""),
        ("[X]\n* @a\n[Y]\n* @b", "y.yaml", "@a"),
        ("[X]\nz @a\n[Y]\n* @b", "y.yaml", "@b"),
        ("[X]\n* @a\n/x/\n[Y]\n* @b", "x/y.yaml", "@b"),
        ("[X]\n* @a\n[Y]\n/x/", "x/y.yaml", "@a"),
        ("[X]\n* @a\n[Y]\n* @b\n[x]\n* @c", "y.yaml", "@c"),
        ("[X] @a @b\n*", "y.yaml", "@a @b"),
        ("[X] @a\n* @c", "y.yaml", "@c"),
        ("[X] @a\n[Y]\n*", "y.yaml", ""),
        ("^[X][2] @a\n*", "y.yaml", "@a"),
    ],
)
def test_the_last_line_that_matches_counts_in_each_section(
    tmp_path: Path, text: str, path: str, owners: str
) -> None:
    assert owners_in(tmp_path, text + "\n", path) == tuple(owners.split())


@pytest.mark.parametrize(
    "home", ["CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"]
)
@pytest.mark.parametrize("top", ["", "inner/", "inner/most/"])
def test_a_file_counts_for_the_repository_that_it_would_stand_at_the_top_of(
    tmp_path: Path, home: str, top: str
) -> None:
    for path, is_owned in (
        (f"{top}deploy/a.yaml", True),
        ("deployed.yaml", False),
        ("innermost/deploy/a", False),
    ):
        found = owners_in(tmp_path, "/deploy/ @a\n", path, top + home)
        assert found == (("@a",) if is_owned else ()), path


PARTS = ("a", "b", "*", "**")
PATTERNS = [
    f"{start}{'/'.join(parts)}{end}"
    for length in (1, 2, 3)
    for parts in product(PARTS, repeat=length)
    for start, end in product(("", "/"), ("", "/"))
]
PATHS = ["/".join(parts) for length in (1, 2, 3) for parts in product("ab", repeat=length)]


def is_meant(pattern: str, path: str) -> bool:
    """Whether a pattern of gitignore means a path or a folder above it, by trying all ways."""
    parts = pattern.strip("/").split("/")
    wanted = tuple(parts if pattern.startswith("/") or len(parts) > 1 else ("**", *parts))

    @cache
    def fits(at: int, names: tuple[str, ...]) -> bool:
        if at == len(wanted):
            is_below = bool(names)
            return (is_below or not pattern.endswith("/")) and not (is_below and pattern.endswith("/*"))
        if wanted[at] == "**":
            return any(fits(at + 1, names[cut:]) for cut in range(len(names) + 1))
        return bool(names) and wanted[at] in ("*", names[0]) and fits(at + 1, names[1:])

    return fits(0, tuple(path.split("/")))


def test_patterns_mean_what_those_of_gitignore_do(tmp_path: Path) -> None:
    lines = "".join(f"[{number}]\n{pattern} @{number}\n" for number, pattern in enumerate(PATTERNS))
    [file] = world_of(tmp_path, {"CODEOWNERS": lines}).fact(code_owners)
    assert len(file.lines) == len(PATTERNS)
    for path in PATHS:
        found = [line.matches(path.split("/")) for line in file.lines]
        assert found == [is_meant(pattern, path) for pattern in PATTERNS]
