"""Rules in CEL of custom resources mean what Kubernetes' documentation says they mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.adapters.admission.programs import Engine
from archlint.adapters.admission.resource_worker import Rules
from archlint.adapters.admission.schema_types import escape
from tests.support.inside import archlint

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
ENGINE = Engine(("self", "oldSelf", "__has_old"))
NEW_YEAR = "2030-01-01T00:00:00Z"
PORTS = {
    "type": "array",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
    "items": {"type": "object", "properties": {"name": TEXT, "port": NUMBER}},
}


def of(**properties: Any) -> dict[str, Any]:
    """A schema with some fields."""
    return {"type": "object", "properties": properties}


EITHER = of(a={"x-kubernetes-int-or-string": True})
COUNTS = of(a={"type": "object", "additionalProperties": NUMBER})
TEXTS = of(a={"type": "array", "items": TEXT})
TIME = of(a={**TEXT, "format": "date-time"})
KEEPS = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
EMBEDDED = of(a={**KEEPS, "x-kubernetes-embedded-resource": True})


def outcome(schema: dict[str, Any], value: Any, old: Any = None, **rule: Any) -> str:
    """What becomes of an object under a rule at the root of a schema: ``holds``, what the server says, or why
    it does not take the rule."""
    optional = rule.get("optionalOldSelf", False)
    said = {"schema": 0, "steps": (), "rule": rule["rule"], "message": rule.get("message")}
    rules = Rules(ENGINE, {"schemas": [schema], "values": [value, old]})
    problems = rules.compile({**said, "optional": optional})
    if problems:
        assert problems[0]["certain"], problems
        return f"no rule: {problems[0]['message']}"
    answer = rules.answer({"policy": 0, "object": 0, "old": None if old is None else 1})
    assert answer["state"] == "judged", answer
    failures = answer["failures"]
    return "holds" if not failures else failures[0].get("error") or failures[0]["message"] or "fails"


@pytest.mark.parametrize(
    ("schema", "rule", "value", "expected"),
    [
        # what the server sets before it asks
        (of(a={**NUMBER, "default": 3}), "self.a == 3", {}, "holds"),
        (of(a={**NUMBER, "default": 3}), "has(self.a)", {}, "holds"),
        (of(a={**NUMBER, "default": 3}), "self.a == 3", {"a": None}, "holds"),
        (of(a=of(b={**NUMBER, "default": 3})), "has(self.a)", {}, "fails"),
        (of(a=of(b={**NUMBER, "default": 3})), "self.a.b == 3", {"a": {}}, "holds"),
        (of(a={**TEXT}), "!has(self.a)", {"a": None}, "holds"),
        (of(a={**TEXT, "nullable": True}), "!has(self.a)", {"a": None}, "holds"),
        # numbers are of the type that is declared
        (of(a={"type": "number"}), "self.a / 2.0 == 1.5", {"a": 3}, "holds"),
        (of(a=NUMBER), "self.a / 2 == 1", {"a": 3}, "holds"),
        (of(a=NUMBER), "self.a < 3.5", {"a": 3}, "holds"),
        (of(a=NUMBER), "self.a * 1.5 < 9.0", {"a": 3}, "no rule: found no matching overload for '_*_'"),
        (of(a=NUMBER), "self.a == '3'", {"a": 3}, "no rule: found no matching overload for '_==_'"),
        (of(a=NUMBER), "self.a", {"a": 3}, "no rule: it gives a value of type int, not bool"),
        # fields that the schema does not have
        (of(a=NUMBER), "self.b == 1", {"a": 1}, "no rule: undefined field 'b'"),
        (of(a=NUMBER), "!has(self.b)", {"a": 1}, "no rule: undefined field 'b'"),
        (of(a=PORTS), "self.a.all(p, p.prot > 1)", {"a": []}, "no rule: undefined field 'prot'"),
        (of(a=PORTS), "self.a.filter(p, p.port > 1)[0].nam == ''", {}, "no rule: undefined field 'nam'"),
        (of(a=PORTS), "cel.bind(p, self.a[0], p.nam == '')", {}, "no rule: undefined field 'nam'"),
        (of(), "self.metadata.name == 'x'", {"metadata": {"name": "x"}}, "holds"),
        (of(), "self.metadata.labels.size() > 0", {"metadata": {}}, "no rule: undefined field 'labels'"),
        (of(a={"x-kubernetes-preserve-unknown-fields": True}), "has(self.a)", {"a": 1}, "no rule: undefined"),
        (of(a=KEEPS), "has(self.a)", {"a": {}}, "holds"),
        (EMBEDDED, "self.a.kind == 'B'", {"a": {"kind": "B"}}, "holds"),
        # absent values and errors
        (of(a=of(b=NUMBER)), "self.a.b == 1", {}, "no such key: a"),
        (of(a=of(b=NUMBER)), "!has(self.a) || self.a.b == 1", {}, "holds"),
        (of(a=of(b=NUMBER)), "self.?a.b.orValue(1) == 1", {}, "holds"),
        (of(a={"type": "array", "items": NUMBER}), "self.a[2] == 1", {"a": [1]}, "index out of bounds: 2"),
        # either a number or a text
        (EITHER, "type(self.a) == int ? self.a < 5 : self.a == '5%'", {"a": "5%"}, "holds"),
        (EITHER, "self.a == 80", {"a": 80}, "holds"),
        # formats have types of their own
        (TIME, "self.a.getFullYear() == 2030", {"a": NEW_YEAR}, "holds"),
        (of(a={**TEXT, "format": "date"}), "self.a.getMonth() == 0", {"a": "2030-01-31"}, "holds"),
        (of(a={**TEXT, "format": "duration"}), "self.a > duration('1m')", {"a": "1h"}, "holds"),
        (of(a={**TEXT, "format": "byte"}), "self.a == b'abc'", {"a": "YWJj"}, "holds"),
        # maps and lists
        (COUNTS, "self.a.all(k, self.a[k] > 0)", {"a": {"x": 1}}, "holds"),
        (COUNTS, "self.a.all(k, v, k != 'x' || v > 1)", {"a": {"x": 1}}, "fails"),
        (TEXTS, "self.a.exists_one(t, t.startsWith('x'))", {"a": ["x", "y"]}, "holds"),
        (TEXTS, "self.a.isSorted() && 'y' in self.a", {"a": ["x", "y"]}, "holds"),
        # names
        (of(**{"max-size": NUMBER}), "self.max__dash__size == 1", {"max-size": 1}, "holds"),
        (of(namespace=TEXT), "self.__namespace__ == 'x'", {"namespace": "x"}, "holds"),
        (of(namespace=TEXT), "self.namespace == 'x' && has(self.namespace)", {"namespace": "x"}, "holds"),
        (of(**{"a.b/c": TEXT}), "self.a__dot__b__slash__c == 'x'", {"a.b/c": "x"}, "holds"),
        (of(a__b=TEXT), "self.a__underscores__b == 'x'", {"a__b": "x"}, "holds"),
        # Kubernetes' functions
        (of(a=TEXT), "quantity(self.a).isLessThan(quantity('1Gi'))", {"a": "500Mi"}, "holds"),
        (of(a=TEXT), "isCIDR(self.a) && cidr(self.a).containsIP('10.0.0.1')", {"a": "10.0.0.0/8"}, "holds"),
        (of(a=TEXT), "isURL(self.a) && url(self.a).getScheme() == 'https'", {"a": "https://x.org"}, "holds"),
        (of(a=TEXT), "!format.dns1123Label().validate(self.a).hasValue()", {"a": "A"}, "fails"),
        (of(a=TEXT), "semver(self.a).isGreaterThan(semver('1.2.3'))", {"a": "1.10.0"}, "holds"),
        (of(a=TEXT), "self.a.find('[0-9]+') == '12'", {"a": "x12"}, "holds"),
        # what is written down is asked when the rule is taken
        (of(a=TEXT), "!has(self.a) || self.a.matches('(')", {}, "no rule: '(' is no regular expression"),
        (of(a=TEXT), "self.a == 'x' || duration('soon') > duration('1s')", {}, "no rule: 'soon' is no"),
        (of(a=TEXT), "timestamp('soon').getHours() > 1", {}, "no rule: 'soon' is no time"),
        (of(a=TEXT), "self.a.matches(r'^[a-z]+$')", {"a": "x"}, "holds"),
        (of(a=TEXT), "authorizer.path('/').check('get').allowed()", {}, "no rule: undeclared"),
    ],
)  # fmt: skip
def test_rules_mean_what_is_documented(schema: dict[str, Any], rule: str, value: Any, expected: str) -> None:
    assert expected in outcome(schema, value, rule=rule)


@pytest.mark.parametrize(
    ("rule", "optional", "value", "old", "expected"),
    [
        ("self.a == oldSelf.a", False, {"a": 1}, None, "holds"),
        ("self.a == oldSelf.a", False, {"a": 1}, {"a": 1}, "holds"),
        ("self.a == oldSelf.a", False, {"a": 2}, {"a": 1}, "fails"),
        ("!oldSelf.hasValue() || oldSelf.value().a <= self.a", True, {"a": 0}, {"a": 1}, "fails"),
        ("oldSelf.hasValue() || self.a == 1", True, {"a": 2}, None, "fails"),
        ("oldSelf.orValue({'a': 5}).a == 5", True, {"a": 2}, None, "holds"),
    ],
)
def test_rules_about_changes_see_what_was_before(
    rule: str, optional: bool, value: Any, old: Any, expected: str
) -> None:
    said = {"rule": rule, "optionalOldSelf": optional}
    assert outcome(of(a=NUMBER), value, old, **said) == expected


def test_entries_of_a_list_are_compared_by_their_keys() -> None:
    rules = Rules(
        ENGINE,
        {
            "schemas": [of(ports=PORTS)],
            "values": [
                {"ports": [{"name": "b", "port": 1}, {"name": "a", "port": 1}]},
                {"ports": [{"name": "a", "port": 1}, {"name": "b", "port": 2}]},
            ],
        },
    )
    steps = ("properties", "ports", "items")
    assert not rules.compile(
        {"schema": 0, "steps": steps, "rule": "self.port == oldSelf.port", "message": None, "optional": False}
    )
    answer = rules.answer({"policy": 0, "object": 0, "old": 1})
    assert [failure["route"] for failure in answer["failures"]] == [["ports", 0]]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("'a is ' + string(self.a)", "a is 1"),
        ("'a' + '\\n' + 'b'", "fails"),
        ("' '", "fails"),
        ("string(self.a / 0)", "fails"),
        ("self.a", "no rule: it gives a value of type int, not string"),
    ],
)
def test_a_message_that_fails_leaves_the_other_one(message: str, expected: str) -> None:
    assert outcome(of(a=NUMBER), {"a": 1}, rule="self.a > 1", message=message) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a", "a"), ("1a", None), ("a b", None), ("in", "__in__"), ("_-.", "___dash____dot__")],
)
def test_names_are_escaped(name: str, expected: str | None) -> None:
    assert escape(name) == expected


DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: {plural}.example.com}}
spec:
  group: example.com
  scope: Namespaced
  names: {{kind: {kind}, plural: {plural}}}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              x-kubernetes-validations:
                - rule: "{rule}"
                - {{rule: "self.most > 3", message: most is small}}
              properties:
                a: {{type: array, items: {{type: {items}}}}}
                most: {{type: integer}}
---
apiVersion: example.com/v1
kind: {kind}
metadata: {{name: one}}
spec: {{a: [{entries}], most: 1}}
---
apiVersion: example.com/v1
kind: {kind}
metadata: {{name: two}}
spec: {{a: [{entries}], most: 5}}
"""


