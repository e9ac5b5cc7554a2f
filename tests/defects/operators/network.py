"""Network policies: each workload of a repository gets guarded pods, and their policies are spoilt."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import workloads
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

PATH, CONFIGURATION = "guarded/all.yaml", "archlint.yaml"
_MOST = 12
_DNS = (
    "    - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]\n"
    "      ports: [{port: 53, protocol: UDP}, {port: 53}]\n"
)


def _names(files: Files) -> list[str]:
    return [f"{item.name}-api" for item in workloads(files)][:_MOST]


def _pods(name: str, more: str = "", kind: str = "Deployment", mark: str = "") -> str:
    return (
        f"apiVersion: apps/v1\nkind: {kind}{mark}\nmetadata:\n  name: {name}{mark}\n  namespace: guarded\n"
        f"spec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n"
        f"    metadata: {{labels: {{app: {name}}}}}{mark}\n    spec:\n      containers:\n"
        f"        - name: main{mark}\n          image: shop/{name}:1.0.0\n"
        f"          ports: [{{name: http, containerPort: 8080}}]\n{more}---\n"
    )


def _service(name: str, kind: str = "ClusterIP", port: str = "port: 80", mark: str = " #OTHER") -> str:
    return (
        f"apiVersion: v1\nkind: Service{mark}\nmetadata:\n  name: {name}{mark}\n  namespace: guarded\n"
        f"  labels: {{app: {name}}}\nspec:\n  type: {kind}{mark}\n  selector: {{app: {name}}}{mark}\n"
        f"  ports:{mark}\n    - name: http\n      {port}{mark}\n      targetPort: 8080{mark}\n---\n"
    )


def _policy(name: str, rules: str, of: str | None = None) -> str:
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {name}\n"
        f"  namespace: guarded\nspec:\n  podSelector: {{matchLabels: {{app: {of or name}}}}}\n{rules}---\n"
    )


def _from(peer: str, port: str = "8080", mark: str = " #HERE") -> str:
    return (
        f"  policyTypes: [Ingress]{mark}\n  ingress:{mark}\n    - from:{mark}\n        - {peer}{mark}\n"
        f"      ports:{mark}\n        - port: {port}{mark}\n"
    )


def _to(rules: str) -> str:
    return f"  policyTypes: [Egress] #HERE\n  egress: #HERE\n{rules}"


@seeds("ingress-open-to-all")
def opened_to_everyone(files: Files) -> Iterator[Defect]:
    """A rule without peers, or with all addresses."""
    for name in _names(files):
        for rules in (
            "  ingress: #HERE\n    - {} #HERE\n",
            "  ingress:\n    - ports: #HERE\n        - port: 8080\n",
            _from("ipBlock: {cidr: 0.0.0.0/0}"),
        ):
            made = _pods(name) + _service(name, mark="") + _policy(name, rules)
            yield marked(files, f"{name} {rules}", {PATH: made})


@seeds("egress-open-to-all")
def let_out_to_everything(files: Files) -> Iterator[Defect]:
    """A rule without peers, or with all addresses."""
    for name in _names(files):
        for rule in (
            "    - {} #HERE\n",
            "    - to: #HERE\n        - ipBlock: {cidr: 0.0.0.0/0} #HERE\n",
        ):
            yield marked(files, f"{name} {rule}", {PATH: _pods(name) + _policy(name, _to(_DNS + rule))})


@seeds("egress-blocks-dns")
def names_forgotten(files: Files) -> Iterator[Defect]:
    """Rules for calls, and none for the name server, or only over TCP."""
    for name in _names(files):
        rule = "    - to: [{podSelector: {matchLabels: {app: other}}}] #HERE\n      ports: [{port: 8080}]\n"
        tcp = "    - to: [{namespaceSelector: {}}] #HERE\n      ports: [{port: 53}] #HERE\n"
        for rules in (rule, rule + tcp):
            yield marked(files, f"{name} {len(rules)}", {PATH: _pods(name) + _policy(name, _to(rules))})


@seeds("service-port-cut-off")
def port_of_the_service(files: Files) -> Iterator[Defect]:
    """A rule that opens the port of the Service, or one of before."""
    for name in _names(files):
        for port in ("80", "9090"):
            rules = _from("namespaceSelector: {}", port)
            made = _pods(name) + _service(name) + _policy(name, rules)
            yield marked(files, f"{name} {port}", {PATH: made})


@seeds("policy-port-undefined")
def port_name_misspelt(files: Files) -> Iterator[Defect]:
    """A rule that opens a port by a name that the pods do not have."""
    for name in _names(files):
        for port in ("htttp", "grpc"):
            made = _pods(name, mark=" #OTHER") + _policy(name, _from("podSelector: {}", port))
            yield marked(files, f"{name} {port}", {PATH: made})


@seeds("policies-open-together")
def halves(files: Files) -> Iterator[Defect]:
    """Two policies, or two peers, that together let everybody in."""
    for name in _names(files):
        low, high = "ipBlock: {cidr: 0.0.0.0/2}", "ipBlock: {cidr: 128.0.0.0/2}"
        here = " #HERE #OTHER"
        made = _pods(name) + _policy(f"{name}-low", _from(low, mark=here), name)
        made += _policy(f"{name}-high", _from(high, mark=here), name)
        yield marked(files, f"{name} by two policies", {PATH: made})
        peers = (
            f"matchExpressions: [{{key: team, operator: {word}}}]" for word in ("Exists", "DoesNotExist")
        )
        both = "".join(f"        - namespaceSelector: {{{peer}}}{here}\n" for peer in peers)
        made = _pods(name) + _policy(name, f"  ingress:\n    - from:\n{both}")
        yield marked(files, f"{name} by two peers", {PATH: made})


@seeds("policy-part-redundant")
def contained(files: Files) -> Iterator[Defect]:
    """A narrow peer or port that is left beside a wide one."""
    for name in _names(files):
        rules = (
            "  ingress:\n    - from:\n        - podSelector: {} #OTHER\n"
            "        - podSelector: {matchLabels: {app: web}} #HERE\n"
        )
        yield marked(files, f"{name} peer", {PATH: _pods(name) + _policy(name, rules)})
        rules = (
            "  ingress:\n    - from:\n        - podSelector: {matchLabels: {app: web}}\n      ports:\n"
            "        - port: 8000 #OTHER\n          endPort: 8999 #OTHER\n        - port: 8080 #HERE\n"
        )
        yield marked(files, f"{name} port", {PATH: _pods(name) + _policy(name, rules)})


@seeds("policy-redundant")
def copied(files: Files) -> Iterator[Defect]:
    """A copy of a policy whose selector was not changed, and one that a wider one contains."""
    for name in _names(files):
        for wide in ("podSelector: {matchLabels: {app: web}}", "podSelector: {}"):
            first = _policy(f"{name}-one", _from(wide, mark=""), name)
            second = _policy(f"{name}-two", _from("podSelector: {matchLabels: {app: web}}", mark=""), name)
            made = _pods(name) + first.replace("-one\n", "-one #HERE #OTHER\n")
            made += second.replace("-two\n", "-two #HERE #OTHER\n")
            yield marked(files, f"{name} {wide}", {PATH: made})


@seeds("exception-void")
def exception_lost(files: Files) -> Iterator[Defect]:
    """An exception of a block that another policy, or another rule, lets through."""
    for name in _names(files):
        block = (
            "    - to:\n        - ipBlock:\n            cidr: 10.0.0.0/8\n            except:\n"
            "              - 10.9.0.0/16 #HERE\n"
        )
        other = "    - to:\n        - ipBlock: {cidr: 10.9.0.0/16} #OTHER\n"
        made = _pods(name) + _policy(name, _to(_DNS + block))
        made += _policy(f"{name}-all", _to(other), name)
        yield marked(files, f"{name} by another policy", {PATH: made.replace("[Egress] #HERE", "[Egress]")})
        made = _pods(name) + _policy(name, _to(_DNS + block + other))
        yield marked(files, f"{name} by another rule", {PATH: made.replace("[Egress] #HERE", "[Egress]")})


@seeds("cloud-metadata-reachable")
def metadata_open(files: Files) -> Iterator[Defect]:
    """The internet without the own networks, and with the address of the cloud's metadata."""
    for name in _names(files):
        for cidr, hole in (("0.0.0.0/0", "10.0.0.0/8"), ("169.254.0.0/16", "169.254.1.0/24")):
            rule = (
                f"    - to: #HERE\n        - ipBlock:\n            cidr: {cidr} #HERE\n"
                f"            except: [{hole}]\n"
            )
            yield marked(files, f"{name} {cidr}", {PATH: _pods(name) + _policy(name, _to(_DNS + rule))})


