"""Contracts that are broken in a part: a finding each, in ``check`` and ``breaking``; the rest is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.inside import archlint
from tests.support.process import Done, commit_all

GOOD = "{type: object, required: [a], properties: {a: {type: string}}}"
CONTRACT = """\
openapi: 3.0.3
info: {{title: Shop, version: "1"}}
security: []
paths:
  /v1/first:
    get:
      parameters:
        - {{name: q, in: query, schema: {{type: string, pattern: {pattern}}}}}
      responses:
        "200": {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}
  /v1/last/{{id}}:
    get:
      parameters: [{{name: id, in: path, required: true, schema: {{type: string{enum}}}}}]
      responses: {{"200": {{description: ok}}}}
components:
  schemas:
    Whole: {{type: string}}
{more}
"""
EXPLODING = "'^(?:(?:a|b)*a(?:a|b){14}|c(?:a|b)*)$'"


def contract(
    *, schema: str = GOOD, pattern: str = "'^[a-z]+$'", more: str = "", enum: str = "", broken: bool = False
) -> str:
    """A contract; a broken one has a second defect at its end, which must be found whatever is before it."""
    text = CONTRACT.format(schema=schema, pattern=pattern, more=more, enum=", enum: [a]" if broken else enum)
    return text + ("  responses: {Lost: {$ref: '#/components/responses/Gone'}}\n" if broken else "")


BROKEN: dict[str, tuple[dict[str, str], str, str]] = {
    "a reference to nothing": (
        {"schema": "{$ref: '#/components/schemas/Gone'}"}, "unresolved-reference", "Gone",
    ),
    "a reference to a file that is not there": (
        {"schema": "{$ref: 'gone.yaml#/A'}"}, "unresolved-reference", "gone.yaml",
    ),
    "a reference to itself": (
        {"schema": "{$ref: '#/components/schemas/Self'}",
         "more": "    Self: {$ref: '#/components/schemas/Self'}"},
        "unresolved-reference",
        "leads back to itself",
    ),
    "references in a circle": (
        {"schema": "{$ref: '#/components/schemas/One'}",
         "more": "    One: {$ref: '#/components/schemas/Two'}\n    Two: {$ref: '#/components/schemas/One'}"},
        "unresolved-reference",
        "leads back to itself",
    ),
    "a reference out of the repository": (
        {"schema": "{$ref: '../../outside.yaml#/A'}"}, "unresolved-reference", "leads out of the repository",
    ),
    "an absolute reference": ({"schema": "{$ref: '/etc/passwd'}"}, "unresolved-reference", "/etc/passwd"),
    "a list where a schema belongs": ({"schema": "[{type: string}]"}, "openapi-structure-invalid", "schema"),
    "a text where a schema belongs": ({"schema": "string"}, "openapi-structure-invalid", "schema"),
}  # fmt: skip
PATTERNS = {
    "a pattern that is none": ("'['", "pattern-invalid"),
    "a pattern that explodes": ("'^(a+)+$'", "pattern-explosive"),
}


def world(folder: Path, revision: str, base: str | None = None) -> Path:
    """A repository with a contract, and in another folder an older self of it."""
    root = folder / "world"
    for name, text in (("new", revision), ("old", base)):
        if text is not None:
            (root / name).mkdir(parents=True)
            (root / name / "openapi.yaml").write_text(text)
    (folder / "outside.yaml").write_text("A: {type: string}\n")
    commit_all(root)
    return root


def run(root: Path, *arguments: str) -> Done:
    """The JSON report of a run that must end soon and without an error of archlint's own."""
    done = archlint(*arguments, "--format", "json", cwd=root)
    assert done.code in (0, 1), done.err
    assert "Traceback" not in done.err
    return done


def messages(done: Done, rule: str) -> list[str]:
    return [finding["message"] for finding in done.report["findings"] if finding["rule"] == rule]


@pytest.mark.parametrize("name", BROKEN)
def test_check_finds_it_and_judges_the_rest(name: str, tmp_path: Path) -> None:
    parts, rule, words = BROKEN[name]
    done = run(world(tmp_path, contract(**parts, broken=True)), "check", ".")
    assert [message for message in messages(done, rule) if words in message] != []
    assert [
        message for message in messages(done, "unresolved-reference") if "responses/Gone" in message
    ] != []


@pytest.mark.parametrize("name", BROKEN)
def test_breaking_finds_it_and_judges_the_rest(name: str, tmp_path: Path) -> None:
    parts, rule, words = BROKEN[name]
    done = run(world(tmp_path, contract(**parts, broken=True), contract()), "breaking", "old", "new")
    assert [message for message in messages(done, rule) if words in message] != []
    assert "/v1/last" in " ".join(finding["message"] for finding in done.report["findings"])
    assert done.code == 1


@pytest.mark.parametrize("name", BROKEN)
def test_what_was_broken_before_is_no_break(name: str, tmp_path: Path) -> None:
    text = contract(**BROKEN[name][0])
    done = run(world(tmp_path, text, text), "breaking", "old", "new")
    assert {finding["severity"] for finding in done.report["findings"]} <= {"info"}
    assert done.code == 0


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_that_cannot_be_used_are_found(name: str, tmp_path: Path) -> None:
    pattern, rule = PATTERNS[name]
    root = world(tmp_path, contract(pattern=pattern, broken=True), contract())
    assert len(messages(run(root, "check", "new", "--profile", "strict"), rule)) == 1
    done = run(root, "breaking", "old", "new")
    assert any("pattern" in finding["message"] for finding in done.report["findings"])
    assert "/v1/last" in " ".join(finding["message"] for finding in done.report["findings"])


