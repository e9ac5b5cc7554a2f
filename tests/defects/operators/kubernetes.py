"""Objects of Kubernetes that name, claim or bound each other: some are added to each workload, and spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, seeds
from tests.defects.manifests import Manifest, editions, fronts, manifests, misspelt, port_of, workloads
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

PATH = "added/objects.yaml"
_FEWEST = 3


def _metadata(item: Manifest, name: str) -> str:
    return f"metadata:\n  name: {name}\n" + (f"  namespace: {item.namespace}\n" if item.namespace else "")


def _beside(files: Files, item: Manifest, made: str) -> dict[str, str]:
    """The file of an object with one more, so that whoever applies one applies the other."""
    return {item.path: files[item.path].rstrip("\n") + "\n---\n" + made}


def _labels(item: Manifest) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in sorted(item.pod_labels.items())) + "}"


def _deployment(name: str, more: str = "", mark: str = "") -> str:
    """A deployment; its pods are labelled with its name."""
    return (
        f"apiVersion: apps/v1\nkind: Deployment{mark}\nmetadata:\n  name: {name}{mark}\n"
        f"spec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n"
        f"    metadata: {{labels: {{app: {name}}}}}{mark}\n    spec:\n      containers:\n"
        f"        - name: app{mark}\n          image: shop/{name}:1.0.0\n{more}"
    )


@seeds("disruption-budgets-overlap")
def second_budget(files: Files) -> Iterator[Defect]:
    """Another budget for the pods of a workload that has one, whole or by a part of the labels."""
    for item in workloads(files):
        head = "apiVersion: policy/v1\nkind: PodDisruptionBudget #HERE #OTHER\n"
        for labels in (_labels(item), "{" + _labels(item).strip("{}").split(", ")[0] + "}"):
            made = "---\n".join(
                head
                + _metadata(item, f"{item.name}-{name}").replace("\n", " #HERE #OTHER\n")
                + f"spec: #HERE #OTHER\n  maxUnavailable: 1\n"
                f"  selector: #HERE #OTHER\n    matchLabels: {wanted} #HERE #OTHER\n"
                for name, wanted in (("one", _labels(item)), ("two", labels))
            )
            yield marked(files, f"{item.name} {labels}", {PATH: made})


def _scaler(item: Manifest, name: str, target: str, mark: str) -> str:
    return (
        f"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler{mark}\n"
        + _metadata(item, name).replace("\n", f"{mark}\n")
        + f"spec:{mark}\n  scaleTargetRef:{mark}\n{target}  minReplicas: 2\n  maxReplicas: 5\n"
    )


def _target(kind: str, name: str, version: str = "apps/v1", mark: str = "") -> str:
    return f"    apiVersion: {version}{mark}\n    kind: {kind}{mark}\n    name: {name}{mark}\n"


@seeds("autoscalers-share-target")
def second_autoscaler(files: Files) -> Iterator[Defect]:
    """Two autoscalers of one workload, of the same kind or of two."""
    mark = " #HERE #OTHER"
    others = frozenset(line for each in manifests(files, "HorizontalPodAutoscaler") for line in each.lines)
    for item in workloads(files):
        scaler = _scaler(item, f"{item.name}-cpu", _target(item.kind, item.name, mark=mark), mark)
        other = _scaler(item, f"{item.name}-calls", _target(item.kind, item.name, mark=mark), mark)
        keda = (
            f"apiVersion: keda.sh/v1alpha1\nkind: ScaledObject{mark}\n"
            + _metadata(item, f"{item.name}-queue").replace("\n", f"{mark}\n")
            + f"spec:{mark}\n  scaleTargetRef:{mark}\n{_target(item.kind, item.name, mark=mark)}"
            "  triggers: [{type: cron, metadata: {timezone: UTC, start: 0 8 * * *, end: 0 9 * * *}}]\n"
        )
        for second in (other, keda):
            defect = marked(files, f"{item.name} {second[:30]}", {PATH: f"{scaler}---\n{second}"})
            yield Defect(defect.what, defect.files, defect.places, defect.other_sides | others)


@seeds("autoscaler-target-not-scalable")
def target_without_replicas(files: Files) -> Iterator[Defect]:
    """An autoscaler of a kind without replicas, or of the right kind in another group."""
    for item in workloads(files):
        scaler = _scaler(item, f"{item.name}-more", _target(item.kind, item.name, "v1", " #HERE"), "")
        yield marked(files, f"{item.name} of v1", {PATH: scaler})
        daemon = _deployment(f"{item.name}-agent", mark=" #OTHER").replace(
            "kind: Deployment", "kind: DaemonSet"
        )
        target = _target("DaemonSet", f"{item.name}-agent", mark=" #HERE")
        made = (
            daemon
            + "---\n"
            + _scaler(item, f"{item.name}-agent", target, "").replace(f"  namespace: {item.namespace}\n", "")
        )
        yield marked(files, f"{item.name} as a daemon", {PATH: made})


@seeds("autoscaled-without-request")
def request_taken(files: Files) -> Iterator[Defect]:
    """A container of an autoscaled workload that requests nothing of what the autoscaler goes by."""
    for item in workloads(files):
        name = f"{item.name}-scaled"
        for resource, other in (("cpu", "memory"), ("memory", "cpu")):
            more = f"          resources: #HERE #OTHER\n            requests: {{{other}: 100}} #HERE #OTHER\n"
            scaler = (
                f"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n"
                f"  name: {name} #OTHER\n"
                f"spec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}\n"
                "  maxReplicas: 5\n  metrics:\n    - type: Resource #HERE #OTHER\n"
                "      resource: #HERE #OTHER\n"
                f"        name: {resource} #HERE #OTHER\n"
                "        target: {type: Utilization, averageUtilization: 70} #HERE #OTHER\n"
            )
            made = _deployment(name, more, " #HERE #OTHER") + "---\n" + scaler
            yield marked(files, f"{name} without {resource}", {PATH: made})


@seeds("target-port-undefined")
def port_misspelt(files: Files) -> Iterator[Defect]:
    """A Service leads to a port by a name that the containers write otherwise."""
    for item in workloads(files):
        name = f"{item.name}-front"
        ports = (
            "          ports:\n            - name: public #OTHER\n              containerPort: 8080 #OTHER\n"
        )
        for wrong in ("publik", "http"):
            service = (
                f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n"
                f"  selector: {{app: {name}}}\n"
                f"  ports:\n    - name: web\n      port: 80\n      targetPort: {wrong} #HERE\n"
            )
            made = _deployment(name, ports, " #OTHER") + "---\n" + service
            yield marked(files, f"{name} {wrong}", {PATH: made})


@seeds("target-port-undefined")
def port_renamed(files: Files) -> Iterator[Defect]:
    """The port of a Service of the repository itself leads to a name that no container has."""
    for front in fronts(files).values():
        for match in re.finditer(r"targetPort: (?P<name>[a-z]+)$", front.text, re.MULTILINE):
            text = front.text[: match.start("name")] + "x-" + front.text[match.start("name") :]
            place: Line = front.at(match[0])
            runs = manifests(files, "Deployment", "StatefulSet", "DaemonSet")
            others = {line for item in runs for line in item.lines}
            changed = front.with_text(files, text)
            yield Defect(f"{front.name} x-{match['name']}", changed, frozenset({place}), frozenset(others))


@seeds("object-duplicate")
def object_copied(files: Files) -> Iterator[Defect]:
    """A copy of an object at the end of its file, as it is or with another value."""
    for item in [*workloads(files), *list(fronts(files).values())]:
        for what, copy in (
            ("same", item.text),
            ("other", f"{item.text}\n# changed\n".replace("name: http", "name: web")),
        ):
            text = files[item.path].rstrip("\n") + "\n---\n"
            first = text.count("\n") + 1
            places = {(item.path, first + offset) for offset in range(copy.count("\n") + 1)}
            changed = {**files, item.path: text + copy + "\n"}
            both = frozenset(places | item.lines)
            yield Defect(f"{item.kind} {item.name} {what}", changed, both, both)


@seeds("services-select-the-same")
def service_twice(files: Files) -> Iterator[Defect]:
    """Two Services with the same selector and ports, under two names."""
    for item in workloads(files):
        for kind in ("ClusterIP", "NodePort"):
            made = "---\n".join(
                "apiVersion: v1\nkind: Service #HERE #OTHER\nmetadata:\n"
                f"  name: {item.name}-{name} #HERE #OTHER\nspec: #HERE #OTHER\n  type: {kind}\n"
                f"  selector: {_labels(item)} #HERE #OTHER\n  ports:\n    - port: 8080\n"
                for name in ("new", "old")
            )
            yield marked(files, f"{item.name} {kind}", {PATH: made})


@seeds("monitor-port-undefined")
def monitor_of_another_port(files: Files) -> Iterator[Defect]:
    """A monitor of Services or of pods that names a port otherwise, or by that of the pod."""
    for item in workloads(files):
        name = f"{item.name}-measured"
        ports = "          ports: [{name: metrics, containerPort: 9102}]\n"
        service = (
            f"apiVersion: v1\nkind: Service #OTHER\nmetadata: #OTHER\n  name: {name} #OTHER\n"
            f"  labels: {{app: {name}}}\nspec: #OTHER\n  selector: {{app: {name}}}\n"
            "  ports: #OTHER\n    - name: http-metrics #OTHER\n      port: 9102 #OTHER\n"
            "      targetPort: metrics\n"
        )
        monitor = (
            f"apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata:\n  name: {name}\n"
            f"spec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  endpoints:\n    - port: metrics #HERE\n"
        )
        made = "---\n".join((_deployment(name, ports), service, monitor))
        yield marked(files, f"{name} by its Service", {PATH: made})
        pods = monitor.replace("ServiceMonitor", "PodMonitor").replace("endpoints", "podMetricsEndpoints")
        made = "---\n".join(
            (_deployment(name, ports, " #OTHER"), pods.replace("port: metrics", "port: metric"))
        )
        yield marked(files, f"{name} by its pods", {PATH: made})


@seeds("volume-mount-undefined")
def mount_misspelt(files: Files) -> Iterator[Defect]:
    """A container mounts a volume under another name than the pod has."""
    for item in workloads(files):
        for wrong in misspelt("scratch"):
            mount = (
                f"          volumeMounts:\n            - name: {wrong} #HERE\n              mountPath: /tmp\n"
            )
            volumes = "      volumes:\n        - name: scratch\n          emptyDir: {}\n"
            made = _deployment(f"{item.name}-job", mount + volumes)
            yield marked(files, f"{item.name} {wrong}", {PATH: made})


@seeds("image-reference-invalid")
def image_broken(files: Files) -> Iterator[Defect]:
    """An image with capital letters, a scheme in front, or a tag that a script left empty."""
    for item in workloads(files):
        match = re.search(r"image: [\"']?(?P<image>[^\s\"']+)[\"']?", item.text)
        assert match, "workloads() gives those with an image"
        image = match["image"]
        path, _, _ = image.rpartition(":")
        for wrong in (f"https://{image}", f"{path or image}:", f"{path or image}/Web:1.0"):
            text = item.text.replace(match[0], f'image: "{wrong}"', 1)
            place = item.at(match[0])
            yield Defect(f"{item.name} {wrong}", item.with_text(files, text), frozenset({place}))


@seeds("namespace-of-system")
def moved_to_the_system(files: Files) -> Iterator[Defect]:
    """A workload among those of the cluster."""
    for item in workloads(files):
        for space in ("kube-system", "kube-public"):
            made = _deployment(f"{item.name}-agent").replace(
                f"  name: {item.name}-agent\n", f"  name: {item.name}-agent\n  namespace: {space} #HERE\n", 1
            )
            yield marked(files, f"{item.name} {space}", {PATH: made})


@seeds("namespace-undefined")
def namespace_misspelt(files: Files) -> Iterator[Defect]:
    """An object in a namespace that is defined under another name."""
    spaces = {item.name for item in manifests(files, "Namespace")}
    for item in workloads(files):
        for wrong in misspelt(item.namespace or "") if item.namespace in spaces else ():
            if wrong not in spaces:
                text = item.text.replace(f"namespace: {item.namespace}", f"namespace: {wrong}", 1)
                place = item.at(f"namespace: {item.namespace}")
                others = {line for each in manifests(files, "Namespace") for line in each.lines}
                changed = item.with_text(files, text)
                yield Defect(f"{item.name} in {wrong}", changed, frozenset({place}), frozenset(others))


@seeds("namespace-without-quota")
def namespace_added(files: Files) -> Iterator[Defect]:
    """A namespace with a workload and no quota, beside one that has it."""
    if any(item.namespace is None for item in manifests(files, "ResourceQuota", "LimitRange")):
        return  # it may be that of any namespace
    for item in workloads(files):
        space = f"{item.name}-space"
        for kind, spec in (
            ("ResourceQuota", "{hard: {pods: '9'}}"),
            ("LimitRange", "{limits: [{type: Container, default: {memory: 1Gi}}]}"),
        ):
            made = (
                f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {space} #HERE\n---\n"
                "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: bounded\n---\n"
                f"apiVersion: v1\nkind: {kind} #OTHER\nmetadata: #OTHER\n  name: all #OTHER\n"
                f"  namespace: bounded #OTHER\nspec: {spec} #OTHER\n---\n"
            )
            inside = _deployment(f"{item.name}-job").replace("\nspec:", f"\n  namespace: {space}\nspec:", 1)
            both = _deployment("worker").replace("\nspec:", "\n  namespace: bounded\nspec:", 1)
            others = {line for each in manifests(files, kind) for line in each.lines}
            defect = marked(files, f"{space} {kind}", {PATH: f"{made}{inside}---\n{both}"})
            yield Defect(defect.what, defect.files, defect.places, defect.other_sides | others)


@seeds("everybody-bound")
def bound_to_everybody(files: Files) -> Iterator[Defect]:
    """A role for those without an account, or one that leads far for all with one."""
    for item in workloads(files):
        for group, role in (
            ("system:unauthenticated", "view"),
            ("system:masters", "view"),
            ("system:authenticated", f"{item.name}-role"),
        ):
            made = (
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n"
                f"metadata:\n  name: {item.name}-role\nrules: #OTHER\n"
                "  - apiGroups: [''] #OTHER\n    resources: [secrets] #OTHER\n"
                "    verbs: [get, list] #OTHER\n---\n"
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n"
                f"metadata:\n  name: {item.name}-all\n"
                f"roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}\n"
                "subjects:\n  - kind: Group #HERE\n    apiGroup: rbac.authorization.k8s.io\n"
                f"    name: {group} #HERE\n"
            )
            defect = marked(files, f"{item.name} {group}", {PATH: made})
            is_judged = role == "view"  # whoever may be anybody is told without asking what for
            others = frozenset() if is_judged else defect.other_sides
            yield Defect(defect.what, defect.files, defect.places, others)


@seeds("ingress-path-doubled")
def path_claimed_twice(files: Files) -> Iterator[Defect]:
    """Two Ingresses with one host and path."""
    for front in fronts(files).values():
        for path in ("/", f"/{front.name}", f"/{front.name}/items"):
            made = "---\n".join(
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
                + _metadata(front, f"{front.name}-{name}")
                + "spec:\n  ingressClassName: nginx\n  rules:\n    - host: www.example.com\n      http:\n"
                f"        paths:\n          - path: {path} #HERE #OTHER\n            pathType: Prefix\n"
                f"            backend:\n              service:\n                name: {front.name}\n"
                f"                port: {{number: {port_of(front)}}}\n"
                for name in ("new", "old")
            )
            yield marked(files, f"{front.name} {path}", {PATH: made})


@seeds("route-backend-undefined")
def backend_misspelt(files: Files) -> Iterator[Defect]:
    """A route of the Gateway API to a Service under another name, or to a port that it does not have."""
    if len(fronts(files)) < _FEWEST:
        return  # others are defined elsewhere
    for front in fronts(files).values():
        port = port_of(front)
        for kind in ("HTTPRoute", "GRPCRoute"):
            head = f"apiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\n" + _metadata(front, "way")
            head += "spec:\n  parentRefs: [{name: edge}]\n  rules:\n    - backendRefs:\n"
            for wrong in misspelt(front.name):
                if wrong not in fronts(files):
                    made = f"{head}        - name: {wrong} #HERE\n          port: {port}\n"
                    yield marked(files, f"{kind} {wrong}", _beside(files, front, made))
            made = f"{head}        - name: {front.name}\n          port: {port + 7} #HERE\n"
            defect = marked(files, f"{kind} {front.name}:{port + 7}", _beside(files, front, made))
            yield Defect(defect.what, defect.files, defect.places, editions(files, front))


@seeds("reference-not-granted")
def grant_taken(files: Files) -> Iterator[Defect]:
    """A route in a namespace of its own to a Service of another, which grants it to nobody, or to others."""
    for front in fronts(files).values():
        for kind in ("HTTPRoute", "TLSRoute") if front.namespace else ():
            version = "v1" if kind == "HTTPRoute" else "v1alpha2"
            route = (
                f"apiVersion: gateway.networking.k8s.io/{version}\nkind: {kind}\n"
                "metadata: {name: way, namespace: edge-of-all}\nspec:\n  parentRefs: [{name: edge}]\n"
                f"  rules:\n    - backendRefs:\n        - name: {front.name} #HERE\n"
                f"          namespace: {front.namespace} #HERE\n          port: {port_of(front)}\n"
            )
            grant = (
                "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\n"
                f"metadata: {{name: others, namespace: {front.namespace}}}\nspec:\n"
                f"  from: [{{group: gateway.networking.k8s.io, kind: {kind}, namespace: elsewhere}}]\n"
                "  to: [{group: '', kind: Service}]\n"
            )
            for made in (route, route + grant):
                defect = marked(files, f"{kind} {front.name} {len(made)}", {PATH: made})
                yield Defect(defect.what, defect.files, defect.places, editions(files, front))


@seeds("reference-undefined")
def class_misspelt(files: Files) -> Iterator[Defect]:
    """A priority or a storage class under another name than it is defined with."""
    for item in workloads(files):
        classes = (
            "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass #OTHER\nmetadata: #OTHER\n"
            "  name: serves-customers #OTHER\nvalue: 1000\n---\n"
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass #OTHER\nmetadata: #OTHER\n"
            "  name: replicated-disks #OTHER\nprovisioner: ebs.csi.aws.com\n---\n"
        )
        for wrong in misspelt("serves-customers"):
            pods = _deployment(f"{item.name}-first").replace(
                "      containers:", f"      priorityClassName: {wrong} #HERE\n      containers:"
            )
            yield marked(files, f"{item.name} {wrong}", {PATH: classes + pods})
        claim = (
            f"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: {item.name}-disk\nspec:\n"
            "  accessModes: [ReadWriteOnce]\n  storageClassName: replicated-disk #HERE\n"
            "  resources: {requests: {storage: 1Gi}}\n"
        )
        yield marked(files, f"{item.name} replicated-disk", {PATH: classes + claim})


@seeds("kind-unknown")
def kind_misspelt(files: Files) -> Iterator[Defect]:
    """A kind with another letter, or in the group of another."""
    for item in [*workloads(files), *list(fronts(files).values())]:
        for wrong in (item.kind.lower().capitalize() + "s", item.kind[:-1]):
            text = item.text.replace(f"kind: {item.kind}", f"kind: {wrong}", 1)
            places = frozenset({item.at("kind: "), item.at("apiVersion: ")})
            yield Defect(f"{item.name} {wrong}", item.with_text(files, text), places)


@seeds("object-type-missing")
def type_taken(files: Files) -> Iterator[Defect]:
    """A document that lost its kind or its API version, or misspells the key."""
    for item in workloads(files):
        for key, other in (("kind", ""), ("apiVersion", ""), ("apiVersion", "apiversion")):
            line = next(line for line in item.text.split("\n") if line.startswith(f"{key}: "))
            start = f"{other}{line.removeprefix(key)}\n" if other else ""
            text = item.text.replace(f"{line}\n", start, 1)
            yield Defect(f"{item.name} {key} {other}", item.with_text(files, text), item.lines)


@seeds("kustomization-not-built")
def kustomization_broken(files: Files) -> Iterator[Defect]:
    """A kustomization that names a file or an object that is not there, or one of the wrong form."""
    for item in workloads(files):
        folder = f"built/{item.name}"
        objects = {f"{folder}/deploy.yaml": _deployment(item.name)}
        head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
        patch = (
            f"{head}  - deploy.yaml\npatches:\n  - target: {{kind: Deployment, name: {item.name}}}\n"
            "    path: replica.yaml #HERE\n"
        )
        for what, text in (
            ("file", f"{head}  - deployment.yaml #HERE\n"),
            ("patch", patch),
            ("field", f"{head}  - deploy.yaml\nnamPrefix: new- #HERE\n"),
        ):
            yield marked(files, f"{item.name} {what}", {**objects, f"{folder}/kustomization.yaml": text})