@seeds("cloud-metadata-unguarded")
def unguarded(files: Files) -> Iterator[Defect]:
    """Pods whose way out no policy restricts."""
    for name in _names(files):
        alone = _pods(name, mark=" #HERE")
        yield marked(files, f"{name} alone", {PATH: alone})
        made = alone + _policy(name, _from("podSelector: {}", mark=""))
        yield marked(files, f"{name} guarded one way", {PATH: made})


@seeds("call-cut-off")
def caller_forgotten(files: Files) -> Iterator[Defect]:
    """A policy of the called pods, or of those who call, that leaves the call out."""
    for name in _names(files):
        address = f"          env:\n            - name: API_URL\n              value: http://{name} #OTHER\n"
        web = _pods(f"{name}-web", address)
        made = _pods(name) + _service(name) + web
        into = _policy(name, _from("podSelector: {matchLabels: {app: orders}}"))
        yield marked(files, f"{name} lets others in", {PATH: made + into})
        rule = "    - to: [{podSelector: {matchLabels: {app: other}}}] #HERE\n      ports: [{port: 8080}]\n"
        out = _policy(f"{name}-web", _to(_DNS + rule))
        yield marked(files, f"{name}-web may call others", {PATH: made + out})


@seeds("entrance-cut-off")
def controller_forgotten(files: Files) -> Iterator[Defect]:
    """An Ingress or a route to pods that let in those of their own namespace alone."""
    for name in _names(files):
        ingress = (
            "apiVersion: networking.k8s.io/v1\nkind: Ingress #OTHER\n"
            "metadata: {name: way, namespace: guarded}\n"
            "spec:\n  rules:\n    - host: www.example.com\n      http:\n        paths:\n          - path: /\n"
            "            pathType: Prefix\n            backend: #OTHER\n              service: #OTHER\n"
            f"                name: {name} #OTHER\n                port: {{number: 80}} #OTHER\n---\n"
        )
        route = (
            "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
            "metadata: {name: way, namespace: guarded}\n"
            "spec:\n  parentRefs: [{name: edge, namespace: edge}]\n  rules:\n    - backendRefs: #OTHER\n"
            f"        - name: {name} #OTHER\n          port: 80 #OTHER\n---\n"
        )
        own = _policy(name, _from("podSelector: {matchLabels: {app: orders}}"))
        for what, way in (("ingress", ingress), ("route", route)):
            made = _pods(name) + _pods("orders") + _service(name) + own + way
            yield marked(files, f"{name} {what}", {PATH: made})


