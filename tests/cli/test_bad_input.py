"""Whatever stands in a file, archlint ends with a finding at a place or with a clear error, and goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.inside import archlint
from tests.support.process import commit_all, git

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
NEIGHBOUR = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  template:
    spec:
      containers:
        - name: cart
          image: shop/cart:1.2.0
"""

UNREADABLE: dict[str, bytes] = {
    "binary": bytes(range(256)) * 10,
    "broken-yaml": b"apiVersion: v1\nkind: [ConfigMap\n",
    "tabs": b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n",
    "alias-bomb": b"a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b", ".join([b"*%c" % (97 + n)] * 10)) for n in range(9)),
    "alias-of-itself": b"a: &a\n  b: *a\n",
    "deep-flow": b"[" * 10_000 + b"]" * 10_000,
    "deep-block": b"".join(b" " * n + b"a:\n" for n in range(1_000)),
    "invalid-utf8": b"apiVersion: v1\nkind: \xff\xfe\xfa\n",
    "nul": b"apiVersion: v1\nkind: Config\x00Map\n",
    "complex-key": b"? [a, b]\n: c\n",
    "undefined-alias": b"a: *nothing\n",
    "control": b"apiVersion: v1\nkind: \x01\n",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_a_finding_with_a_place_and_the_rest_is_checked(
    name: str, tmp_path: Path
) -> None:
    world = tmp_path / "world"
    world.mkdir()
    (world / "bad.yaml").write_bytes(UNREADABLE[name])
    (world / "good.yaml").write_text(NEIGHBOUR)
    done = archlint("check", "bad.yaml", "good.yaml", "--format", "json", cwd=world)
    assert done.code == 1, done.err
    assert "Traceback" not in done.err
    found = [finding for finding in done.report["findings"] if finding["path"] == "bad.yaml"]
    assert [finding["rule"] for finding in found] == ["parse-error"]
    assert found[0]["severity"] == "error"
    assert found[0]["line"] >= 1
    assert found[0]["column"] >= 1
    assert found[0]["message"].endswith(".")
    assert "memory-limit-missing" in done.rules()


BROKEN_JSON: dict[str, bytes] = {
    "cut": b'{"openapi": "3.0.3", "info": ',
    "deep": b'{"openapi":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "deep-but-not-too-deep-for-the-reader": b'{"openapi":' + b"[" * 500 + b"]" * 500 + b"}",
    "nan": b'{"openapi": NaN}',
    "digits": b'{"openapi": ' + b"9" * 5_000 + b"}",
    "trailing-comma": b'{"openapi": "3.0.3",}',
}


@pytest.mark.parametrize("name", BROKEN_JSON)
def test_broken_json_is_a_finding(name: str, tmp_path: Path) -> None:
    world = tmp_path / "world"
    world.mkdir()
    (world / "bad.json").write_bytes(BROKEN_JSON[name])
    done = archlint("check", ".", "--format", "json", cwd=world)
    assert "parse-error" in done.rules(), done.out
    assert "Traceback" not in done.err


READABLE: dict[str, bytes] = {
    "empty": b"",
    "only-comments": b"# nothing\n",
    "bom": b"\xef\xbb\xbf" + GOOD.encode(),
    "crlf": GOOD.replace("\n", "\r\n").encode(),
    "utf-16": GOOD.encode("utf-16"),
    "huge-line": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: '"
    + b"x" * 1_000_000
    + b"'}\n",
    "repeated-anchors": b"a: &x 1\nb: &x 2\nc: *x\n",
    "next-line-characters": "a: 'x\u0085y\u2028z'\nb: 1\n".encode(),
}


@pytest.mark.parametrize("name", READABLE)
def test_odd_but_valid_files_give_no_parse_error(name: str, tmp_path: Path) -> None:
    world = tmp_path / "world"
    world.mkdir()
    (world / "odd.yaml").write_bytes(READABLE[name])
    done = archlint("check", "odd.yaml", "--format", "json", cwd=world)
    assert done.code == 0, done.out
    assert "parse-error" not in done.rules()


@pytest.mark.parametrize("start", ["", "\ufeff", "# a comment\r\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_duplicate_key_has_both_places(start: str, end: str, tmp_path: Path) -> None:
    world = tmp_path / "world"
    world.mkdir()
    text = start + GOOD.replace("\n", end) + f"metadata:{end}  name: again{end}"
    (world / "twice.yaml").write_bytes(text.encode())
    done = archlint("check", "twice.yaml", "--format", "json", cwd=world)
    (found,) = [item for item in done.report["findings"] if item["rule"] == "duplicate-key"]
    offset = start.count("\n")
    assert (found["line"], found["column"], found["end_column"]) == (4 + offset, 1, 9)
    assert found["related"][0]["line"] == 3 + offset


SHAPES = [None, True, 7, 1.5, "text", [], {}, [None], [[]], {"a": None}, {"name": []}]


@pytest.mark.parametrize(
    "kind", ["Deployment", "Service", "NetworkPolicy", "VirtualService", "HorizontalPodAutoscaler"]
)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_wrong_types_anywhere_never_stop_a_run(kind: str, shape: object, tmp_path: Path) -> None:
    world = tmp_path / "world"
    world.mkdir()
    manifest = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "a"}, "spec": shape}
    variants = [manifest, {**manifest, "metadata": shape}, {**manifest, "kind": shape}, shape]
    variants.append({"openapi": "3.0.3", "info": shape, "paths": shape})
    variants.append({"openapi": shape, "paths": {"/a": shape}, "components": shape})
    for number, variant in enumerate(variants):
        (world / f"{number}.json").write_text(json.dumps(variant))
    done = archlint("check", ".", "--select", "ALL", "--format", "json", "--fail-on", "never", cwd=world)
    assert done.code == 0, done.err


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("apiVersion: v1\nkind: [broken\n")
    world = tmp_path / "world"
    world.mkdir()
    git(world, "init", "-q")
    (world / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (world / "good.yaml").write_text(GOOD)
    done = archlint("check", ".", "--format", "json", cwd=world)
    assert done.code == 0, done.out
    assert "broken" not in done.out


def test_paths_and_revisions_that_do_not_exist_are_usage_errors(tmp_path: Path) -> None:
    world = tmp_path / "world"
    world.mkdir()
    (world / "good.yaml").write_text(GOOD)
    commit_all(world)
    for arguments in (
        ("check", "nothing.yaml"),
        ("check", ".", "--base", "nowhere"),
        ("check", ".", "--base", "--output=x"),
        ("check", ".", "--config", "nothing.yaml"),
        ("check", ".", "--select", "memory-limit-mising"),
        ("check", ".", "--new-only"),
        ("breaking", "nowhere:good.yaml", "good.yaml"),
        ("breaking", "HEAD:nothing.yaml", "good.yaml"),
        ("breaking", "missing.yaml", "good.yaml"),
        ("check", ".", "--today", "tomorrow"),
        ("check", ".", "--output", "nonsense"),
    ):
        done = archlint(*arguments, cwd=world)
        assert done.code == 2, (arguments, done.out, done.err)
        assert done.out == ""
        assert done.err.strip()
        assert "Traceback" not in done.err


def test_a_repository_without_commits_has_no_base(tmp_path: Path) -> None:
    world = tmp_path / "world"
    world.mkdir()
    git(world, "init", "-q")
    (world / "good.yaml").write_text(GOOD)
    assert archlint("check", ".", cwd=world).code == 0
    done = archlint("check", ".", "--base", "HEAD", cwd=world)
    assert done.code == 2
    assert "commit" in done.err


def test_a_shallow_clone_says_what_to_type(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    for number in range(3):
        (origin / "good.yaml").write_text(GOOD + f"# {number}\n")
        commit_all(origin)
    git(origin, "checkout", "-q", "-b", "side", "HEAD^")
    (origin / "other.yaml").write_text(GOOD)
    commit_all(origin)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{origin}", str(clone))
    done = archlint("check", ".", "--base", "origin/main", cwd=clone)
    assert done.code == 2
    assert "fetch-depth: 0" in done.err
    assert "--base HEAD^1" in done.err
