"""Versions that are taken, and lines of migrations with one beginning and one end."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.model.migrations.lines import MissingParent, SeveralHeads
from archlint.model.migrations.versions import SharedVersion
from tests.arch.worlds import world_of
from tests.metamorphic.repositories import MemoryTree, read_world

REVISION = "revision = {!r}\ndown_revision = {!r}\n"
NODE = "class Migration(migrations.Migration):\n    dependencies = [{}]\n"


@st.composite
def parents_of_each(draw: st.DrawFn) -> list[tuple[int, ...]]:
    """For each migration after the first, those before it that it follows."""
    count = draw(st.integers(2, 6))
    chosen = [draw(st.sets(st.integers(0, at - 1), min_size=1, max_size=2)) for at in range(1, count)]
    return [(), *(tuple(sorted(item)) for item in chosen)]


@settings(max_examples=40, deadline=None)
@given(parents=parents_of_each(), gone=st.none() | st.integers(1, 5))
def test_a_line_has_one_last_and_all_before_it(parents: list[tuple[int, ...]], gone: int | None) -> None:
    kept = [at for at in range(len(parents)) if at != gone]
    alembic = {
        f"alembic/versions/r{at}.py": REVISION.format(f"r{at}", tuple(f"r{n}" for n in parents[at]) or None)
        for at in kept
    }
    django = {
        f"shop/orders/migrations/m{at}.py": NODE.format(", ".join(f"('orders', 'm{n}')" for n in parents[at]))
        for at in kept
    }
    followed = {n for at in kept for n in parents[at]}
    last = sorted(at for at in kept if at not in followed)
    lacking = {(at, n) for at in kept for n in parents[at] if n == gone}
    files = {**alembic, **django}
    world = read_world(MemoryTree(files), sorted(files))
    heads = {item.line.tool: [head.name for head in item.heads] for item in world.all(SeveralHeads)}
    assert heads.get("django", []) == ([f"m{at}" for at in last] if len(last) > 1 else [])
    if gone is None:  # else what is left may be lines that were never one
        assert heads.get("alembic", []) == ([f"r{at}" for at in last] if len(last) > 1 else [])
    told = {
        (item.revision.name[0], item.revision.name[1:], item.parent[1:]) for item in world.all(MissingParent)
    }
    assert told == {(tool, str(at), str(n)) for tool in "rm" for at, n in lacking}


@pytest.mark.parametrize(
    "files",
    [
        {"a": REVISION.format("a", None), "b": REVISION.format("b", None)},
        {"a": REVISION.format("a", None), "b": REVISION.format("b", "a") + "branch_labels = ('x',)\n"}
        | {"c": REVISION.format("c", "a")},
        {
            "a": REVISION.format("a", None),
            "b": REVISION.format("b", "a"),
            "c": "revision = x()\ndown_revision = 'a'\n",
        },
    ],
    ids=["never one", "branches", "not plain"],
)
def test_where_several_may_be_meant_nothing_is_told(tmp_path: Path, files: dict[str, str]) -> None:
    world = world_of(tmp_path, {f"alembic/versions/{name}.py": text for name, text in files.items()})
    assert not world.all(SeveralHeads)
    assert not world.all(MissingParent)


@pytest.mark.parametrize(
    "files",
    [
        {
            "a/versions/a.py": REVISION.format("a", None),
            "a/versions/b.py": REVISION.format("b", "a"),
            "a/versions/c.py": REVISION.format("c", "a"),
            "plugin/versions/m.py": REVISION.format("m", ("b", "c")),
        },
        {
            "a/versions/old/a.py": REVISION.format("a", "gone"),
            "a/versions/old/b.py": REVISION.format("b", "a"),
            "a/versions/old/c.py": REVISION.format("c", "a"),
        },
        {"shop/auth/migrations/0001_a.py": NODE.format("('auth', '0012_alter_user')")},
        {
            "billing/core/apps.py": "class C(AppConfig):\n    label = 'billing_core'\n",
            "billing/core/migrations/0001_a.py": NODE.format("('core', '0007_other')"),
        },
        {"orders/migrations/0001_a.py": NODE.format("  # ('orders', '0000_gone'), as [1] says\n")},
    ],
    ids=["merged elsewhere", "below versions", "called like Django's", "labelled", "comment"],
)
def test_what_the_tool_does_not_see_is_not_told(tmp_path: Path, files: dict[str, str]) -> None:
    world = world_of(tmp_path, {**files})
    assert not world.all(SeveralHeads)
    assert not world.all(MissingParent)


def test_a_label_of_its_own_is_followed(tmp_path: Path) -> None:
    apps = "class C(AppConfig):\n    label = 'billing_core'\n"
    node = NODE.format("('billing_core', '0001_gone')")
    world = world_of(tmp_path, {"billing/core/apps.py": apps, "billing/core/migrations/0002_a.py": node})
    assert [item.parent for item in world.all(MissingParent)] == ["0001_gone"]


@settings(max_examples=30, deadline=None)
@given(
    versions=st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=3), min_size=2, max_size=4),
    data=st.data(),
)
def test_versions_are_compared_as_numbers(versions: list[list[int]], data: st.DataObject) -> None:
    names = {}
    for at, version in enumerate(versions):
        written = "_".join("0" * data.draw(st.integers(0, 2)) + str(part) for part in version)
        names[f"db/V{written}__m{at}.sql"] = version
    numbers = {tuple([*version, 0, 0, 0][:3]) for version in versions}
    world = read_world(MemoryTree(dict.fromkeys(names, "SELECT 1;\n")), sorted(names))
    assert len(world.all(SharedVersion)) == len(versions) - len(numbers)


@pytest.mark.parametrize("suffix", ["sql", "java", "kt"])
def test_flyway_reads_a_version_alike_in_all_files(tmp_path: Path, suffix: str) -> None:
    files = {f"db/migration/V1__a.{suffix}": "", f"db/migration/V1_0__b.{suffix}": ""}
    assert [item.version for item in world_of(tmp_path, files).all(SharedVersion)] == ["1"]