def test_no_pattern_keeps_breaking_busy(tmp_path: Path) -> None:
    old, new = contract(pattern=EXPLODING), contract(pattern=EXPLODING.replace("14", "15"), broken=True)
    done = run(world(tmp_path, new, old), "breaking", "old", "new")
    assert any("pattern" in finding["message"] for finding in done.report["findings"])
    assert "/v1/last" in " ".join(finding["message"] for finding in done.report["findings"])


@pytest.mark.parametrize("side", ["old", "new"])
def test_breaking_says_that_a_side_cannot_be_read(side: str, tmp_path: Path) -> None:
    bad = contract() + "  x: [\n"
    root = world(tmp_path, *((contract(), bad) if side == "old" else (bad, contract())))
    done = run(root, "breaking", "old/openapi.yaml", "new/openapi.yaml")
    found = [finding for finding in done.report["findings"] if finding["rule"] == "parse-error"]
    assert [(each["path"], each.get("revision")) for each in found] == [
        (f"{side}/openapi.yaml", "base" if side == "old" else None)
    ]
    assert done.code == 1


def test_repeated_anchors_are_legal(tmp_path: Path) -> None:
    text = contract(
        schema="&s {type: string}", more="    A: &s {type: integer}\n    B: *s\n    C: {$ref: '#/x'}"
    )
    root = world(tmp_path, text, text.replace("integer", "boolean"))
    done = run(root, "check", "new")
    assert "parse-error" not in done.rules()
    assert len(messages(done, "unresolved-reference")) == 1
    assert "parse-error" not in run(root, "breaking", "old", "new").rules()


def test_a_document_that_calls_itself_both_is_found(tmp_path: Path) -> None:
    text = 'swagger: "2.0"\n' + contract(broken=True)
    root = world(tmp_path, text, contract())
    done = run(root, "check", "new")
    assert len([text for text in messages(done, "openapi-structure-invalid") if "'swagger'" in text]) == 1
    assert len(messages(done, "unresolved-reference")) == 1
    done = run(root, "breaking", "old", "new")
    assert "/v1/last" in " ".join(finding["message"] for finding in done.report["findings"])


def test_versions_beside_each_other_are_each_judged_as_what_they_are(tmp_path: Path) -> None:
    root = world(tmp_path, contract(broken=True))
    (root / "new" / "swagger.yaml").write_text(
        'swagger: "2.0"\ninfo: {title: Old shop, version: "1"}\nsecurity: []\npaths:\n  /v1/old:\n    get:\n'
        "      parameters: [{name: b, in: body, schema: {$ref: '#/definitions/Gone'}}]\n"
        "      responses: {200: {description: ok}}\n"
    )
    done = run(root, "check", ".")
    found = [(each["path"], each["rule"]) for each in done.report["findings"] if each["severity"] == "error"]
    assert found == [
        ("new/openapi.yaml", "unresolved-reference"),
        ("new/swagger.yaml", "unresolved-reference"),
    ]


def test_remote_references_are_neither_fetched_nor_complained_about(tmp_path: Path) -> None:
    text = contract(schema="{$ref: 'http://127.0.0.1:9/a.yaml#/A'}")
    root = world(tmp_path, text, contract())
    assert messages(run(root, "check", "new"), "unresolved-reference") == []
    assert messages(run(root, "breaking", "old", "new"), "unresolved-reference") == []


@pytest.mark.parametrize("name", [name for name in BROKEN if BROKEN[name][1] == "unresolved-reference"])
def test_breaking_says_that_a_reference_of_the_base_leads_nowhere(name: str, tmp_path: Path) -> None:
    parts, rule, words = BROKEN[name]
    done = run(world(tmp_path, contract(), contract(**parts)), "breaking", "old", "new")
    found = [each for each in done.report["findings"] if each["rule"] == rule]
    assert found != []
    assert {(each["revision"], each["severity"]) for each in found} == {("base", "warning")}
    assert any(words in each["message"] for each in found)
    assert done.code == 0


HERE, THERE = "{$ref: 'http://127.0.0.1:9/a.yaml#/A'}", "{$ref: 'http://127.0.0.1:9/b.yaml#/A'}"


@pytest.mark.parametrize(("old", "new"), [(GOOD, HERE), (HERE, GOOD), (HERE, THERE)])
def test_breaking_says_that_it_did_not_follow_a_reference_to_another_host(
    old: str, new: str, tmp_path: Path
) -> None:
    root = world(tmp_path, contract(schema=new), contract(schema=old))
    done = run(root, "breaking", "old", "new")
    found = [each for each in done.report["findings"] if "leads to another host" in each["message"]]
    assert [(each["rule"], each["severity"]) for each in found] == [("schema-incompatible", "warning")]
    assert [each for each in done.report["findings"] if each["severity"] != "info"] == found


def test_the_same_reference_to_another_host_is_no_change(tmp_path: Path) -> None:
    new = contract(schema=HERE).replace("openapi: 3.0.3", "openapi: 3.1.0")
    done = run(world(tmp_path, new, contract(schema=HERE)), "breaking", "old", "new")
    assert "another host" not in done.out


@pytest.mark.parametrize("text", ["", "null\n", "[]\n"])
def test_a_named_file_that_is_no_contract_passes_for_no_verdict(text: str, tmp_path: Path) -> None:
    root = world(tmp_path, contract(), text)
    for sides in (("old", "new"), ("new", "old"), ("old", "old")):
        done = archlint("breaking", *(f"{side}/openapi.yaml" for side in sides), cwd=root)
        assert (done.code, done.out) == (2, "")
        assert "is no contract" in done.err
        assert "archlint breaking HEAD~1:" in done.err
    assert run(root, "breaking", "new/openapi.yaml", "new/openapi.yaml").code == 0
