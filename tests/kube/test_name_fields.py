"""No field of Kubernetes' own kinds that names another object is forgotten in the table of names.

By the schemas of all versions: each field that is called as a name, or whose type is a reference, is in the
table, or stands here with the reason why it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.documents.kubernetes.definitions import definitions
from archlint.model.kubernetes.names.name_table import every_row
from archlint.model.kubernetes.schemas.builtin import ASIDE

POD_SPEC = "#api.core.v1.PodSpec"
_NAMES = re.compile(r"(Ref|Refs|Name|Names|ClassName|[dD]river|provisioner)\Z")
_REFERENCE = re.compile(
    r"#\S*(Reference|KeySelector|EnvSource|MapProjection|SecretProjection|RoleRef|Subject)!?\Z"
)

_REQUESTS = "a request to the API server or what it answers, never a manifest"
_CONTROLLERS = "made by a controller, a driver or a kubelet, never a manifest"
_INSIDE = "names a part of the same pod"
_OUTSIDE = "is called so by a storage system, a network or Windows, and no object of the cluster"
_SIGNERS = "names a signer, which is no object"
_MATCHED = "chooses among objects that may come, none has to be there"
_RESOURCE = "names a resource such as cpu, which is no object"
NOT_NAMES: dict[str, str] = {
    r" (Binding|Event|Status|TokenRequest|APIGroup|Eviction|EvictionRequest) ": _REQUESTS,
    r" (Endpoints|EndpointSlice|VolumeAttachment|LeaseCandidate|IPAddress|CSIStorageCapacity) ": _CONTROLLERS,
    r" (ResourceSlice|PodCertificateRequest|ResourcePoolStatusRequest) ": _CONTROLLERS,
    r" PodSpec nodeName\Z": "nodes are no manifests",
    r" PodSpec schedulerName\Z": "names a program",
    r"(fieldRef|resourceFieldRef)(/containerName)?\Z": "names a field of the pod itself",
    r"fileKeyRef(/volumeName)?\Z": _INSIDE,
    r"(targetContainerName|onExitCodes/containerName)\Z": _INSIDE,
    r"resizePolicy/resourceName\Z": _RESOURCE,
    r"(runAsUserName|initiatorName|diskName|shareName|datasetName|pdName|storagePolicyName)\Z": _OUTSIDE,
    r"(scaleIO|storageos)/volumeName\Z": _OUTSIDE,
    r"Service spec/externalName\Z": _OUTSIDE,
    r"signerName\Z": _SIGNERS,
    r"(flexVolume|opaque)/driver\Z": "names a driver that is a program on the node or has no object",
    r"(DeviceTaintRule spec/deviceSelector/driver|driverRequests/driverName)\Z": "names a driver of devices",
    r"(ResourceClass|filters/|vendorParameters/) ?driverName\Z": "names a driver of devices",
    r"(StorageClass provisioner|VolumeAttributesClass driverName)\Z": "a driver needs no object",
    r"scopeName\Z": "one of a few words",
    r"[rR]esourceRules/resourceNames\Z": _MATCHED,
    r"(Role|ClusterRole) rules/resourceNames\Z": "of any kind, and many are made while programs run",
    r"CustomResourceDefinition spec/names/shortNames\Z": "names for itself",
    r"DeviceClass spec/extendedResourceName\Z": _RESOURCE,
    r"spec/paramRef\Z": "its kind is what the policy says: policy-parameters-missing",
    r"volumeClaimTemplates/status/": "a state",
    r"(templateName|podGroupTemplateName)\Z": "names a part of the Workload that is named beside it",
    r"(podGroupTemplateRef|podGroupTemplateRef/workload|spec/workloadRef)\Z": "holds the name below it",
    r"spec/rules/subjects\Z": "users and groups are no objects, accounts are below",
    r"spec/rules/subjects/(user|group)": "users and groups are no objects",
}
"""Fields, as group, kind and way, that are called as names and name no object, with the reason."""


def fields(
    written: str, minor: int, way: tuple[str, ...] = (), inside: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """The ways to all fields below a type, with their types; those of pods are looked at once, as a type."""
    kind = written.lstrip("[{").partition("|")[0].rstrip("!")
    if not kind.startswith("#") or kind in inside or kind.endswith(("ObjectMeta", "JSONSchemaProps")):
        return
    if kind == POD_SPEC and way:
        return
    for name, below in definitions().fields(kind[1:], minor):
        yield "/".join((*way, name)), below.lstrip("[{").partition("|")[0]
        yield from fields(below, minor, (*way, name), (*inside, kind))


def every_name() -> dict[str, str]:
    """Group, kind and way of every field that may be a name, in any version."""
    found: dict[str, str] = {}
    for minor in (25, 26, 29, 32, 35, definitions().newest):
        roots = {"core PodSpec": POD_SPEC}
        for name in definitions().kinds:
            version, _, kind = name.partition(" ")
            written = definitions().type_of(version, kind, minor)
            if written is not None and kind not in ASIDE and not kind.endswith("List"):
                roots[f"{version.rpartition('/')[0] or 'core'} {kind}"] = written
        for root, written in roots.items():
            for way, kind in fields(written, minor):
                if not way.startswith("status") and (_NAMES.search(way) or _REFERENCE.search(kind)):
                    found[f"{root} {way}"] = kind
    return found


def table() -> set[str]:
    """The fields of the table, with what holds a name that stands in a map."""
    ways = [f"{group or 'core'} {kind} {'/'.join(row.ways)}" for group, kind, row in every_row()]
    return {*ways, *(way.removesuffix("/name") for way in ways)}


def test_every_field_that_names_an_object_is_in_the_table_or_told_why_not() -> None:
    known = table()
    untold = [
        name
        for name in every_name()
        if name not in known and not any(re.search(pattern, name) for pattern in NOT_NAMES)
    ]
    assert untold == []


def test_no_reason_is_given_for_what_is_in_the_table_or_is_no_field() -> None:
    found, known = every_name(), table()
    for pattern, reason in NOT_NAMES.items():
        matching = [name for name in found if re.search(pattern, name)]
        assert matching, f"no field is meant: {pattern}"
        assert not known.intersection(matching), (pattern, reason)
