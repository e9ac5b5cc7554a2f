"""The real kube-score through the command line: exact places, nothing twice, no name taken for a flag."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from archlint.adapters.kube_score import CODE, PREFIX
from archlint.finding import Profile
from archlint.registry import read_pages, rules_folder
from tests.support.process import git
from tests.support.programs import kube_score

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
  labels:
    team: -cart-
spec:
  replicas: 3
  strategy: {type: Recreate}
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      initContainers:
        - name: wait
          image: shop/wait:1
          imagePullPolicy: Never
      containers:
        - name: cart
          image: shop/cart:1.2.0
          imagePullPolicy: Always
          env:
            - name: LEVEL
              value: debug
            - name: LEVEL
              value: info
          securityContext: {runAsUser: 100, runAsGroup: 20000}
          resources:
            limits: {memory: 64Mi, cpu: 100m, ephemeral-storage: 1Gi}
            requests: {memory: 64Mi, cpu: 100m}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  type: NodePort
  selector: {app: cart}
  ports: [{port: 80}]
"""
OTHERS = """\
apiVersion: v1
kind: List
items:
  - apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: shop, namespace: shop}
    spec:
      rules:
        - http:
            paths:
              - path: /cart
                pathType: Prefix
                backend: {service: {name: cart, port: {number: 80}}}
              - path: /gone
                pathType: Prefix
                backend: {service: {name: gone, port: {number: 80}}}
  - apiVersion: policy/v1beta1
    kind: PodDisruptionBudget
    metadata: {name: cart, namespace: shop}
    spec:
      selector: {matchLabels: {app: cart}}
"""


def check(folder: Path, *flags: str, program: str | None = None):
    """The remarks of kube-score as rows of path, line, column, check and severity; and the whole report."""
    flag = f"--kube-score={program or kube_score()}"
    command = (sys.executable, "-m", "archlint", "check", "--no-cache", "--format", "json", flag, *flags)
    run = subprocess.run((*command, "--", "."), cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stderr
    report = json.loads(run.stdout)
    rows = {
        (
            found["path"],
            found["line"],
            found["column"],
            found["aliases"][0].removeprefix(PREFIX),
            found["severity"],
        )
        for found in report["findings"]
        if found["code"] == CODE
    }
    return rows, report


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "cart.yaml").write_text(DEPLOYMENT)
    (tmp_path / "service.yaml").write_text(SERVICE)
    (tmp_path / "others.yaml").write_text(OTHERS)
    return tmp_path


def test_each_remark_stands_where_it_is_mended(shop: Path) -> None:
    rows, report = check(shop)
    storage = "container-ephemeral-storage-request-and-limit"
    user = "container-security-context-user-group-id"
    assert rows == {
        ("cart.yaml", 10, 14, "deployment-strategy", "info"),
        ("cart.yaml", 14, 5, "deployment-has-host-podantiaffinity", "info"),
        ("cart.yaml", 16, 17, storage, "warning"),
        ("cart.yaml", 16, 17, user, "warning"),
        ("cart.yaml", 18, 11, "container-image-pull-policy", "warning"),
        ("cart.yaml", 28, 29, user, "warning"),
        ("cart.yaml", 31, 13, storage, "warning"),
        ("service.yaml", 5, 3, "service-type", "info"),
    }
    assert report["notices"] == []
    prints = [found["fingerprint"] for found in report["findings"] if found["code"] == CODE]
    assert len(prints) == len(set(prints))


def test_what_a_rule_of_archlint_judges_is_left_out(shop: Path) -> None:
    covered = {
        alias.removeprefix(PREFIX)
        for rule in read_pages(rules_folder())
        if rule.code != CODE and rule.profile is not Profile.OPTIONAL
        for alias in rule.aliases
        if alias.startswith(PREFIX)
    }
    rows, _ = check(shop, "--ignore", "KUBE")
    assert "container-image-tag" in covered
    assert not covered & {row[3] for row in rows}
    assert "service-type" in {row[3] for row in rows}
    rows, _ = check(shop, "--select", "service-exposed")
    assert "service-type" not in {row[3] for row in rows}, "an optional rule that is in force judges it"


def test_the_page_lists_what_is_left_of_the_programs_checks() -> None:
    listed = subprocess.run((kube_score(), "list"), capture_output=True, text=True, check=True).stdout
    ids = {row[0] for row in csv.reader(listed.splitlines())}
    rules = read_pages(rules_folder())
    names = {
        rule.code: {alias.removeprefix(PREFIX) for alias in rule.aliases if alias.startswith(PREFIX)}
        for rule in rules
        if rule.code == CODE or rule.profile is not Profile.OPTIONAL
    }
    own = names.pop(CODE)
    covered = set().union(*names.values())
    assert covered <= ids, "an alias names no check of kube-score"
    assert own == ids - covered, "the page of kube-score lists every check that no rule of a profile names"


