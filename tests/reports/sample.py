"""A small result with a finding of every sort, made by hand: what all report formats are tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archlint.finding import (
    Confidence,
    Edit,
    Finding,
    Fix,
    Location,
    Notice,
    ObjectRef,
    OperationName,
    Profile,
    Result,
    Rule,
    Severity,
    Span,
    Status,
    Witness,
)
from archlint.reports import Report

CART = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: cart
          image: shop/cart
          resources:
            requests: {memory: 128Mi}
"""
API = """\
openapi: 3.0.3
info: {title: Carts, version: "2"}
paths:
  /v1/carts/{id}:
    get: {}
"""
OLD_API = """\
openapi: 3.0.3
info: {title: Carts, version: "1"}
paths:
  /v1/carts:
    get: {}
  /v1/carts/{id}:
    get: {}
"""
NOTES = 'services:\n\tname: "東京 | 注文" # `x` *y*\n'
FILES: Mapping[tuple[str, str | None], str] = {
    ("deploy/cart.yaml", None): CART,
    ("api/carts v2.yaml", None): API,
    ("api/carts v2.yaml", "base"): OLD_API,
    ("docs/notes.yaml", None): NOTES,
}
PAGE = """\
# Container has no memory limit

A container without `resources.limits.memory` can take the memory of its node.
See [the documentation](https://kubernetes.io/docs/).

## How to fix it

Set a limit.

```yaml bad file=deploy.yaml
        resources:
        ^^^^^^^^^ Container 'cart' has no memory limit.
```

```yaml good file=deploy.yaml
        resources: {limits: {memory: 1Gi}}
```
"""


def rule(code: str, name: str, title: str, severity: Severity, message: str, **more: Any) -> Rule:
    """A rule of the sample."""
    fields: dict[str, Any] = {
        "confidence": Confidence.HIGH,
        "profile": Profile.RECOMMENDED,
        "status": Status.STABLE,
        "summary": f"{title}, in more words.",
        **more,
    }
    return Rule(code=code, name=name, title=title, severity=severity, messages={"default": message}, **fields)


RULES = {
    one.code: one
    for one in (
        rule(
            "KUBE101",
            "memory-limit-missing",
            "Container has no memory limit",
            Severity.ERROR,
            "Container '{container}' has no memory limit.",
            tags=("reliability", "security"),
            security_severity=5.5,
            formerly=("no-memory-limit",),
        ),
        rule(
            "KUBE301",
            "image-tag-missing",
            "Image has no tag",
            Severity.WARNING,
            "Image '{image}' has no tag.",
        ),
        rule(
            "OAS502",
            "operation-removed",
            "Operation was removed",
            Severity.ERROR,
            "Operation '{method} {path}' was removed.",
            confidence=Confidence.MEDIUM,
        ),
        rule(
            "OAS510",
            "enum-changed",
            "Enum was narrowed",
            Severity.ERROR,
            "The enum of '{property}' no longer has '{value}'.",
        ),
        rule(
            "OWN101",
            "service-without-owner",
            "Service has no owner",
            Severity.INFO,
            "Service '{service}' has no owner.",
        ),
    )
}


def finding(code: str, location: Location, arguments: Mapping[str, str], **more: Any) -> Finding:
    """A finding of one of the sample's rules."""
    known = RULES[code]
    fields: dict[str, Any] = {
        "severity": known.severity,
        "message": known.messages["default"].format(**arguments),
        "fingerprint": f"{code.lower()}-{location.path}",
        **more,
    }
    return Finding(
        code=code,
        rule=known.name,
        confidence=known.confidence,
        message_id="default",
        arguments=arguments,
        location=location,
        **fields,
    )


