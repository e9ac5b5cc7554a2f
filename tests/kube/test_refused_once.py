"""What the server refuses is asked once for each object, and what a patch may add is missing nowhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation import refusals
from tests.kube.worlds import kube_rules
from tests.paths.worlds import run

# A budget without a selector lacks what a patch may add.
PART = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "shop/cart:1.2.0"}]}
"""
TAKES_IN = "resources: [cart.yaml]\n"
REMOTE = "resources: [cart.yaml, 'https://example.com/more.yaml?ref=1']\n"
WHOLE: list[tuple[dict[str, str], int]] = [
    ({"app/cart.yaml": PART}, 1),
    ({"app/cart.yaml": PART, "app/kustomization.yaml": TAKES_IN}, 1),  # as it is built
    ({"app/cart.yaml": PART, "app/kustomization.yaml": "namePrefix: a-\nresources: [nothing.yaml]\n"}, 0),
    ({"app/cart.yaml": PART, "app/kustomization.yaml": "resources: [cart.yaml, nothing.yaml]\n"}, 0),
    ({"app/patch-cart.yaml": PART}, 0),
    ({"app/cart.yaml": PART, "other/kustomization.yaml": "resources: [../app/cart.yaml, no.yaml]\n"}, 0),
]


def told(folder: Path, files: dict[str, str]) -> int:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    found = run(folder, rules=kube_rules()).findings
    return sum(item.rule == "needed-field-missing" for item in found)


@pytest.mark.parametrize("number", range(len(WHOLE)))
def test_what_a_patch_may_add_is_not_missing(tmp_path: Path, number: int) -> None:
    files, count = WHOLE[number]
    assert told(tmp_path, files) == count


@pytest.mark.parametrize("kustomization", [None, TAKES_IN, REMOTE])
def test_every_object_is_asked_once(
    tmp_path: Path, kustomization: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[str] = Counter()
    ask = refusals.refusals_of

    def counted(base: KubernetesObject, *rest: object) -> object:
        asked[base.name] += 1
        return ask(base, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(refusals, "refusals_of", counted)
    files = {"app/cart.yaml": PART, "plain/bill.yaml": PART.replace("cart", "bill")}
    told(tmp_path, files if kustomization is None else {**files, "app/kustomization.yaml": kustomization})
    assert asked == {"cart": 1, "bill": 1}
