"""What is built equals what the program kustomize builds, and both refuse the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archlint.documents import load_text
from archlint.documents.kustomize.building import Builder
from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import place_of, plain
from archlint.files import Kind, WorkingTree
from tests.documents.kustomize.cases import CASES, files_of
from tests.documents.kustomize.details import DETAILS
from tests.documents.kustomize.kinds import EVERY_KIND
from tests.documents.kustomize.refusals import REFUSED, refused
from tests.support.programs import kustomize

ROOT = Path(__file__).parents[3]
FIXTURES = sorted(
    str(path.parent.relative_to(ROOT)) for path in (ROOT / "fixtures").rglob("kustomization.yaml")
)


def write(folder: Path, text: str) -> None:
    """Write the files of a case."""
    for path, content in files_of(text).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode("utf-8", "surrogateescape"))


def builder(folder: Path) -> Builder:
    """A builder for what lies in a folder."""
    paths = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return Builder(Sources(WorkingTree(folder, paths)))


def built(folder: Path, name: str) -> dict[str, Any] | None:
    """The objects that a kustomization gives, by identity; ``None`` if it is not built."""
    try:
        return by_identity(plain(item.root) for item in builder(folder).build(name).resources)
    except Refusal:
        return None


def by_identity(objects: Any) -> dict[str, Any]:
    """Objects by what they are called."""
    found = {}
    for item in objects:
        metadata = item["metadata"]
        found[f"{item['apiVersion']} {item['kind']} {metadata.get('namespace')} {metadata['name']}"] = item
    return found


def program(folder: Path, name: str) -> dict[str, Any] | None:
    """The objects that the program gives; ``None`` if it refuses."""
    command = [kustomize(), "build", name]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False, timeout=60
    )
    if done.returncode:
        return None
    documents = load_text("built.yaml", done.stdout, Kind.KUBERNETES).documents
    return by_identity(document.data for document in documents)


def shown(objects: dict[str, Any] | None) -> str:
    """Objects as text that shows differences."""
    return json.dumps(objects, indent=1, sort_keys=True)


BUILT = {**CASES, **DETAILS, **EVERY_KIND}


@pytest.mark.parametrize("name", BUILT)
def test_the_program_builds_the_same(name: str, tmp_path: Path) -> None:
    write(tmp_path, BUILT[name])
    theirs = program(tmp_path, "top")
    ours = built(tmp_path, "top")
    assert theirs is not None
    assert ours is not None
    if name == "what is only for tools":  # a label for tools, which names the version
        for item in theirs.values():
            item["metadata"].pop("labels", None)
        for item in ours.values():
            item["metadata"].pop("labels", None)
    assert shown(ours) == shown(theirs)


@pytest.mark.parametrize("name", FIXTURES)
def test_fixtures_are_built_the_same(name: str) -> None:
    assert shown(built(ROOT, name)) == shown(program(ROOT, name))


@pytest.mark.parametrize("name", REFUSED)
def test_the_program_refuses_the_same_and_a_refusal_has_its_place(name: str, tmp_path: Path) -> None:
    write(tmp_path, refused(name))
    assert program(tmp_path, "top") is None
    with pytest.raises(Refusal) as caught:
        builder(tmp_path).build("top")
    assert line_of(caught.value) == REFUSED[name][1], caught.value.message


def line_of(refusal: Refusal) -> str:
    """Where a refusal points; nowhere if the outermost folder itself is wrong."""
    if refusal.origin[1] is None:
        return ""
    place = place_of(refusal.origin)
    return f"{place.source.path}:{place.span().line}"