@seeds("external-service-cut-off")
def clients_forgotten(files: Files) -> Iterator[Defect]:
    """A Service for clients outside whose pods let in pods alone."""
    for name in _names(files):
        for kind in ("LoadBalancer", "NodePort"):
            own = _policy(name, _from("podSelector: {matchLabels: {app: orders}}"))
            made = _pods(name) + _service(name, kind) + own
            yield marked(files, f"{name} {kind}", {PATH: made})


@seeds("scrape-cut-off")
def scraper_forgotten(files: Files) -> Iterator[Defect]:
    """A monitor of pods that do not let Prometheus in."""
    prometheus = (
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus #OTHER\n"
        "metadata: {name: main, namespace: watching}\nspec: {serviceMonitorSelector: {}}\n---\n"
    )
    for name in _names(files):
        for kind, part, field in (
            ("ServiceMonitor", "endpoints", "serviceMonitor"),
            ("PodMonitor", "podMetricsEndpoints", "podMonitor"),
        ):
            monitor = (
                f"apiVersion: monitoring.coreos.com/v1\nkind: {kind} #OTHER\nmetadata:\n  name: {name}\n"
                f"  namespace: guarded\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n"
                f"  {part}:\n    - port: http #OTHER\n---\n"
            )
            own = _policy(name, _from("podSelector: {matchLabels: {app: orders}}"))
            scraper = prometheus.replace("serviceMonitor", field)
            made = _pods(name) + _service(name) + own + monitor + scraper
            yield marked(files, f"{name} {kind}", {PATH: made})


