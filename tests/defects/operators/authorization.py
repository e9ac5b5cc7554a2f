"""Authorization policies: a caller and a callee in the mesh, whose policies are spoilt."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.mesh_routes import FOLDER, Front, fronts
from tests.metamorphic.repositories import Files

PATH = f"{FOLDER}/authorization.yaml"
_MOST = 6
_SPACES = """apiVersion: v1
kind: Namespace
metadata: {name: made-mesh, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Namespace
metadata: {name: made-apart, labels: {istio-injection: disabled}}
---
"""


def pods(name: str, namespace: str = "made-mesh", env: str = "") -> str:
    """A Deployment with an account of its own."""
    return (
        f"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}, namespace: {namespace}}}\n---\n"
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n"
        f"    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      serviceAccountName: {name}\n"
        f"      containers:\n        - name: main\n          image: shop/{name}:1.0.0\n"
        f"          ports: [{{name: http, containerPort: 8080}}]\n{env}---\n"
    )


def callee(name: str, port: str = "http") -> str:
    """Pods with a Service, which maps port 80 to 8080."""
    return pods(name) + (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: made-mesh}}\n"
        f"spec:\n  selector: {{app: {name}}}\n  ports: #OTHER\n"
        f"    - {{name: {port}, port: 80, targetPort: 8080}}\n---\n"
    )


def caller(callee: str, namespace: str = "made-mesh", scheme: str = "http://") -> str:
    """Pods that call a Service of ``made-mesh``."""
    address = f"{scheme}{callee}.made-mesh.svc.cluster.local:80"
    env = f"          env:\n            - name: PEER_URL\n              value: {address} #OTHER\n"
    return pods("made-caller", namespace, env)


def _policy(name: str, rules: str, namespace: str = "made-mesh", action: str = "ALLOW") -> str:
    return (
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
        f"metadata: {{name: {name}, namespace: {namespace}}}\nspec: #HERE\n"
        f"  action: {action}\n  selector: {{matchLabels: {{app: {name}}}}}\n{rules}---\n"
    )


def _rule(source: str, operation: str = "") -> str:
    done = f"      to:\n        - operation:\n            {operation} #HERE\n" if operation else ""
    return f"  rules: #HERE\n    - from: #HERE\n        - source:\n            {source} #HERE\n{done}"


_OWN = "principals: [cluster.local/ns/made-mesh/sa/made-caller]"
_REFUSING = {
    "another account": _rule("principals: [cluster.local/ns/made-mesh/sa/made-callers]"),
    "another namespace": _rule("namespaces: [made-apart]"),
    "the port of the Service": _rule(_OWN, 'ports: ["80"]'),
    "an account of another namespace": _rule("serviceAccounts: [made-apart/made-caller]"),
    "all but the caller": _rule("notPrincipals: ['*/sa/made-caller']"),
    "no rules": "",
}
"""What an ALLOW policy says that leaves the caller out."""
_DENYING = {
    "its account": _rule(_OWN),
    "its namespace": _rule("namespaces: [made-*]"),
    "all but another": _rule("notPrincipals: [cluster.local/ns/made-mesh/sa/other]"),
}


def named(files: Files) -> list[Front]:
    """Some Services of the repository, for names."""
    return fronts(files)[:_MOST]


@seeds("call-not-authorized")
def caller_left_out(files: Files) -> Iterator[Defect]:
    """No rule lets a caller in, or one denies it, or it has no identity to show."""
    for front in named(files):
        name = f"made-{front.name}"
        for action, said in (("ALLOW", _REFUSING), ("DENY", _DENYING)):
            for what, rules in said.items():
                text = _SPACES + callee(name) + caller(name) + _policy(name, rules, action=action)
                yield marked(files, f"{name} {action} {what}", {PATH: text})
        policy = _policy(name, _rule("namespaces: ['*']"))
        text = _SPACES + callee(name) + caller(name, "made-apart") + policy
        yield marked(files, f"{name} called from outside", {PATH: text})
        policy = _policy(name, _rule(_OWN, "methods: [GET]"))
        text = _SPACES + callee(name, "grpc") + caller(name, scheme="grpc://") + policy
        yield marked(files, f"{name} over gRPC by GET", {PATH: text})
        policy = _policy(name, _rule(_OWN, "paths: [/orders/*]"))
        text = _SPACES + callee(name, "tcp-line") + caller(name, scheme="tcp://") + policy
        yield marked(files, f"{name} paths of a connection", {PATH: text})


@seeds("caller-undefined")
def caller_misspelt(files: Files) -> Iterator[Defect]:
    """A rule names an account that is called otherwise, or that is no identity."""
    for front in named(files):
        name = f"made-{front.name}"
        account = f"{{name: {name}, namespace: made-mesh}}\n---"
        made = callee(name).replace(account, account.replace("\n", " #OTHER\n"), 1)
        for source in (
            f"principals: [cluster.local/ns/made-mesh/sa/{name}s]",
            f"serviceAccounts: [made-mesh/{name[:-1]}]",
            "notPrincipals: [cluster.local/ns/made-mesh/sa/nobody-of-these]",
            f"principals: ['spiffe://cluster.local/ns/made-mesh/sa/{name}']",
            f"principals: [cluster.local/sa/{name}/ns/made-mesh]",
        ):
            here = _policy(name, _rule(source)).replace("istio.io/v1\n", "istio.io/v1 #OTHER\n")
            yield marked(files, f"{name} {source}", {PATH: made + here})


def _peer(mode: str, name: str = "", ports: str = "") -> str:
    chosen = f"  selector: {{matchLabels: {{app: {name}}}}}\n" if name else ""
    return (
        "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n"
        f"metadata: {{name: made{name and '-own'}, namespace: made-mesh}}\nspec: #OTHER\n{chosen}"
        f"  mtls: {{mode: {mode}}} #OTHER\n{ports}---\n"
    )


_DEMANDING = (
    lambda name: _peer("STRICT"),
    lambda name: _peer("PERMISSIVE") + _peer("STRICT", name),
    lambda name: _peer("STRICT", name, "  portLevelMtls: {80: {mode: DISABLE}, 8080: {mode: UNSET}}\n"),
)


@seeds("plain-call-refused")
def caller_outside(files: Files) -> Iterator[Defect]:
    """A caller has no sidecar, and the callee demands mutual TLS, in several ways."""
    for front in named(files):
        name = f"made-{front.name}"
        for number, demand in enumerate(_DEMANDING):
            for namespace, label in (("made-apart", ""), ("made-mesh", ', sidecar.istio.io/inject: "false"')):
                outside = caller(name, namespace).replace("#OTHER", "#HERE")
                outside = outside.replace(
                    "{app: made-caller}}\n    spec", f"{{app: made-caller{label}}}}}\n    spec"
                )
                text = _SPACES + callee(name) + outside + demand(name)
                yield marked(files, f"{name} {number} {namespace}", {PATH: text})


@seeds("mutual-tls-unanswered")
def callee_plain(files: Files) -> Iterator[Defect]:
    """A destination rule asks for mutual TLS where no proxy answers, or where it is switched off."""
    mode = "    tls: {mode: ISTIO_MUTUAL} #HERE\n"
    for front in named(files):
        name = f"made-{front.name}"
        out = callee(name).replace(
            f"{{app: {name}}}}}\n    spec", f'{{app: {name}, sidecar.istio.io/inject: "false"}}}}\n    spec'
        )
        out = out.replace("kind: Deployment\n", "kind: Deployment #OTHER\n")
        off = (
            callee(name)
            + _peer("STRICT")
            + _peer("STRICT", name, "  portLevelMtls: {8080: {mode: DISABLE}}\n")
        )
        for what, made in (("outside", out), ("switched off", off)):
            for way in (mode, f"    portLevelSettings:\n      - port: {{number: 80}}\n    {mode}"):
                rule = (
                    "apiVersion: networking.istio.io/v1\nkind: DestinationRule\n"
                    f"metadata: {{name: {name}, namespace: made-mesh}}\nspec:\n  host: {name}\n"
                    f"  trafficPolicy:\n{way}"
                )
                yield marked(files, f"{name} {what} {way}", {PATH: _SPACES + made + rule})


@seeds("http-policy-without-waypoint")
def policy_about_http(files: Files) -> Iterator[Defect]:
    """A policy in ambient mode goes by what the proxies of nodes do not see."""
    for front in named(files):
        name = f"made-{front.name}"
        for action in ("ALLOW", "DENY"):
            for operation in ("methods: [GET]", "notPaths: [/health]", "hosts: ['*.example.com']"):
                rule = f"  rules:\n    - to:\n        - operation:\n            {operation} #HERE\n"
                policy = _policy(name, rule, action=action).replace(" #HERE\n  action", "\n  action")
                policy = policy.replace("istio.io/v1\n", "istio.io/v1 #OTHER\n")
                spaces = _SPACES.replace("istio-injection: enabled", "istio.io/dataplane-mode: ambient")
                yield marked(files, f"{name} {action} {operation}", {PATH: spaces + callee(name) + policy})


@seeds("authorization-unused")
def caller_let_in(files: Files) -> Iterator[Defect]:
    """A policy lets in an account whose pods call something else, in several spellings."""
    for front in named(files):
        name = f"made-{front.name}"
        own = "serviceAccounts: [made-mesh/made-caller]"
        other = pods("made-idle", env=_ADDRESS.format("made-caller"))
        other = other.replace("kind: Deployment\n", "kind: Deployment #OTHER\n").replace(
            "metadata: {name: made-idle, namespace: made-mesh}\nspec",
            "metadata: {name: made-idle, namespace: made-mesh} #OTHER\nspec",
        )
        front_of_caller = callee("made-caller").replace("#OTHER", "")
        front_of_caller = front_of_caller[front_of_caller.index("apiVersion: v1\nkind: Service\n") :]
        for source in (
            "principals: [cluster.local/ns/made-mesh/sa/made-idle]",
            "serviceAccounts: [made-mesh/made-idle]",
            "serviceAccounts: [made-idle]",
            "principals: [example.org/ns/made-mesh/sa/made-idle]",
        ):
            policy = _policy(name, _rule(own).replace(" #HERE", "") + _more(source)).replace(
                "spec: #HERE", "spec:"
            )
            text = callee(name).replace("#OTHER", "") + caller(name).replace("#OTHER", "")
            yield marked(files, f"{name} {source}", {PATH: text + front_of_caller + other + policy})


_ADDRESS = "          env:\n            - name: PEER_URL\n              value: http://{}.made-mesh.svc:80\n"


def _more(source: str) -> str:
    return f"    - from:\n        - source:\n            {source} #HERE\n"