def test_ignoring_the_rule_wins_over_the_flag(shop: Path) -> None:
    rows, _ = check(shop, "--select", CODE, "--ignore", CODE)
    assert rows == set()


def test_an_object_that_cannot_be_read_does_not_hide_the_others(shop: Path) -> None:
    bad = "apiVersion: v1\nkind: Service\nmetadata: {name: bad, namespace: shop}\nspec: {ports: 80}\n"
    before, _ = check(shop)
    (shop / "bad.yaml").write_text(f"{bad}---\n{bad.replace('name: bad', 'name: worse')}")
    rows, report = check(shop)
    assert rows == before
    (notice,) = report["notices"]
    assert notice["path"] == "bad.yaml"
    assert "kube-score cannot read Service shop/bad and 1 more" in notice["message"]


def test_the_same_object_twice_is_judged_in_each_set(shop: Path) -> None:
    """kube-score takes objects of one name for one and would say everything twice about the last."""
    for folder in ("blue", "green"):
        (shop / folder).mkdir()
        for name in ("cart.yaml", "service.yaml"):
            (shop / folder / name).write_bytes((shop / name).read_bytes())
    (shop / "cart.yaml").unlink()
    (shop / "service.yaml").unlink()
    rows, _ = check(shop)
    blue = {row[1:] for row in rows if row[0] == "blue/cart.yaml"}
    green = {row[1:] for row in rows if row[0] == "green/cart.yaml"}
    assert blue == green != set()


def test_a_remark_about_a_shared_base_names_the_overlays_in_which_it_holds(tmp_path: Path) -> None:
    for name in ("base", "plain", "public"):
        (tmp_path / name).mkdir()
    (tmp_path / "base" / "cart.yaml").write_text(DEPLOYMENT)
    (tmp_path / "base" / "kustomization.yaml").write_text("resources: [cart.yaml]\n")
    (tmp_path / "plain" / "kustomization.yaml").write_text("resources: [../base]\n")
    (tmp_path / "public" / "kustomization.yaml").write_text("resources: [../base, service.yaml]\n")
    (tmp_path / "public" / "service.yaml").write_text(SERVICE)
    rows, report = check(tmp_path)
    checks = {row[3] for row in rows if row[0] == "base/cart.yaml"}
    assert "deployment-strategy" in checks, "one of two overlays puts a Service in front of it"
    pulled = f"{PREFIX}container-image-pull-policy"
    (said,) = [
        item["message"] for item in report["findings"] if pulled in item["aliases"] and item["code"] == CODE
    ]
    assert said.endswith("It is so in 2 builds: plain, public.")


def test_odd_file_names_and_bytes(tmp_path: Path) -> None:
    for name in ("-o=human.yaml", "--help.yaml", "a b.yaml", "ü.yaml"):
        text = SERVICE.replace("name: cart", f"name: s{len(name)}").replace("\n", "\r\n")
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf# Source: ../../elsewhere.yaml\r\n" + text.encode())
    rows, report = check(tmp_path)
    assert {row[0] for row in rows} == {"-o=human.yaml", "--help.yaml", "a b.yaml", "ü.yaml"}
    assert {row[1:] for row in rows} == {(6, 3, "service-type", "info")}
    assert report["notices"] == []


def test_text_beyond_the_basic_plane_reaches_the_program(tmp_path: Path) -> None:
    text = SERVICE.replace("{name: cart,", '{name: cart, annotations: {note: "\\U0001F6D2 …"},')
    (tmp_path / "service.yaml").write_text(text)
    rows, report = check(tmp_path)
    assert len(rows) == 1
    assert report["notices"] == []


def test_patches_are_no_objects(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [cart.yaml]\npatches: [{path: patch.yaml}]\n")
    (tmp_path / "cart.yaml").write_text(DEPLOYMENT)
    (tmp_path / "patch.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {type: NodePort}\n"
    )
    rows, _ = check(tmp_path)
    assert {row[0] for row in rows} == {"cart.yaml"}


def test_new_only_asks_about_the_base_as_well(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SERVICE)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    (tmp_path / "more.yaml").write_text(SERVICE.replace("name: cart", "name: more"))
    every, _ = check(tmp_path, "--base", "HEAD")
    new, report = check(tmp_path, "--base", "HEAD", "--new-only")
    assert {row[0] for row in every} == {"service.yaml", "more.yaml"}
    assert {row[0] for row in new} == {"more.yaml"}
    assert report["notices"] == []
