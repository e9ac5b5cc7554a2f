"""What gateways and meshes demand of callers, beside what contracts say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.defects.defects import Defect, line_of, seeds
from tests.defects.marked import marked
from tests.defects.operators.proxies import mounted
from tests.defects.operators.routes import PATH, Offered, http_route, ingress, offered, virtual_service
from tests.metamorphic.repositories import Files

_ROOT = re.compile(r"(?m)^security:\n(?:  ?-.*\n)+")
_METHOD = re.compile(r"(?m)^ {4}(?:get|post|put|patch|delete):\n")


def _by_annotation(key: str, value: str) -> Callable[[Offered, str], str]:
    def made(item: Offered, path: str) -> str:
        text = ingress(item, path)
        head = f"metadata:\n  annotations:\n    {key}: {value} #OTHER\n  name: edge\n  namespace: shop\n"
        return re.sub(r"metadata: .*\n", lambda _: head, text, count=1)

    return made


def _plugin(item: Offered, path: str) -> str:
    return (
        _by_annotation("konghq.com/plugins", "token")(item, path).replace(" #OTHER", "")
        + """---
apiVersion: configuration.konghq.com/v1
kind: KongPlugin
metadata: {name: token, namespace: shop}
plugin: jwt #OTHER
"""
    )


def _middleware(item: Offered, path: str) -> str:
    key = "traefik.ingress.kubernetes.io/router.middlewares"
    return (
        _by_annotation(key, "shop-login@kubernetescrd")(item, path).replace(" #OTHER", "")
        + """---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: shop}
spec:
  forwardAuth: #OTHER
    address: http://login.shop.svc.cluster.local
"""
    )


def _security_policy(item: Offered, path: str) -> str:
    return (
        re.sub(
            r"metadata: .*\n", "metadata: {name: edge, namespace: shop}\n", http_route(item, path), count=1
        )
        + """---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: {name: edge, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: edge}]
  jwt: #OTHER
    providers: [{name: shop, issuer: "https://login.shop.example.com"}]
"""
    )


def _mesh(item: Offered, path: str) -> str:
    text = virtual_service(item, path).replace("prefix: /outside", f"prefix: {path}")
    return (
        re.sub(r"      rewrite:\n.*\n", "", text)
        + f"""---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: callers, namespace: shop}}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: {item.name}}}}}
  action: DENY
  rules:
    - from: [{{source: {{notRequestPrincipals: ["*"]}}}}] #OTHER
"""
    )


def _kong(item: Offered, path: str) -> str:
    text = f"""\
_format_version: "3.0"
services:
  - name: shop
    host: {item.name}
    port: 8080
    routes: [{{name: shop, strip_path: false, paths: ["{path}"]}}]
plugins:
  - name: key-auth #OTHER
"""
    return mounted("kong:3.7", "/kong", "kong.yml", text)


def _nginx(item: Offered, path: str) -> str:
    text = (
        f"server {{\n  listen 80;\n  auth_request /check; #OTHER\n  location {path} {{\n"
        f"    proxy_pass http://{item.name}:8080;\n  }}\n}}\n"
    )
    return mounted("nginx:1.27", "/etc/nginx/conf.d", "default.conf", text)


GUARDS: dict[str, Callable[[Offered, str], str]] = {
    "auth-url": _by_annotation(
        "nginx.ingress.kubernetes.io/auth-url", "https://login.shop.example.com/check"
    ),
    "auth-type": _by_annotation("nginx.ingress.kubernetes.io/auth-type", "basic"),
    "alb": _by_annotation("alb.ingress.kubernetes.io/auth-type", "oidc"),
    "plugin": _plugin,
    "middleware": _middleware,
    "security policy": _security_policy,
    "mesh": _mesh,
    "kong": _kong,
    "nginx": _nginx,
}


@seeds("edge-security-undeclared")
def contract_says_nothing(files: Files) -> Iterator[Defect]:
    """A contract from which the demand of a token is taken, for all or for one operation, behind a guard."""
    files = {path: "" if "/istio/" in path else text for path, text in files.items()}
    for item in offered(files):
        for name, guard in GUARDS.items() if _ROOT.search(item.text) else ():
            route = guard(item, item.paths[0])
            text = _ROOT.sub("", item.text)
            first, _, rest = text.partition("\n")
            made = {PATH: route, item.contract: f"{first} #HERE\n{rest}"}
            yield marked(files, f"{name} before {item.contract}", made)
            method = _METHOD.search(item.text)
            assert method, "each contract of the shop has operations"
            text = f"{item.text[: method.end()]}      security: [] #HERE\n{item.text[method.end() :]}"
            yield marked(
                files,
                f"{name} before {item.contract}:{line_of(item.text, method.start())}",
                {PATH: route, item.contract: text},
            )


_OTHER = """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: reports
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-url: https://login.shop.example.com/check #OTHER
spec:
  ingressClassName: nginx
  rules:
    - host: {host}
      http:
        paths:
          - path: /reports
            pathType: Prefix
            backend: {{service: {{name: reports, port: {{number: 8080}}}}}}