CART_OBJECT = ObjectRef("Deployment", "cart", "shop")
FINDINGS = (
    finding(
        "OAS502",
        Location("api/carts v2.yaml", Span(3, 1, 3, 6), pointer="/paths"),
        {"method": "GET", "path": "/v1/carts"},
        operations=(OperationName("GET", "/v1/carts"),),
        aliases=("oasdiff:api-path-removed-without-deprecation",),
        related=(
            Location(
                "api/carts v2.yaml",
                Span(5, 5, 5, 8),
                pointer="/paths/~1v1~1carts/get",
                revision="base",
                message="The operation was here",
            ),
        ),
    ),
    finding(
        "OAS510",
        Location("api/carts v2.yaml", Span(4, 3, 4, 17), pointer="/paths/~1v1~1carts~1{id}"),
        {"property": "state", "value": "open"},
        operations=tuple(OperationName("GET", f"/v1/carts/{{id}}/{number}") for number in range(5)),
        related=(Location("api/carts v2.yaml", Span(6, 3, 6, 17), revision="base", message="Old enum"),),
        witness=Witness({"state": "open", "total": float("inf")}, "base", "revision"),
    ),
    finding(
        "KUBE301",
        Location("deploy/cart.yaml", Span(9, 11, 9, 16), pointer="/spec/template/spec/containers/0/image"),
        {"image": "shop/cart"},
        object=CART_OBJECT,
        fix=Fix(safe=False, edits=(Edit("deploy/cart.yaml", 9, 27, 9, 27, ":1.0"),)),
    ),
    finding(
        "KUBE101",
        Location(
            "deploy/cart.yaml", Span(10, 11, 10, 20), pointer="/spec/template/spec/containers/0/resources"
        ),
        {"container": "cart"},
        object=CART_OBJECT,
        aliases=("kube-score:container-resources",),
    ),
    finding(
        "OWN101",
        Location("docs/notes.yaml", Span(2, 8, 2, 17), pointer="/services/name"),
        {"service": "東京 | 注文"},
        object=ObjectRef("Service", "orders"),
    ),
)
SUPPRESSED = finding(
    "KUBE301",
    Location("deploy/cart.yaml", Span(2, 7, 2, 17), pointer="/kind"),
    {"image": "shop/sidecar"},
    suppressed="built in the same pipeline",
)
NOTICES = (
    Notice("warning", "the git repository belongs to another user; all files are read"),
    Notice("error", "plugin 'acme' failed: 100%", "rules/acme.py"),
)


def result(findings: Sequence[Finding] = FINDINGS, **more: Any) -> Result:
    """A result over the sample's files."""
    fields: dict[str, Any] = {
        "files": 12,
        "suppressed": (SUPPRESSED,),
        "base": "0123456789abcdef0123456789abcdef01234567",
        "revision": {
            "commit": "89abcdef0123456789abcdef0123456789abcdef",
            "branch": "main",
            "repository": "https://someone:secret@git.example.org/shop/shop.git?token=secret",
        },
        **more,
    }
    return Result(findings=tuple(findings), **fields)


def lines(path: str, revision: str | None) -> Sequence[str]:
    """The lines of the sample's files."""
    text = FILES.get((path, revision))
    return [] if text is None else text.split("\n")


def report(of: Result | None = None, **more: Any) -> Report:
    """A report over a result, by default of the whole sample with a notice of each level."""
    if of is None:
        of = result(notices=NOTICES)
    return Report(
        **{
            "result": of,
            "rules": RULES,
            "page": lambda _: PAGE,
            "lines": lines,
            "url": lambda rule: f"https://docs.example.com/rules/{rule.name}.html",
            "home": lambda: "https://example.com/archlint",
            "version": "0.1.0",
            **more,
        }
    )


HOSTILE = "x\x1b[2J\r\n::error::\u202e](http://evil.example) @user #1 <b>|`%0A\x9b\ud800"
"""A name that tries to clear the screen, forge lines and links, and break every format."""


def hostile_report() -> Report:
    """Findings whose message, paths and related texts come from files made to do harm."""
    place = Location("bad\udcff <|`: ,%.yaml", Span(1, 1, 1, 2))
    bad = finding(
        "KUBE101",
        place,
        {"container": HOSTILE},
        object=ObjectRef("Deployment", HOSTILE + "2"),
        operations=(OperationName("GET", HOSTILE),),
        related=(Location(HOSTILE, Span(1, 1, 1, 2), revision="base", message=HOSTILE),),
        witness=Witness({HOSTILE: [HOSTILE, 10**5000, float("nan")]}, "base", "revision"),
        suppressed=None,
    )
    notices = (Notice("error", HOSTILE, HOSTILE),)
    return report(result((bad,), notices=notices), lines=lambda *_: [f"a: {HOSTILE}", ""])
