"""Files of any length that repeat one thing which has cost, or could cost, more than its length."""

from __future__ import annotations

from collections.abc import Callable

from tests.safety.chains import Files, Kind

_CHECK = ("check", ".", "--select", "ALL", "--jobs", "1", "--format", "json")
_BREAKING = ("breaking", "../base", ".", "--format", "json")
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {ports: [{port: 80}]}\n"
_OPENAPI = "openapi: 3.1.0\ninfo: {title: Shop, version: 1.0.0}\n"
_PROTO = 'syntax = "proto3";\npackage shop.v1;\n'
_MARK = "# archlint: ignore[KUBE101] known"
_NO_YAML = "apiVersion: v1\nkind: [}\n"


def _checked(path: str, text: Callable[[int], str], first: int) -> Kind:
    return Kind(_CHECK, lambda count: {path: text(count)}, first=first)


def _compared(revision: Callable[[int], str], base: Callable[[int], str], first: int) -> Kind:
    return Kind(
        _BREAKING, lambda count: {"api.yaml": revision(count)}, lambda count: {"api.yaml": base(count)}, first
    )


def _each(count: int, pattern: str, separator: str = "") -> str:
    return separator.join(pattern.replace("N+1", str(at + 1)).replace("N", str(at)) for at in range(count))


def _operation(path: str, schema: str) -> str:
    content = f"{{application/json: {{schema: {schema}}}}}"
    return f'  {path}:\n    get:\n      responses: {{"200": {{description: all, content: {content}}}}}\n'


def _schema(schema: str) -> str:
    return f"{_OPENAPI}paths:\n{_operation('/v1/carts', schema)}"


def _properties(count: int, more: str) -> str:
    return _schema(f"{{type: object, properties: {{{_each(count, f'pN: {{type: string{more}}}', ', ')}}}}}")


def _chain(count: int, more: str) -> str:
    """Named schemas of which each refers to the next, and all of which change."""
    last = f"    S{count}: {{type: string}}\n"
    reference = '{$ref: "#/components/schemas/SN+1"}'
    each = f"    SN: {{type: object, properties: {{v: {{type: string{more}}}, next: {reference}}}}}\n"
    schemas = f"components:\n  schemas:\n{_each(count, each)}{last}"
    return _schema("{$ref: '#/components/schemas/S0'}") + schemas


def _deep(count: int, inner: str) -> str:
    default = "[" * count + inner + "]" * count
    return _schema(f"{{default: {default}, enum: [{default}], required: {default}, const: {default}}}")


def _aliases(count: int) -> str:
    values = f"x-values: &values {{enum: [{'abcd, ' * 700}]}}\n"
    properties = _each(count, "        pN: *values\n")
    schema = f"components:\n  schemas:\n    Cart:\n      type: object\n      properties:\n{properties}"
    return f"{_OPENAPI}{values}paths: {{}}\n{schema}"


def _secured(count: int, name: str) -> str:
    ways = _each(count, f"{{{name}N: []}}", ", ")
    return f"{_schema('{type: string}')}security: [{ways}]\n"


def _moved(count: int) -> tuple[Files, Files]:
    empty = f"{_OPENAPI}paths: {{}}\n"
    full = f"{_OPENAPI}paths:\n{_each(count, _operation('/v1/pN', '{type: string}'))}"
    return {"a.yaml": empty, "b.yaml": full}, {"a.yaml": full, "b.yaml": empty}


def _over_fragments(count: int, last: str) -> Files:
    """Contracts that all refer to the first of a chain of files."""
    files = {
        f"c{at}.yaml": f"{_OPENAPI.replace('Shop', f'Shop {at}')}paths:\n"
        + _operation(f"/v1/p{at}", '{$ref: "f0.yaml#/Item"}')
        for at in range(count)
    }
    for at in range(count):
        following = f'{{$ref: "f{at + 1}.yaml#/Item"}}' if at + 1 < count else last
        files[f"f{at}.yaml"] = f"Item: {{type: object, properties: {{next: {following}}}}}\n"
    return files


def _variables(count: int) -> str:
    variables = _each(count, "{name: VN+1_URL, value: 'http://cartN $(VN_URL)'}", ", ")
    container = f"{{name: cart, image: 'shop/cart:1.0', env: [{variables}]}}"
    head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\n"
    return f"{head}spec: {{template: {{spec: {{containers: [{container}]}}}}}}\n"


def _quotes(count: int) -> str:
    return f'{_PROTO}// archlint: ignore[PROTO] known\noption go_package = "' + '\\"' * count + '";\n'


