"""Imports into submodules of git that are not checked out are unknown, not missing."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from archlint.documents.proto import LoadedProtos, load_protos
from archlint.files import WorkingTree
from archlint.finding import Unread
from tests.proto.support import lay_out, proto

FOLDERS = ("idls", "vendor/apis")
IMPORTER = {"proto/a.proto": proto('import "shop/v1/money.proto";\nmessage A { shop.v1.Money m = 1; }')}


def loaded(folder: Path, more: dict[str, str]) -> LoadedProtos:
    """What a repository gives whose one import leads nowhere."""
    files = IMPORTER | more
    lay_out(folder, files)
    return load_protos(WorkingTree(folder, sorted(files)), ["proto/a.proto"])


def test_an_import_is_missing_only_where_every_submodule_is_here(tmp_path: Path) -> None:
    named = "".join(f'[submodule "{path}"]\n\tpath = {path}\n\turl = ../{path}.git\n' for path in FOLDERS)
    for count in range(len(FOLDERS) + 1):
        for filled in combinations(FOLDERS, count):
            here = {f"{path}/proto/README.md": "-" for path in filled}
            found = loaded(
                tmp_path / "-".join(filled or "0").replace("/", "."), here | {".gitmodules": named}
            )
            absent = sorted(set(FOLDERS) - set(filled))
            assert found.unread == tuple(
                Unread(".gitmodules", "submodule-absent", detail=path) for path in absent
            )
            assert bool(found.problems) is not bool(absent)


def test_without_submodules_an_import_is_missing(tmp_path: Path) -> None:
    for number, text in enumerate(("", "path", '[submodule "a"]\n\tpath =\n', "path = /\n")):
        found = loaded(tmp_path / str(number), {".gitmodules": text})
        assert (len(found.problems), found.unread) == (1, ())
