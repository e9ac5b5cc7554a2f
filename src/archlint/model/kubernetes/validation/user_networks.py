"""What is refused in networks that users define for their pods.

UserDefinedNetwork and ClusterUserDefinedNetwork of ``k8s.ovn.org``, as OVN-Kubernetes describes them.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open

_LAYERS = {"Layer2": "layer2", "Layer3": "layer3", "Localnet": "localnet"}
"""The key of the settings of each topology."""


def user_network_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A network whose settings are not those of its topology, or that is where none may be."""
    is_wide = base.kind == "ClusterUserDefinedNetwork"
    spec = base.get("spec", "network") if is_wide else base.get("spec")
    topology, name = spec.get("topology"), base.get("metadata", "name")
    wanted = _LAYERS.get(topology.text or "")
    for key in _LAYERS.values() if wanted else ():
        settings = spec.get(key)
        if settings.is_set and key != wanted:
            problem = f"'{key}' has settings, and the topology is '{topology.text}'"
            yield Refused(
                settings, Cause.CONFLICT, problem, f"them in '{wanted}', or the other topology", topology
            )
        elif key == wanted and not settings.is_set:
            problem = f"The topology '{topology.text}' has no settings"
            yield Refused(spec, Cause.LACKING, problem, f"'{wanted}'")
    if name.text == "default":
        yield Refused(name, Cause.NAME, "'default' is the network that every cluster has", "another name")
    space = base.get("metadata", "namespace")
    if not is_wide and not is_open(space) and _is_of_the_system(space.text or ""):
        problem = f"Pods of the namespace '{space.text}' stay in the network of the cluster"
        yield Refused(space, Cause.CONFLICT, problem, "another namespace")


def _is_of_the_system(namespace: str) -> bool:
    return namespace == "default" or namespace.startswith("openshift-")
