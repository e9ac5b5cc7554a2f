"""What authorization policies decide: held against the words of the reference, value by value."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.istio.authorization import Policy, refusal
from archlint.model.istio.requests import Caller, MeshRequest
from archlint.model.kubernetes import KubernetesObject
from tests.net.worlds import custom
from tests.support.sampling import usually

SECURITY = "security.istio.io/v1"
SPACES, ACCOUNTS, PORTS, METHODS, PATHS = ("a", "ab"), ("x", "y"), (80, 81), ("GET", "POST"), ("/", "/p")
_NAMES = [f"cluster.local/ns/{space}/sa/{name}" for space in SPACES for name in ACCOUNTS]
_VALUES: dict[str, list[str]] = {
    "principals": [*_NAMES, "*", "cluster.local/ns/a/*", "*/sa/x", "cluster.local/*", "a", "spiffe://*"],
    "namespaces": ["a", "ab", "a*", "*b", "*"],
    "serviceAccounts": ["x", "a/x", "ab/y"],
    "ports": ["80", "81"],
    "methods": ["GET", "POST", "*", "P*"],
    "paths": ["/", "/p", "/*", "*"],
}


def _fields(*names: str) -> st.SearchStrategy[dict[str, list[str]]]:
    entries = [
        st.tuples(st.just(key), st.lists(st.sampled_from(_VALUES[name]), min_size=1, max_size=2))
        for name in names
        for key in (name, f"not{name[0].upper()}{name[1:]}")
    ]
    return st.lists(st.one_of(entries), min_size=1, max_size=2).map(dict)


_RULES = st.fixed_dictionaries(
    {},
    optional={
        "from": st.lists(
            _fields("principals", "namespaces", "serviceAccounts").map(lambda said: {"source": said}),
            min_size=1,
            max_size=2,
        ),
        "to": st.lists(
            _fields("ports", "methods", "paths").map(lambda said: {"operation": said}), min_size=1, max_size=2
        ),
        "when": st.sampled_from(
            [
                [{"key": "source.namespace", "values": ["a"]}],
                [{"key": "destination.port", "notValues": ["80"]}],
                [{"key": "source.principal", "values": ["*/sa/x"], "notValues": ["*ns/a/*"]}],
            ]
        ),
    },
)
_SPECS = st.fixed_dictionaries(
    {}, optional={"action": st.sampled_from(["ALLOW", "DENY"]), "rules": st.lists(_RULES, max_size=2)}
)


def _is_one(pattern: str, value: str | None) -> bool:
    """The reference: exact, prefix, suffix, presence."""
    if value is None:
        return False
    if pattern == "*":
        return value != ""
    if pattern[-1] == "*":
        return value.startswith(pattern[:-1])
    return value.endswith(pattern[1:]) if pattern[0] == "*" else pattern == value


def _holds(said: dict[str, list[str]], facts: dict[str, str | None], denies: bool) -> bool:
    for key, patterns in said.items():
        plain = key[3].lower() + key[4:] if key.startswith("not") else key
        if plain in ("methods", "paths") and facts["methods"] is None:
            if not denies:
                return False
            continue
        value = facts[plain]
        if plain == "serviceAccounts":
            found = any(value is not None and value in (name, f"a/{name}") for name in patterns)
        else:
            found = any(_is_one(pattern, value) for pattern in patterns)
        if found is key.startswith("not"):
            return False
    return True


def _matches(rule: dict[str, Any], facts: dict[str, str | None], denies: bool) -> bool:
    keys = {"source.namespace": "namespaces", "source.principal": "principals", "destination.port": "ports"}
    for condition in rule.get("when", ()):
        value = facts[keys[condition["key"]]]
        if "values" in condition and not any(_is_one(each, value) for each in condition["values"]):
            return False
        if any(_is_one(each, value) for each in condition.get("notValues", ())):
            return False
    sources = [item["source"] for item in rule.get("from", ())]
    operations = [item["operation"] for item in rule.get("to", ())]
    return all(
        not each or any(_holds(said, facts, denies) for said in each) for each in (sources, operations)
    )


def _is_refused(specs: list[dict[str, Any]], facts: dict[str, str | None]) -> bool:
    def found(action: str) -> bool:
        return any(
            _matches(rule, facts, action == "DENY")
            for spec in specs
            if spec.get("action", "ALLOW") == action
            for rule in spec.get("rules", ())
        )

    allows = any(spec.get("action", "ALLOW") == "ALLOW" for spec in specs)
    return found("DENY") or (allows and not found("ALLOW"))


def _facts(request: MeshRequest) -> list[dict[str, str | None]]:
    """All that a request may be, of which not everything is known."""
    caller = request.caller
    found = []
    for space, shown, port, http, method, path in product(
        SPACES if caller.namespace is None else (caller.namespace,),
        (True, False) if caller.shows_identity is None else (caller.shows_identity,),
        request.ports or PORTS,
        (True, False) if request.is_http is None else (request.is_http,),
        METHODS if request.method is None else (request.method,),
        PATHS,
    ):
        found.append(
            {
                "namespaces": space if shown else None,
                "principals": f"cluster.local/ns/{space}/sa/{caller.account}" if shown else None,
                "serviceAccounts": f"{space}/{caller.account}" if shown else None,
                "ports": str(port),
                "methods": method if http else None,
                "paths": path if http else None,
            }
        )
    return found


_THIRD = st.sampled_from([True, False, None])
_REQUESTS = st.builds(
    MeshRequest,
    st.builds(Caller, st.sampled_from([*SPACES, None]), st.sampled_from(ACCOUNTS), _THIRD),
    st.sampled_from([frozenset({80}), frozenset({81}), frozenset({80, 81}), frozenset[int]()]),
    _THIRD,
    st.sampled_from([*METHODS, None]),
)


@settings(max_examples=usually(150, 5000), deadline=None)
@given(st.lists(st.tuples(_SPECS, st.booleans()), max_size=3), _REQUESTS)
def test_what_is_refused_is_refused_whatever_is_not_known(
    said: list[tuple[dict[str, Any], bool]], request: MeshRequest
) -> None:
    """Each policy that is perhaps about the pod may be there or not, and each value may be any. Of a request
    of which all is known the answer is that of the reference."""
    policies = [Policy(_object(spec), is_sure) for spec, is_sure in said]
    choices = product(*((True,) if is_sure else (True, False) for _, is_sure in said))
    worlds = [
        [spec for (spec, _), is_there in zip(said, chosen, strict=True) if is_there] for chosen in choices
    ]
    answers = {_is_refused(specs, facts) for specs in worlds for facts in _facts(request)}
    is_refused = refusal(policies, request) is not None
    if is_refused:
        assert answers == {True}
    is_known = len(worlds) == 1 and len(_facts(request)) == len(PATHS) and "paths" not in str(said).lower()
    if is_known:
        assert answers == {is_refused}


def _object(spec: dict[str, Any]) -> KubernetesObject:
    text = json.dumps(custom("AuthorizationPolicy", SECURITY, "p", "a", spec=spec))
    (document,) = load_text("p.json", text, Kind.KUBERNETES).documents
    return KubernetesObject(document.root)