def test_one_cause_is_told_once_and_the_rest_is_judged(tmp_path: Path) -> None:
    """Rules that never end or do not compile, and a schema that is none, beside what is right."""
    entries = ", ".join(map(str, range(300)))
    deep = "self.a.all(x, self.a.all(y, self.a.all(z, x + y + z >= 0)))"
    kinds = {
        "Deep": {"rule": deep, "items": "integer"},
        "Wrong": {"rule": "self.b == 1", "items": "integer"},
        "Broken": {"rule": "true", "items": "int"},
        "Right": {"rule": "true", "items": "integer"},
    }
    for kind, said in kinds.items():
        text = DEFINITION.format(kind=kind, plural=f"{kind.lower()}s", entries=entries, **said)
        (tmp_path / f"{kind}.yaml").write_text(text)
    options = ("--select", "KUBE815,KUBE816,KUBE817", "--no-cache", "--format", "json", "--fail-on", "never")
    found = json.loads(archlint("check", ".", *options, cwd=tmp_path).out)["findings"]
    told = sorted((item["path"], item["line"], item["code"]) for item in found)
    small = [(f"{kind}.yaml", 28, "KUBE816") for kind in ("Deep", "Right", "Wrong")]
    rules = [(f"{kind}.yaml", 19, "KUBE817") for kind in ("Deep", "Wrong")]
    assert told == sorted([*small, *rules, ("Broken.yaml", 22, "KUBE815")])
