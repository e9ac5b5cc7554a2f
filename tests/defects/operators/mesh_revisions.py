"""Namespaces and pods that ask for a revision of Istio which no control plane has."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.mesh_routes import FOLDER, fronts
from tests.metamorphic.repositories import Files

_PLANES = {
    "operator": "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"
    "metadata: {name: made, namespace: istio-system}\nspec:\n  revision: 1-26-0 #OTHER\n",
    "sail": "apiVersion: sailoperator.io/v1\nkind: IstioRevision\n"
    "metadata:\n  name: 1-26-0 #OTHER\nspec: {version: v1.26.0, namespace: istio-system}\n",
    "webhook": "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\n"
    "metadata:\n  name: made\n  labels:\n    istio.io/rev: 1-26-0 #OTHER\n"
    "webhooks:\n  - name: rev.namespace.sidecar-injector.istio.io\n"
    "    clientConfig: {service: {name: istiod-1-26-0, namespace: istio-system}}\n",
}
_WRONG = ("1-25-0", "1.26.0", "canary")
_NAMESPACE = """\
---
apiVersion: v1
kind: Namespace
metadata:
  name: made
  labels:
    istio.io/rev: '{wrong}' #HERE
"""
_PODS = """\
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: made-{name}, namespace: made}}
spec:
  selector: {{matchLabels: {{made: {name}}}}}
  template:
    metadata:
      labels:
        made: {name}
        istio.io/rev: '{wrong}' #HERE
    spec: {{containers: [{{name: made, image: 'made:1.0.0'}}]}}
"""


@seeds("mesh-revision-undefined")
def asked_by_a_namespace(files: Files) -> Iterator[Defect]:
    """A namespace that is labelled for another revision than the one that is installed."""
    for plane, text in _PLANES.items():
        for wrong in _WRONG:
            made = text + _NAMESPACE.format(wrong=wrong)
            yield marked(files, f"{plane} {wrong}", {f"{FOLDER}/revisions.yaml": made})


@seeds("mesh-revision-undefined")
def asked_by_pods(files: Files) -> Iterator[Defect]:
    """Pods that are labelled so."""
    for plane, text in _PLANES.items():
        for front in fronts(files):
            for wrong in _WRONG:
                made = text + _PODS.format(name=front.name, wrong=wrong)
                yield marked(files, f"{front.name} {plane} {wrong}", {f"{FOLDER}/revisions.yaml": made})