"""
_OTHER_ROUTE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: reports, namespace: shop}}
spec:
  hostnames: [{host}]
  parentRefs: [{{name: edge, namespace: edge}}]
  rules:
    - matches: [{{path: {{type: PathPrefix, value: /reports}}}}]
      backendRefs: [{{name: reports, port: 8080}}]
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: {{name: reports, namespace: shop}}
spec:
  targetRef: {{group: gateway.networking.k8s.io, kind: HTTPRoute, name: reports}}
  {demand}: #OTHER
    providers: [{{name: shop, issuer: "https://login.shop.example.com"}}]
"""


@seeds("declared-security-unenforced")
def route_beside_guarded_ones(files: Files) -> Iterator[Defect]:
    """A route that checks nothing before a contract that demands a token, beside one of the same gateway that
    checks."""
    for item in offered(files):
        for path in item.paths[:3] if _ROOT.search(item.text) else ():
            marked_path = f"{path} #HERE"
            text = ingress(item, marked_path) + _OTHER.format(host=item.host)
            yield marked(files, f"Ingress {item.name} {path}", {PATH: text})
            for demand in ("jwt", "oidc", "extAuth", "basicAuth"):
                text = http_route(item, path).replace(f"value: {path}}}", f"value: {path}}} #HERE")
                text += _OTHER_ROUTE.format(host=item.host, demand=demand)
                yield marked(files, f"HTTPRoute {item.name} {path} {demand}", {PATH: text})


_KNOWN = "/.well-known/openid-configuration"
_ISSUED = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {{name: callers, namespace: shop}}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: {name}}}}}
  jwtRules:
    - issuer: {issuer} #HERE
"""


@seeds("declared-security-unenforced")
def service_beside_guarded_ones(files: Files) -> Iterator[Defect]:
    """A service that no policy guards, beside one of the same gateway that is guarded in the mesh."""
    known = [item for item in offered(files) if _ROOT.search(item.text)]
    for item in known:
        for other in known:
            if other.name != item.name:
                open_route = virtual_service(item, item.paths[0]).replace(
                    f"uri: {item.paths[0]}", f"uri: {item.paths[0]} #HERE"
                )
                text = f"{open_route}---\n{_mesh(other, other.paths[0])}"
                yield marked(files, f"{item.name} beside {other.name}", {PATH: text})


@seeds("token-issuer-differs")
def another_issuer(files: Files) -> Iterator[Defect]:
    """A contract that sends callers to one issuer, and a mesh that takes the tokens of another."""
    scheme = re.compile(r"(?m)^    bearerAuth:\n(?:      .*\n)+")
    for item in offered(files):
        for told, taken in (
            ("https://login.shop.example.com/realms/shop", "https://login.shop.example.com/realms/staff"),
            ("https://login.shop.example.com", "https://accounts.shop.example.com"),
            ("https://id.example.com/shop/", "https://id.example.com/shops/"),
            ("https://login.shop.example.com/v2.0", "https://sts.shop.example.com/v1.0"),
            ("https://shop.eu.example.com/", "https://shop.us.example.com/"),
            ("https://login.shop.example.com:8443", "https://login.shop.example.com"),
        ):
            flow = f"type: openIdConnect\n      openIdConnectUrl: {told.rstrip('/')}{_KNOWN} #OTHER"
            if scheme.search(item.text):
                text = scheme.sub(f"    bearerAuth:\n      {flow}\n", item.text)
                for name in (item.name, f"{item.name} "):
                    made = {
                        item.contract: text,
                        PATH: _ISSUED.format(
                            name=name.strip(), issuer=f'"{taken}"' if " " in name else taken
                        ),
                    }
                    yield marked(files, f"{item.name} {told} {taken} {len(name)}", made)


@seeds("token-not-required")
def policy_forgotten(files: Files) -> Iterator[Defect]:
    """An authentication without a policy that asks for a token, or with one that looks at callers alone."""
    policies = {
        "none": "",
        "callers": "    - from: [{source: {namespaces: [shop]}}]\n",
        "paths": "    - to: [{operation: {methods: [GET, POST]}}]\n",
    }
    for item in offered(files):
        lines = range(1, item.text.count("\n") + 2) if _ROOT.search(item.text) else ()
        for name, rules in policies.items() if lines else ():
            for issuer in ("https://login.shop.example.com", "https://accounts.example.com", "shop-issuer"):
                text = _ISSUED.format(name=item.name, issuer=issuer).replace(" #HERE", "")
                text = text.replace("jwtRules:", "jwtRules: #HERE")
                if rules:
                    text += (
                        "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
                        "metadata: {name: callers, namespace: shop}\nspec:\n"
                        f"  selector: {{matchLabels: {{app.kubernetes.io/name: {item.name}}}}}\n"
                        f"  rules:\n{rules}"
                    )
                found = marked(files, f"{item.name} {name} {issuer}", {PATH: text})
                others = frozenset((item.contract, number) for number in lines)
                yield Defect(found.what, found.files, found.places, others)
