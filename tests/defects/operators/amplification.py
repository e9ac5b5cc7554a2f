"""Retries at several places of one way of calls."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import Manifest, calls, fronts, manifests
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_PATH = "deploy/mesh-of-tests/retries.yaml"


def _istio(host: str, namespace: str, retries: int, mark: str) -> str:
    head = f"metadata: {{name: again-{host}, namespace: {namespace}}}\nspec:\n  hosts: [{host}]\n  http:\n"
    route = f"    - route: [{{destination: {{host: {host}}}}}]\n      retries:\n"
    return (
        f"apiVersion: networking.istio.io/v1\nkind: VirtualService\n{head}{route}"
        f"        attempts: {retries} {mark}\n        perTryTimeout: 100ms\n"
    )


def _gateway_api(host: str, namespace: str, retries: int, mark: str) -> str:
    head = f"metadata: {{name: again-{host}, namespace: {namespace}}}\nspec:\n"
    parent = f'  parentRefs: [{{group: "", kind: Service, name: {host}}}]\n  rules:\n'
    route = f"    - backendRefs: [{{name: {host}, port: 80}}]\n      retry:\n        codes: [503]\n"
    return (
        f"apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n{head}{parent}{route}"
        f"        attempts: {retries} {mark}\n"
    )


_FORMS = (_istio, _gateway_api)


def _without_routes(files: Files, hosts: set[str]) -> dict[str, str]:
    """The repository without its own routes to some services inside of the mesh."""
    left = dict(files)
    for route in manifests(files, "VirtualService"):
        if hosts & set(route.data["spec"].get("hosts", ())):
            left = route.with_text(left, "\n".join("# gone" for _ in route.text.split("\n")))
    return left


def _ways(files: Files) -> list[tuple[Manifest, str, str]]:
    """Pairs of calls of which the second is made by what the first one calls."""
    known = calls(files)
    return [
        (one.caller, one.callee, other.callee)
        for one in known
        for other in known
        if other.caller.name == one.callee and other.callee != one.caller.name
    ]


@seeds("retries-multiply")
def both_repeat(files: Files) -> Iterator[Defect]:
    """A call and the call that it causes, each with retries."""
    known = fronts(files)
    for (caller, middle, last), counts, forms in product(
        _ways(files), ((3, 3), (2, 4), (5, 1), (9, 9)), product(_FORMS, repeat=2)
    ):
        texts = (
            forms[0](middle, str(known[middle].namespace), counts[0], "#OTHER"),
            forms[1](last, str(known[last].namespace), counts[1], "#HERE"),
        )
        names = " and ".join(form.__name__ for form in forms)
        base = _without_routes(files, {middle, last})
        yield marked(base, f"{caller.name} {middle} {last} {counts} {names}", {_PATH: "---\n".join(texts)})
