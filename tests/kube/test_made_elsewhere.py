"""What the repository shows that something else makes is not missing, whichever rule asks for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.paths.worlds import lay_out
from tests.support.inside import archlint
from tests.support.process import commit_all

POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: shop/web:1.0.0
          env:
            - {name: ORDERS_URL, value: "http://orders-db:8080"}
            - {name: LEVEL, valueFrom: {configMapKeyRef: {name: orders-db, key: level}}}
"""
AROUND = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: direct}
spec: {selector: {app.kubernetes.io/instance: orders-db}, ports: [{port: 8080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {level: info}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
    - http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: orders-db, port: {number: 80}}}}
"""
RULES = {"ARCH101", "KUBE504", "KUBE701", "KUBE710"}
"""Each finds that one thing is missing: a called Service, one of an Ingress, pods, and a ConfigMap."""
RELEASE = RULES - {"KUBE504"}
"""What makes no ConfigMap of the name, as far as anybody can tell."""
EVIDENCE = {
    "release": ("install.sh", "helm $VERB --wait orders-db ./charts/db -f x.yaml\n", RELEASE),
    "program": ("Makefile", "install:\n\t$(HELM) upgrade --install orders-db charts/db\n", RELEASE),
    "values": ("deploy/db-values.yaml", "fullnameOverride: orders-db\n", RULES),
    "values of an environment": ("values/live.values.yml", "primary: {host: orders-db}\n", RULES),
    "verb that is not known": (
        "install.sh",
        "case $1 in up) VERB=upgrade;; esac\nhelm $VERB orders-db ./db\n",
        RELEASE,
    ),
    "named in values": ("deploy/db.values.yaml", "- host: http://orders-db:80 # here\n", RULES),
    "key of values": ("deploy/values-live.yaml", "orders-db: {enabled: true}\n", RULES),
    "vendored": ("third_party/db/all.yaml", "kind: Thing\nmetadata: {name: orders-db}\n", RULES),
    "vendored deeper": ("src/vendor/db/all.yml", "- {kind: Thing, metadata: {name: orders-db}}\n", RULES),
}
NONE = {
    "another name": ("deploy/db-values.yaml", "fullnameOverride: orders-dbs\n"),
    "a comment in values": ("deploy/db-values.yaml", "name: db # as orders-db was\n# orders-db: 1\n"),
    "a sentence in values": ("deploy/db-values.yaml", "text: talks with orders-db at night\n"),
    "vendored prose": ("third_party/db.yaml", "kind: Thing\nmetadata: {name: db}\n# text: orders-db\n"),
    "a verb that removes": ("clean.sh", "VERB=uninstall\nhelm $VERB orders-db ./charts/db\n"),
    "test data": ("testdata/db.yaml", "kind: Thing\nmetadata: {name: orders-db}\n"),
    "no values": ("deploy/invaluable.toml", 'name = "orders-db"\n'),
}


def told(root: Path) -> set[str]:
    done = archlint(
        "check", "--ignore", "ALL", "--select", ",".join(sorted(RULES)), "--format", "json", cwd=root
    )
    return {item["code"] for item in json.loads(done.out)["findings"]}


@pytest.mark.parametrize("case", sorted(EVIDENCE))
def test_what_is_made_elsewhere_is_not_missing(case: str, tmp_path: Path) -> None:
    path, text, made = EVIDENCE[case]
    root = lay_out({"web.yaml": POD, "around.yaml": AROUND}, tmp_path / "shop")
    commit_all(root)
    assert told(root) == RULES
    lay_out({path: text}, root)
    assert told(root) == RULES - made
    (root / path).unlink()
    assert told(root) == RULES


@pytest.mark.parametrize("case", sorted(NONE))
def test_what_shows_nothing_changes_nothing(case: str, tmp_path: Path) -> None:
    root = lay_out({"web.yaml": POD, "around.yaml": AROUND, NONE[case][0]: NONE[case][1]}, tmp_path / "shop")
    commit_all(root)
    assert told(root) == RULES


BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "NAME"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: web}]
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [("web", 1), ("web-{{ .Release.Namespace }}", 0), ("${PREFIX}-web", 0), ("web-<team>", 0)],
)
def test_what_another_program_fills_in_may_lack_fields(name: str, expected: int, tmp_path: Path) -> None:
    root = lay_out({"binding.yaml": BINDING.replace("NAME", name)}, tmp_path / "shop")
    done = archlint("check", "--ignore", "ALL", "--select", "KUBE757", "--format", "json", cwd=root)
    assert len(json.loads(done.out)["findings"]) == expected


@pytest.mark.parametrize(
    ("namespace", "service", "expected"),
    [
        ("shop", "cart", 0),
        ("shop", "card", 1),
        ("ops", "cart", 1),
        ("ops", "card", 0),
        ("ops", "payment", 1),
        ("ops", "orders", 0),
        (None, "card", 1),
        ("shop", "cart-dapr", 1),
        ("shop", "orders-dapr", 0),
    ],
)
def test_names_in_namespaces_of_others_are_unknown(
    namespace: str | None, service: str, expected: int, tmp_path: Path
) -> None:
    """``cart`` is in ``shop``, and nothing here in ``ops``: its Services are not known, but no ``cart``."""
    space = f"namespace: {namespace}, " if namespace else ""
    other = "{apiVersion: v1, kind: Service, metadata: {name: payments}, spec: {ports: [{port: 80}]}}"
    root = lay_out(
        {"cart.yaml": CART, "a.yaml": other, "web.yaml": INGRESS % (space, service)}, tmp_path / "shop"
    )
    done = archlint("check", "--ignore", "ALL", "--select", "KUBE710", "--format", "json", cwd=root)
    assert len(json.loads(done.out)["findings"]) == expected


CART = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}, annotations: {dapr.io/app-id: orders}}
    spec: {containers: [{name: cart, image: "shop/cart:1.0.0"}]}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {%sname: web}
spec: {defaultBackend: {service: {name: %s, port: {number: 80}}}}
"""


@pytest.mark.parametrize(
    ("prefix", "name", "expected"), [("p-", "cart-user", 0), ("p-", "p-cart-usre", 1), ("", "cart-user", 0)]
)
def test_files_that_nothing_takes_in_say_names_as_they_are_written(
    prefix: str, name: str, expected: int, tmp_path: Path
) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: %s}\n"
    built = f"namePrefix: '{prefix}'\nresources: [account.yaml]\n"
    binding = BINDING.replace("NAME", "web").replace("name: web}", f"name: {name}, namespace: shop}}")
    files = {
        "in/kustomization.yaml": built,
        "in/account.yaml": account % "cart-user",
        "in/binding.yaml": binding,
    }
    root = lay_out(files | {"in/other.yaml": account % "orders"}, tmp_path / "shop")
    done = archlint("check", "--ignore", "ALL", "--select", "KUBE770", "--format", "json", cwd=root)
    assert len(json.loads(done.out)["findings"]) == expected, done.out
