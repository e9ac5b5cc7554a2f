"""Kubernetes' functions in CEL: each with the value that the API server would give."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.adapters.admission.library import UnknownValue
from archlint.adapters.admission.programs import CompiledPolicy, Engine, Failure, Problem, Scope
from archlint.adapters.admission.syntax import SyntaxProblem, TooDeep, parse
from archlint.adapters.admission.translation import Translator

OBJECT = {
    "kind": "Deployment",
    "metadata": {"name": "cart", "labels": {"app": "cart", "tier": "web"}},
    "spec": {"replicas": 2, "ports": [80, 443], "memory": "512Mi", "names": ["b", "a", "b"], "none": None},
}
VALUES = {
    # quantities
    "quantity('1Gi') == quantity('1024Mi')": True,
    "quantity('1.5Gi').isGreaterThan(quantity('1500M'))": True,
    "quantity(object.spec.memory).isLessThan(quantity('1Gi'))": True,
    "quantity('100m').compareTo(quantity('0.1'))": 0,
    "quantity('-1').sign()": -1,
    "quantity('2k').asInteger()": 2000,
    "quantity('2.5').isInteger()": False,
    "quantity('500m').asApproximateFloat()": 0.5,
    "quantity('1').add(quantity('500m')).sub(1) == quantity('0.5')": True,
    "isQuantity('1e3') && isQuantity('.5') && !isQuantity('1GiB') && !isQuantity('')": True,
    # addresses and networks
    "ip('10.0.0.1').family()": 4,
    "ip('::1').isLoopback() && !ip('10.0.0.1').isLoopback()": True,
    "ip('0:0:0:0:0:0:0:1') == ip('::1')": True,
    "ip.isCanonical('0:0:0:0:0:0:0:1')": False,
    "isIP('10.0.0.256') || isIP('::ffff:1.2.3.4') || isIP('fe80::1%eth0') || isIP('010.0.0.1')": False,
    "ip('8.8.8.8').isGlobalUnicast()": True,
    "ip('224.0.0.1').isLinkLocalMulticast()": True,
    "ip('169.254.1.1').isLinkLocalUnicast() && ip('0.0.0.0').isUnspecified()": True,
    "cidr('10.0.0.0/8').containsIP('10.1.2.3') && cidr('10.0.0.0/8').containsIP(ip('10.1.2.3'))": True,
    "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR('10.0.0.0/8')": True,
    "cidr('192.168.1.7/24').masked() == cidr('192.168.1.0/24')": True,
    "cidr('192.168.1.7/24').ip() == ip('192.168.1.7')": True,
    "cidr('fd00::/8').prefixLength()": 8,
    "isCIDR('10.0.0.0') || isCIDR('10.0.0.0/33') || isCIDR('10.0.0.0/08')": False,
    # URLs
    "url('https://shop.example:8443/a%20b?x=1&x=2').getHost()": "shop.example:8443",
    "url('https://shop.example:8443/').getHostname()": "shop.example",
    "url('https://[::1]:80/').getHostname()": "::1",
    "url('https://shop.example/').getPort()": "",
    "url('https://shop.example/a%20b').getEscapedPath()": "/a%20b",
    "url('https://shop.example/?x=1&x=2').getQuery()['x']": ["1", "2"],
    "url('/a').getScheme() == '' && isURL('https://a') && !isURL('a b') && !isURL('shop')": True,
    # versions
    "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('1.0.0-rc.2').isLessThan(semver('1.0.0'))": True,
    "semver('1.0.0-alpha.9').isLessThan(semver('1.0.0-alpha.10'))": True,
    "semver('1.2.3').minor() + semver('v01.2', true).patch()": 2,
    "isSemver('1.2') || isSemver('v1.2.3') || isSemver('01.2.3')": False,
    "isSemver('v1.2', true)": True,
    # formats
    "format.dns1123Label().validate('Cart').hasValue()": True,
    "format.named('dns1123Subdomain').value().validate('a.b-c.d') == optional.none()": True,
    "format.named('nonsense').hasValue()": False,
    "['uuid', 'byte', 'date', 'datetime', 'labelValue', 'uri'].all(n, format.named(n).hasValue())": True,
    "format.date().validate('2026-13-01').hasValue()": True,
    "format.qualifiedName().validate('example.com/team') == optional.none()": True,
    "'%s has %d of %.1f'.format(['cart', 2, 0.5])": "cart has 2 of 0.5",
    # regular expressions
    "'v1.24 v1.25'.find('[0-9]+[.][0-9]+')": "1.24",
    "'v1.24 v1.25'.findAll('v[0-9.]+$')": ["v1.25"],
    "'a1b2c3'.findAll('[0-9]', 2)": ["1", "2"],
    "'cart'.find('x')": "",
    "object.metadata.name.matches('^[a-z]+$')": True,
    # lists and sets
    "object.spec.ports.isSorted() && !object.spec.names.isSorted() && [].isSorted()": True,
    "object.spec.ports.sum()": 523,
    "object.spec.ports.min() + object.spec.ports.max()": 523,
    "object.spec.names.indexOf('b') + object.spec.names.lastIndexOf('b')": 2,
    "object.spec.names.indexOf('c')": -1,
    "'banana'.indexOf('an') + 10 * 'banana'.lastIndexOf('an') + 100 * 'banana'.indexOf('an', 2)": 331,
    "object.spec.names.distinct()": ["b", "a"],
    "object.spec.names.sort()": ["a", "b", "b"],
    "[[1], [2, 3]].flatten().slice(1, 3)": [2, 3],
    "sets.contains(object.spec.ports, [80]) && !sets.contains([80], object.spec.ports)": True,
    "sets.intersects([1, 2], [2, 3]) && sets.equivalent([1, 2, 2], [2, 1])": True,
    # optional values, bindings
    "object.?spec.?paused.orValue(false)": False,
    "object.spec[?'replicas'].optMap(n, n + 1).orValue(0)": 3,
    "object.spec.names.orValue([]).size()": 3,
    "cel.bind(n, object.spec.replicas, n * n)": 4,
    "{?'a': object.?nothing, 'b': 1}": {"b": 1},
    # comprehensions with two variables
    "object.metadata.labels.all(k, v, k.size() > 2 && v.size() > 2)": True,
    "object.spec.names.exists(i, n, i == 1 && n == 'a')": True,
    "object.spec.names.existsOne(i, n, n == 'b')": False,
    "object.spec.names.transformList(i, n, i > 0, n + string(i))": ["a1", "b2"],
    "object.metadata.labels.transformMap(k, v, k != 'app', v + '!')": {"tier": "web!"},
    "object.metadata.labels.transformMapEntry(k, v, {v: k})": {"cart": "app", "web": "tier"},
    "object.spec.names.transformList(i, n, object.metadata.labels.transformMap(k, v, v + n).size())": [
        2,
        2,
        2,
    ],
    # what only the API server has
    "Object{metadata: Object.metadata{labels: {'a': 'b'}}}": {"metadata": {"labels": {"a": "b"}}},
    "[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 1}]": [
        {"op": "add", "path": "/metadata/labels/a~1b", "value": 1}
    ],
    "base64.decode('YQ==') == b'a' && object.spec.none == null": True,
    # what is unknown does not matter where something else decides
    "authorizer.group('apps').check('get').allowed() || object.spec.replicas == 2": True,
    "request.userInfo.username == 'x' && object.spec.replicas == 3": False,
    "request.operation == 'CREATE' && has(request.kind.kind) && oldObject == null": True,
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def value_of(engine: Engine, written: str, variables: dict[str, str] | None = None) -> Any:
    said = {
        "strict": True,
        "variables": list((variables or {}).items()),
        **{key: [] for key in ("conditions", "validations", "messages", "mutations")},
    }
    policy = CompiledPolicy(engine, said)
    given = {"request.operation": "CREATE", "request.kind": {"kind": "Deployment"}}
    engine.scope = Scope({"object": OBJECT}, given, policy)
    program = engine.compile(written, policy.translator, is_strict=True)
    return engine.evaluate(program.program)


@pytest.mark.parametrize("written", VALUES)
def test_an_expression_has_the_value_that_kubernetes_gives(engine: Engine, written: str) -> None:
    assert value_of(engine, written) == VALUES[written]


@pytest.mark.parametrize(
    ("written", "needs"),
    {
        "request.userInfo.username == 'x'": "request.userInfo",
        "has(request.userInfo)": "request.userInfo",
        "has(request.userInfo.groups) && true": "request.userInfo",
        "authorizer.path('/healthz').check('get').allowed()": "authorizer",
        "namespaceObject.metadata.labels.exists(k, k == 'a')": "namespaceObject",
        "object.spec.ports.all(p, p > 0 && authorizer.serviceAccount('a', 'b').allowed())": "authorizer",
        "variables.who == 'x'": "request.userInfo",
        "'a'.find('\\\\p{Greek}') == ''": "a regular expression that archlint cannot read",
    }.items(),
)
def test_what_nobody_knows_is_told(engine: Engine, written: str, needs: str) -> None:
    with pytest.raises(UnknownValue, match=needs):
        value_of(engine, written, {"who": "request.userInfo.username"})


@pytest.mark.parametrize(
    ("written", "reason"),
    {
        "object.spec.paused": "no such key: paused",
        "variables.bad == 1": "no such key: nothing",
        "quantity('nonsense') == quantity('1')": "no quantity",
        "[].min() == 1": "empty list",
        "object.spec.ports[7] == 1": "index out of bounds: 7",
        "variables.bad == 1 && true": "no such key: nothing",
    }.items(),
)
def test_an_error_says_what_it_is(engine: Engine, written: str, reason: str) -> None:
    with pytest.raises(Failure, match=reason):
        value_of(engine, written, {"bad": "object.nothing"})


def test_a_variable_that_fails_matters_only_where_it_is_read(engine: Engine) -> None:
    variables = {"bad": "object.nothing", "twice": "variables.bad + 1", "good": "object.spec.ports"}
    assert value_of(engine, "has(object.nothing) && variables.twice > 1", variables) is False
    assert value_of(engine, "variables.good.all(p, p > 1) || variables.bad == 1", variables) is True
    assert value_of(engine, "variables.good.map(variables, variables + 1)", variables) == [81, 444]


@pytest.mark.parametrize(
    ("written", "at"),
    {
        "object.spec.replicas >= ": 23,
        "object.spec.replicas >= limit": 24,
        "variables.who == 'x' && nothing(1)": 31,
        "object.spec.ports.all(i, p, p > limit)": 32,
        "'abc": 0,
        "object.spec\n  .ports.nothing()": 28,
    }.items(),
)
def test_a_mistake_is_told_where_it_stands(engine: Engine, written: str, at: int) -> None:
    with pytest.raises(Problem) as caught:
        value_of(engine, written, {"who": "'x'"})
    assert caught.value.is_certain
    assert caught.value.offset == at


@pytest.mark.parametrize(
    "text", ["(" * 5000, "[" * 5000, "!" * 5000 + "true", "a" + ".b" * 5000, "1 ? " * 5000]
)
def test_deep_expressions_are_refused_at_once(text: str) -> None:
    with pytest.raises((TooDeep, SyntaxProblem)):
        parse(text)


def test_a_translation_leaves_the_rest_as_it_is() -> None:
    text = "// variables.x\n'variables.x' + r'\\d' + variables.x + x.variables.x"
    assert Translator({"x": "STRING"}).translate(text).text == text.replace(
        "+ variables.x", '+ __variable_string("x")'
    )