@seeds("webhook-cut-off")
def server_forgotten(files: Files) -> Iterator[Defect]:
    """A webhook whose pods let in pods alone."""
    for name in _names(files):
        for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
            hook = (
                f"apiVersion: admissionregistration.k8s.io/v1\nkind: {kind} #OTHER\n"
                "metadata: {name: asks}\n"
                "webhooks:\n  - name: asks.example.com\n    admissionReviewVersions: [v1]\n"
                "    sideEffects: None\n    clientConfig:\n      service: #OTHER\n"
                f"        namespace: guarded\n        name: {name} #OTHER\n        port: 80\n---\n"
            )
            own = _policy(name, _from("podSelector: {matchLabels: {app: orders}}"))
            yield marked(files, f"{name} {kind}", {PATH: _pods(name) + _service(name) + own + hook})


@seeds("admin-priority-shared")
def priority_taken(files: Files) -> Iterator[Defect]:
    """Two policies of administrators with one number."""
    for name in _names(files):
        for tier in ("Admin", "Baseline"):
            made = "".join(
                "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\n"
                f"metadata: {{name: {name}-{word.lower()}}}\nspec:\n"
                f"  tier: {tier}\n  priority: 40 #HERE #OTHER\n"
                "  subject: {namespaces: {}}\n"
                f"  ingress:\n    - {{action: {word}, from: [{{namespaces: {{}}}}]}}\n---\n"
                for word in ("Accept", "Deny")
            )
            yield marked(files, f"{name} {tier}", {PATH: made})


@seeds("forbidden-connection-open")
def opened_though_forbidden(files: Files) -> Iterator[Defect]:
    """A rule that lets in whom the configuration keeps out, and no rule at all."""
    for name in _names(files):
        said = (
            f"network:\n  forbid:\n    - {{from: {{names: [{name}-web]}}, to: {{names: [{name}]}}}} #OTHER\n"
        )
        pods = _pods(name, mark=" #HERE") + _pods(f"{name}-web", mark=" #HERE")
        wide = _pods(name) + _pods(f"{name}-web") + _policy(name, _from("podSelector: {}"))
        for what, made in (("no policy", pods), ("a wide one", wide)):
            yield marked(files, f"{name} {what}", {PATH: made, CONFIGURATION: said})


@seeds("required-connection-cut")
def cut_though_required(files: Files) -> Iterator[Defect]:
    """A policy of either side that leaves out what the configuration requires."""
    for name in _names(files):
        said = (
            "network:\n  require:\n"
            f"    - {{from: {{names: [{name}-web]}}, to: {{names: [{name}]}}, ports: [8080]}} #OTHER\n"
        )
        pods = _pods(name) + _pods(f"{name}-web")
        into = _policy(name, _from("podSelector: {matchLabels: {app: orders}}"))
        out = _policy(f"{name}-web", _to(_DNS))
        for what, policy in (("into", into), ("out", out)):
            yield marked(files, f"{name} {what}", {PATH: pods + policy, CONFIGURATION: said})


@seeds("network-rule-matches-nothing")
def rule_misspelt(files: Files) -> Iterator[Defect]:
    """A rule whose names or labels nothing has."""
    for name in _names(files):
        for side in (f"names: [{name}x]", f"labels: {{app: {name}x}}"):
            said = f"network:\n  forbid:\n    - {{from: {{names: [{name}]}}, to: {{{side}}}}} #HERE\n"
            yield marked(files, f"{name} {side}", {PATH: _pods(name), CONFIGURATION: said})


@seeds("forbidden-connection-unknown")
def labels_unknown(files: Files) -> Iterator[Defect]:
    """A policy that asks for labels of a namespace that no file defines."""
    for name in _names(files):
        said = (
            f"network:\n  forbid:\n    - {{from: {{names: [{name}-web]}}, to: {{names: [{name}]}}}} #HERE\n"
        )
        web = _pods(f"{name}-web").replace("namespace: guarded", "namespace: elsewhere")
        for labels in ("{team: shop}", "{tier: front}"):
            own = _policy(name, _from(f"namespaceSelector: {{matchLabels: {labels}}}", mark=" #OTHER"))
            own = own.replace("\nspec:\n  podSelector", " #OTHER\nspec:\n  podSelector")
            own = own.replace(f"{{app: {name}}}}}\n", f"{{app: {name}}}}} #OTHER\n")
            made = {PATH: _pods(name) + web + own, CONFIGURATION: said}
            yield marked(files, f"{name} {labels}", made)