def _dumped(count: int) -> str:
    """Databases of which jobs dump every second one."""
    volume = "volumes: [{name: data, persistentVolumeClaim: {claimName: dbN}}]"
    container = (
        "{name: db, image: 'postgres:17', volumeMounts: [{name: data, mountPath: /var/lib/postgresql}]}"
    )
    database = (
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: dbN}\nspec:\n"
        f"  template: {{spec: {{containers: [{container}], {volume}}}}}\n"
    )
    job = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: dumpN}\nspec:\n  jobTemplate: "
        "{spec: {template: {spec: {containers: [{name: dump, command: [pg_dump, -h, dbN]}]}}}}\n"
    )
    other = database.replace("dbN", "otherN")
    return _each(count, f"---\n{database}---\n{other}---\n{job}")


def _guarded(count: int) -> Files:
    """A contract whose paths a guarded proxy sends on, each by a location of its own."""
    locations = _each(count, "  location /rN/ { proxy_pass http://orders:80; }\n")
    paths = _each(count, '  /rN/items: {get: {operationId: gN, responses: {"200": {description: ok}}}}\n')
    return {
        "nginx.conf": f"events {{}}\nhttp {{ server {{ listen 80; auth_request /auth;\n{locations}}} }}\n",
        "orders.yaml": f"openapi: 3.0.3\ninfo: {{title: orders, version: 1.0.0}}\npaths:\n{paths}",
        "orders/Dockerfile": "FROM scratch\n",
        "compose.yaml": (
            'services:\n  web: {image: "nginx:1.27", volumes: ["./nginx.conf:/etc/nginx/nginx.conf"]}\n'
            "  orders: {build: orders}\n"
        ),
        "shop.yaml": _SERVICE.replace("cart", "orders"),
    }


KINDS: dict[str, Kind] = {
    "blanks after a suppression": _checked("a.yaml", lambda n: f"{_SERVICE}{_MARK}{' ' * n}x\n", 20_000),
    "blanks in a suppression": _checked(
        "a.yaml", lambda n: f"{_SERVICE}# archlint: ignore[{' ' * n}", 20_000
    ),
    "suppressions on a line": _checked("a.yaml", lambda n: _SERVICE + f" {_MARK}" * n + "\n", 100),
    "suppressions above a file": _checked(
        "a.yaml", lambda n: f"{_MARK}\n".replace("ignore", "ignore-file") * n + _SERVICE, 100
    ),
    "suppressions at an element": _checked(
        "a.yaml", lambda n: f"{_OPENAPI}x-archlint-ignore: [{'OAS101 known, ' * n}]\npaths: {{}}\n", 100
    ),
    "suppressed elements": _checked(
        "a.yaml",
        lambda n: _chain(n, ", x-archlint-ignore: [OAS101 known]"),
        20,
    ),
    "blanks after a bracket, YAML": _checked("a.yaml", lambda n: f"apiVersion: v1\nx: {{{' ' * n}", 40_000),
    "blanks after a bracket, JSON": _checked("a.json", lambda n: f'{{"kind": 1, {" " * n}', 40_000),
    "anchors": _checked("a.yaml", lambda n: f"apiVersion: v1\nx: [{_each(n, '&aN 1, ')}]\n", 2_000),
    "anchors without an end": _checked("a.yaml", lambda n: f"apiVersion: v1\nx: [{_each(n, '&aN ')}", 2_000),
    "quotes in a proto string": _checked("a.proto", _quotes, 3_000),
    "comments without an end": _checked(
        "a.proto", lambda n: f"{_PROTO}// archlint: ignore[PROTO] x\n{'/* ' * n}", 1_500
    ),
    "imports that lead nowhere": _checked("a.proto", lambda n: _PROTO + _each(n, 'import "N.proto";\n'), 20),
    "templates": _checked("a.yaml", lambda n: _NO_YAML + "{{" * n + "${" * n, 2_000),
    "an alias in each property": _checked("a.yaml", _aliases, 4),
    "databases and jobs that dump some": _checked("a.yaml", _dumped, 25),
    "guarded locations": Kind(_CHECK, _guarded, first=25),
    "composed variables": _checked("a.yaml", _variables, 40),
    "properties": _compared(lambda n: _properties(n, ", maxLength: 9"), lambda n: _properties(n, ""), 20),
    "properties that are no schema": _compared(
        lambda n: _properties(n, ", minLength: x"), lambda n: _properties(n, ""), 20
    ),
    "schemas in a chain": _compared(lambda n: _chain(n, ", maxLength: 9"), lambda n: _chain(n, ""), 10),
    "deep lists": _compared(lambda n: _deep(n, "a"), lambda n: _deep(n, "b"), 20),
    "ways to be let in": _compared(lambda n: _secured(n, "old"), lambda n: _secured(n, "new"), 10),
    "moved operations": Kind(_BREAKING, lambda n: _moved(n)[0], lambda n: _moved(n)[1], first=10),
    "contracts over a chain of files": Kind(
        _BREAKING,
        lambda n: _over_fragments(n, "{type: integer}"),
        lambda n: _over_fragments(n, "{type: string}"),
        first=5,
    ),
}
