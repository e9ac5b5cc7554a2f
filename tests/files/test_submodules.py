"""What lies in submodules of git that are not checked out is unknown, not missing, whoever names it."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from tests.paths.worlds import lay_out
from tests.proto.support import proto
from tests.support.inside import archlint
from tests.support.process import commit_all, git

from archlint.documents.proto import LoadedProtos, load_protos
from archlint.files import WorkingTree
from archlint.files.submodules import submodule_of, submodules_in
from archlint.files.walk import is_empty

FOLDERS = ("idls", "shared/apis")
IMPORTER = {"proto/a.proto": proto('import "shop/v1/money.proto";\nmessage A { shop.v1.Money m = 1; }')}


def named(*folders: str) -> str:
    """A ``.gitmodules``."""
    return "".join(f'[submodule "{path}"]\n\tpath = {path}\n\turl = ../{path}.git\n' for path in folders)


def loaded(folder: Path, more: dict[str, str]) -> LoadedProtos:
    """What a repository gives whose one import leads nowhere."""
    files = IMPORTER | more
    lay_out(files, folder)
    return load_protos(WorkingTree(folder, sorted(files)), ["proto/a.proto"])


def test_an_import_is_missing_only_where_every_submodule_is_here(tmp_path: Path) -> None:
    for count in range(len(FOLDERS) + 1):
        for filled in combinations(FOLDERS, count):
            here = {f"{path}/proto/README.md": "-" for path in filled}
            folder = tmp_path / "-".join(filled or "0").replace("/", ".")
            found = loaded(folder, here | {".gitmodules": named(*FOLDERS)})
            assert bool(found.problems) is (len(filled) == len(FOLDERS))


def test_without_submodules_an_import_is_missing(tmp_path: Path) -> None:
    for number, text in enumerate(("", "path", '[submodule "a"]\n\tpath =\n', "path = /\n")):
        assert len(loaded(tmp_path / str(number), {".gitmodules": text}).problems) == 1


OPENAPI = """\
openapi: 3.0.3
info: {title: Carts, version: "1"}
paths:
  /v1/carts:
    get:
      responses:
        "200": {description: A cart, content: {application/json: {schema: {$ref: "FOLDER/cart.yaml#/Cart"}}}}
"""
ASYNCAPI = """\
asyncapi: 2.6.0
info: {title: Carts, version: "1"}
channels:
  carts: {subscribe: {message: {payload: {$ref: "FOLDER/cart.yaml#/Cart"}}}}
"""
OVERLAY = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
COMPOSE = 'services: {cart: {image: "cart:1.0.0", FIELD: FOLDER/cart.env}}\n'
WORKFLOW = """\
on: push
jobs: {build: {runs-on: ubuntu-24.04, steps: [{uses: actions/checkout@v4},
  {run: kubectl apply -f FOLDER/cart.yaml}]}}
"""
NAMING = {
    "OAS002": ("openapi.yaml", OPENAPI),
    "EVENT102": ("asyncapi.yaml", ASYNCAPI),
    "KUBE705": ("kustomization.yaml", OVERLAY + "resources: [FOLDER/cart.yaml]\n"),
    "KUBE705 folder": ("kustomization.yaml", OVERLAY + "resources: [FOLDER]\n"),
    "KUBE705 below": ("kustomization.yaml", OVERLAY + "resources: [FOLDER/deploy/base]\n"),
    "KUBE705 part": ("kustomization.yaml", OVERLAY + "components: [FOLDER/cart]\n"),
    "KUBE705 patch": ("kustomization.yaml", OVERLAY + "patches: [{path: FOLDER/cart.yaml}]\n"),
    "ARCH112": ("compose.yaml", COMPOSE.replace("FIELD", "env_file")),
    "SEC115": (".github/workflows/build.yaml", WORKFLOW),
}


def told(root: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """The codes of all findings about what is missing, and the submodules that are told as not read."""
    rules = "OAS002,EVENT102,KUBE705,ARCH112,SEC115,LINT001"
    done = archlint("check", "--ignore", "ALL", "--select", rules, "--format", "json", cwd=root)
    report = json.loads(done.out)
    unread = [(item["path"], item["reason"]) for item in report["unread"]]
    missing = [item["code"] for item in report["findings"]]
    return missing, [item for item in unread if item[1] == "submodule-absent"]


@pytest.mark.parametrize("way", sorted(NAMING))
def test_nothing_is_missing_that_a_submodule_may_have(way: str, tmp_path: Path) -> None:
    path, text = NAMING[way]
    for folder in FOLDERS:
        root = tmp_path / folder.replace("/", ".")
        lay_out({path: text.replace("FOLDER", folder)}, root)
        missing, unread = told(root)
        assert missing, "the case has nothing that is missing"
        assert not unread
        lay_out({".gitmodules": named(folder)}, root)
        known = told(root)[0]
        assert known == [], (missing, known)
        assert told(root)[1] == [(folder, "submodule-absent")]
        lay_out({".gitmodules": named(f"{folder}-else")}, root)
        assert told(root)[0] == missing


def test_a_submodule_that_is_checked_out_is_another_repository(tmp_path: Path) -> None:
    inner = lay_out({"cart.yaml": "Cart: {type: object}\n"}, tmp_path / "inner")
    commit_all(inner)
    root = lay_out({"openapi.yaml": OPENAPI.replace("FOLDER", "apis")}, tmp_path / "root")
    commit_all(root)
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "apis")
    assert told(root) == ([], [])
    git(root, "submodule", "--quiet", "deinit", "--force", "apis")
    assert told(root) == ([], [("apis", "submodule-absent")])


def test_a_folder_that_cannot_be_read_is_not_called_empty(tmp_path: Path) -> None:
    folder = tmp_path / "module"
    assert not is_empty(folder)
    folder.mkdir()
    assert is_empty(folder)
    (folder / "a.yaml").touch()
    assert not is_empty(folder)
    assert not is_empty(folder / "a.yaml")


@pytest.mark.parametrize("written", ["idls", "./idls", "idls/", "a/../idls", "idls//."])
@pytest.mark.parametrize(
    "path", ["idls/a.proto", "./idls/a.proto", "x/../idls/a.proto", "idls//a.proto", "idls"]
)
def test_paths_mean_a_submodule_however_they_are_written(written: str, path: str) -> None:
    assert submodule_of(path, submodules_in(named(written))) == "idls"
    assert submodule_of(f"../{path}", submodules_in(named(written))) is None
    assert submodule_of("idls2/a.proto", submodules_in(named(written))) is None
