"""Rules that a team writes in CEL."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archlint.adapters import policies
from archlint.adapters.cel import SECONDS
from archlint.adapters.policies import policy_of, team_rules
from archlint.engine.reading import read_world
from archlint.engine.running import Runner
from archlint.files import WorkingTree
from archlint.finding import Finding
from archlint.registry import PageError, split_page

FRONT = {
    "code": "TEAM001",
    "name": "two-replicas",
    "match": "{kind: Deployment}",
    "assert": '"object.spec.replicas >= 2"',
    "place": "spec.replicas",
    "messages": '{default: "{kind} {namespace}/{name} has {value} replicas."}',
}


def page(**changed: str) -> str:
    front = {**FRONT, **changed}
    lines = "".join(f"{key}: {value}\n" for key, value in front.items() if value)
    return f"---\n{lines}---\n# Two replicas\n\nWhy.\n"


def run(folder: Path, pages: dict[str, str], files: dict[str, str]) -> tuple[list[Finding], list[str]]:
    for path, text in {**{f"rules/{name}": text for name, text in pages.items()}, **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    runner = Runner(team_rules(folder, ["rules"]), {})
    world = read_world(WorkingTree(folder), sorted(files))
    found = [*runner.over_files(world), *runner.over_joins(world)]
    return found, [notice.message for notice in runner.failures]


def deployment(name: str, spec: str, metadata: str = "") -> str:
    return f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}{metadata}}}\nspec:\n  {spec}\n"


def lines(found: list[Finding]) -> list[tuple[str, int]]:
    return sorted((item.location.path, item.location.span.line) for item in found)


def test_what_is_asserted_is_judged_and_marked(tmp_path: Path) -> None:
    files = {
        "a.yaml": deployment("one", "replicas: 1", ", namespace: shop")
        + "---\n"
        + deployment("ok", "replicas: 2"),
        "b.yaml": deployment("none", "template: {}"),
        "c.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {}\n",
    }
    found, failures = run(tmp_path, {"a.md": page()}, files)
    assert failures == []
    assert lines(found) == [("a.yaml", 5), ("b.yaml", 4)]
    assert [item.message for item in found] == [
        "Deployment shop/one has 1 replicas.",
        "Deployment /none has nothing replicas.",
    ]


def test_where_and_file_choose(tmp_path: Path) -> None:
    files = {
        "prod/a.yaml": deployment("a", "replicas: 1"),
        "prod/b.yaml": deployment("b", "replicas: 1", ", labels: {tier: batch}"),
        "dev/a.yaml": deployment("a", "replicas: 1"),
    }
    where = "\"!(has(object.metadata.labels) && object.metadata.labels.tier == 'batch')\""
    text = page(match='{kind: [Deployment, StatefulSet], file: "prod/**"}', where=where)
    assert lines(run(tmp_path, {"team/a.md": text}, files)[0]) == [("prod/a.yaml", 5)]


def test_whole_documents_of_other_files(tmp_path: Path) -> None:
    text = page(
        match="{file: values.yaml}", place="image.tag", **{"assert": "\"object.image.tag != 'latest'\""}
    )
    found, _ = run(tmp_path, {"a.md": text}, {"values.yaml": "image:\n  name: x\n  tag: latest\n"})
    assert lines(found) == [("values.yaml", 3)]


def test_items_of_lists_are_objects(tmp_path: Path) -> None:
    items = "\n".join(
        "- {apiVersion: v1, kind: Deployment, metadata: {name: d}, spec: {replicas: 1}}" for _ in "ab"
    )
    found, _ = run(tmp_path, {"a.md": page()}, {"a.yaml": f"apiVersion: v1\nkind: List\nitems:\n{items}\n"})
    assert lines(found) == [("a.yaml", 4), ("a.yaml", 5)]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("object.spec.replicas >=", "'assert' cannot be judged"),
        ("unknown.spec", "undeclared reference to 'unknown"),
        ("[1].map(x, x)" * 3000, "more than 10000 characters"),
        ("(" * 300 + "1" + ")" * 300, "recursion"),
        ("range.all(a, true)", "undeclared"),
    ],
)
def test_wrong_expressions_are_named(tmp_path: Path, expression: str, said: str) -> None:
    pages = {"a.md": page(**{"assert": f'"{expression}"'}), "b.md": page(code="TEAM002", name="other")}
    try:
        found, failures = run(tmp_path, pages, {"a.yaml": deployment("a", "replicas: 1")})
    except PageError as error:
        assert said in str(error)
        return
    assert [item.code for item in found] == ["TEAM002"]
    assert len(failures) == 1
    assert said in failures[0]
    assert "two-replicas (TEAM001)" in failures[0]


@pytest.mark.parametrize(
    "expression",
    [
        "object.l.all(a, object.l.all(b, object.l.all(c, a + b + c >= 0)))",
        "[object.s]" + ".map(x, x + x)" * 24 + ".size() > 0",
        "object.s.matches('^(a+)+$') || true",
    ],
)
def test_hostile_expressions_end(tmp_path: Path, expression: str) -> None:
    numbers = ", ".join(map(str, range(1000)))
    text = f"apiVersion: v1\nkind: Deployment\nl: [{numbers}]\ns: {'a' * 5000}b\n"
    start = time.monotonic()
    _, failures = run(tmp_path, {"a.md": page(**{"assert": f'"{expression}"'})}, {"a.yaml": text})
    assert time.monotonic() - start < 3 * SECONDS
    assert len(failures) == (0 if "matches" in expression else 1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"match": ""}, "'match' must say which objects are meant"),
        ({"match": "Deployment"}, "'match' must say which objects are meant"),
        ({"match": "{kind: 7}"}, "'kind' in 'match' must be a text"),
        ({"assert": ""}, "'assert' is missing"),
        ({"assert": "[1]"}, "'assert' must be an expression"),
        ({"where": "7"}, "'where' must be an expression"),
        ({"place": "a..b"}, "'place' is 'a..b'"),
        ({"place": "[x]"}, "'place' must be"),
        ({"asert": "x"}, "unknown key 'asert'"),
        ({"code": "team1"}, "'code' is 2 to 8 capitals"),
    ],
)
def test_wrong_pages_are_told(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(PageError) as caught:
        run(tmp_path, {"a.md": page(**changed)}, {})
    assert said in str(caught.value)
    assert "a.md" in str(caught.value)


@pytest.mark.parametrize(
    ("place", "route"),
    [
        ("spec.template.spec.containers[0].image", ("spec", "template", "spec", "containers", 0, "image")),
        ("/metadata/annotations/a~1b", ("metadata", "annotations", "a/b")),
        ("''", ()),
    ],
)
def test_places(place: str, route: tuple[object, ...]) -> None:
    assert policy_of(split_page(page(place=place), "a.md"), "a.md").place == route


def test_without_the_package_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "find_spec", lambda name: None)
    with pytest.raises(PageError, match="pip install cel-expr-python"):
        run(tmp_path, {"a.md": page()}, {})


def test_a_page_that_is_a_link_out_of_the_repository_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text(page())
    rules = tmp_path / "root" / "rules"
    rules.mkdir(parents=True)
    (rules / "a.md").symlink_to(tmp_path / "outside.md")
    with pytest.raises(PageError, match="symbolic link"):
        team_rules(tmp_path / "root", ["rules"])


def test_a_readme_beside_the_rules_is_no_rule(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "README.md").write_text("# Our rules\n")
    assert team_rules(tmp_path, ["rules"]) == []


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="the rule folder 'rules' does not exist"):
        team_rules(tmp_path, ["rules"])
