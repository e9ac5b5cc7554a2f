"""Pod Security Standards: a pod that keeps them breaks exactly the control that one change breaks.

Each change is tried on each kind of container, below a namespace that enforces the level and alone, where the
rules about the same settings must name the control as other tools would.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from archlint.finding import Finding
from archlint.model.kubernetes.pod_security import CONTROLS, controls_of, minor_version
from tests.kube.worlds import findings_of, world_of

Pod = dict[str, Any]
Change = Callable[[Pod, Pod], object]
"""What is done to a pod's spec and one of its containers."""


def container(name: str) -> Pod:
    """A container that breaks nothing."""
    security = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    return {"name": name, "image": "shop/cart:1.0.0", "securityContext": security}


def spec() -> Pod:
    """A pod that breaks nothing."""
    return {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container("main")],
        "initContainers": [container("init")],
        "ephemeralContainers": [container("debug")],
    }


def own(**settings: Any) -> Change:
    """A change of the container's security context."""
    return lambda pod, item: item["securityContext"].update(settings)


def shared(**settings: Any) -> Change:
    """A change of the pod's security context."""
    return lambda pod, item: pod["securityContext"].update(settings)


def whole(**settings: Any) -> Change:
    """A change of the pod."""
    return lambda pod, item: pod.update(settings)


def part(**settings: Any) -> Change:
    """A change of the container."""
    return lambda pod, item: item.update(settings)


def volume(**source: Any) -> Change:
    """A volume of the pod."""
    return whole(volumes=[{"name": "data", **source}])


OF_CONTAINERS: list[tuple[str, Change]] = [
    ("windowsHostProcess", own(windowsOptions={"hostProcess": True})),
    ("privileged", own(privileged=True)),
    ("capabilities", own(capabilities={"drop": ["ALL"], "add": ["SYS_ADMIN"]})),
    ("capabilities", own(capabilities={"drop": ["ALL"], "add": ["NET_RAW"]})),
    ("capabilities", own(capabilities={"drop": ["ALL"], "add": ["CAP_CHOWN"]})),
    ("hostPorts", part(ports=[{"containerPort": 80}, {"containerPort": 81, "hostPort": 81}])),
    ("appArmorProfile", own(appArmorProfile={"type": "Unconfined"})),
    ("seLinuxOptions", own(seLinuxOptions={"type": "spc_t"})),
    ("seLinuxOptions", own(seLinuxOptions={"user": "root"})),
    ("seLinuxOptions", own(seLinuxOptions={"role": "sysadm_r"})),
    ("procMount", own(procMount="Unmasked")),
    ("seccompProfile", own(seccompProfile={"type": "Unconfined"})),
]
BASELINE: list[tuple[str, Change]] = [
    *OF_CONTAINERS,
    ("windowsHostProcess", shared(windowsOptions={"hostProcess": True})),
    ("hostNamespaces", whole(hostNetwork=True)),
    ("hostNamespaces", whole(hostPID=True)),
    ("hostNamespaces", whole(hostIPC=True)),
    ("hostPathVolumes", volume(hostPath={"path": "/mnt"})),
    ("appArmorProfile", shared(appArmorProfile={"type": "Unconfined"})),
    ("seLinuxOptions", shared(seLinuxOptions={"type": "spc_t"})),
    ("sysctls", shared(sysctls=[{"name": "kernel.msgmax", "value": "1"}])),
]
PROBES: list[tuple[str, Change]] = [
    ("hostProbesAndHostLifecycle", part(**{key: {"httpGet": {"port": 80, "host": "a.example.com"}}}))
    for key in ("livenessProbe", "readinessProbe", "startupProbe")
] + [
    ("hostProbesAndHostLifecycle", part(lifecycle={key: {"tcpSocket": {"port": 80, "host": "10.0.0.1"}}}))
    for key in ("postStart", "preStop")
]
RESTRICTED: list[tuple[str, Change]] = [
    ("allowPrivilegeEscalation", own(allowPrivilegeEscalation=True)),
    ("allowPrivilegeEscalation", own(allowPrivilegeEscalation=None)),
    ("capabilities", own(capabilities={})),
    ("capabilities", own(capabilities={"drop": ["all"]})),
    ("capabilities", own(capabilities={"drop": ["ALL"], "add": ["CHOWN"]})),
    ("runAsNonRoot", own(runAsNonRoot=False)),
    ("runAsUser", own(runAsUser=0)),
    ("restrictedVolumes", volume(nfs={"server": "a", "path": "/"})),
    ("restrictedVolumes", volume(hostPath={"path": "/mnt"})),
    ("runAsNonRoot", shared(runAsNonRoot=None)),
    ("runAsUser", shared(runAsUser=0)),
    ("seccompProfile", shared(seccompProfile=None)),
]
HARMLESS: list[Change] = [
    own(privileged=False, runAsUser=1000, runAsNonRoot=None, procMount="Default"),
    own(capabilities={"drop": ["ALL", "KILL"], "add": ["NET_BIND_SERVICE"]}),
    own(seccompProfile={"type": "Localhost"}, appArmorProfile={"type": "RuntimeDefault"}),
    own(seLinuxOptions={"type": "container_engine_t", "level": "s0:c1,c2", "user": ""}),
    shared(sysctls=[{"name": "net.ipv4.tcp_rmem", "value": "1"}]),
    part(ports=[{"containerPort": 80, "hostPort": 0}]),
    part(livenessProbe={"httpGet": {"port": 80, "host": ""}}),
    whole(hostNetwork=False, hostPID=None, hostUsers=True),
    *(
        volume(**{key: {}})
        for key in (
            *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"),
            *("persistentVolumeClaim", "projected", "secret"),
        )
    ),
    volume(),
]
ROLES = ("containers", "initContainers", "ephemeralContainers")


def found(folder: Path, change: Change, role: str, level: str = "", version: str = "latest") -> set[str]:
    """The controls that a changed pod breaks: of its namespace's level, or by the names on all findings."""
    pod = spec()
    change(pod, pod[role][0])
    text = json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "cart", "namespace": "shop"},
            "spec": pod,
        }
    )
    labels = {
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/enforce-version": version,
    }
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}
    files = {"pod.json": text} | ({"namespace.json": json.dumps(space)} if level else {})
    findings = findings_of(world_of(folder, files))
    judged = [item for item in findings if (item.rule == "pod-security-violated") == bool(level)]
    names = (name.removeprefix("pss:") for item in judged for name in item.aliases if name.startswith("pss:"))
    return {name.partition("_")[0] for name in names}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("control", "change"), BASELINE)
def test_a_breach_of_baseline_is_that_control(
    tmp_path: Path, control: str, change: Change, role: str
) -> None:
    assert found(tmp_path / "a", change, role, "baseline") == {control}
    # at the level above volumes are a control of their own
    above = {"restrictedVolumes"} if control == "hostPathVolumes" else {control}
    assert found(tmp_path / "b", change, role, "restricted") == above
    assert control in found(tmp_path / "c", change, role)


@pytest.mark.parametrize("role", ROLES[:2])
@pytest.mark.parametrize(("control", "change"), PROBES)
def test_hosts_of_probes_since_1_34(tmp_path: Path, control: str, change: Change, role: str) -> None:
    assert found(tmp_path / "a", change, role, "baseline", "v1.33") == set()
    assert found(tmp_path / "b", change, role, "baseline", "v1.34") == {control}
    assert control in found(tmp_path / "c", change, role)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("control", "change"), RESTRICTED)
def test_a_breach_of_restricted_is_that_control(
    tmp_path: Path, control: str, change: Change, role: str
) -> None:
    assert control in found(tmp_path / "a", change, role, "restricted")
    assert control not in found(tmp_path / "b", change, role, "baseline")
    assert control in found(tmp_path / "c", change, role)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("change", HARMLESS)
def test_what_is_allowed_breaks_nothing(tmp_path: Path, change: Change, role: str) -> None:
    assert found(tmp_path / "a", change, role, "restricted") == set()
    assert found(tmp_path / "b", change, role) == set()


@pytest.mark.parametrize(
    ("change", "since", "control"),
    [
        (shared(sysctls=[{"name": "net.ipv4.ip_local_reserved_ports"}]), 27, "sysctls"),
        (shared(sysctls=[{"name": "net.ipv4.tcp_fin_timeout"}]), 29, "sysctls"),
        (shared(sysctls=[{"name": "net.ipv4.tcp_wmem"}]), 32, "sysctls"),
        (shared(sysctls=[{"name": "net.ipv4.tcp_notsent_lowat"}]), 37, "sysctls"),
        (shared(seLinuxOptions={"type": "container_engine_t"}), 31, "seLinuxOptions"),
    ],
)
def test_what_later_versions_allow(tmp_path: Path, change: Change, since: int, control: str) -> None:
    assert found(tmp_path / "a", change, "containers", "baseline", f"v1.{since - 1}") == {control}
    assert found(tmp_path / "b", change, "containers", "baseline", f"v1.{since}") == set()


def test_a_user_namespace_relaxes_what_only_the_user_is_about(tmp_path: Path) -> None:
    def change(pod: Pod, item: Pod) -> None:
        pod["hostUsers"] = False
        pod["securityContext"].update(runAsNonRoot=False, runAsUser=0)
        item["securityContext"]["procMount"] = "Unmasked"

    assert found(tmp_path / "a", change, "containers", "baseline", "v1.35") == set()
    assert found(tmp_path / "b", change, "containers", "baseline", "v1.34") == {"procMount"}
    assert found(tmp_path / "c", change, "containers", "restricted", "v1.35") == {"procMount"}
    before = {"procMount", "runAsNonRoot", "runAsUser"}
    assert found(tmp_path / "d", change, "containers", "restricted", "v1.34") == before


def test_windows_pods_have_no_linux_controls_since_1_25(tmp_path: Path) -> None:
    def change(pod: Pod, item: Pod) -> None:
        pod["os"] = {"name": "windows"}
        del pod["securityContext"]["seccompProfile"]
        for role in ROLES:
            del pod[role][0]["securityContext"]

    linux = {"allowPrivilegeEscalation", "capabilities", "seccompProfile"}
    assert found(tmp_path / "a", change, "containers", "restricted", "v1.25") == set()
    assert found(tmp_path / "b", change, "containers", "restricted", "v1.24") == linux


@pytest.mark.parametrize(
    ("value", "is_allowed"),
    [("unconfined", False), ("docker/default", True), ("runtime/default", True), ("localhost/a", True)],
)
def test_seccomp_was_an_annotation_until_1_18(tmp_path: Path, value: str, is_allowed: bool) -> None:
    item = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "cart",
            "namespace": "shop",
            "annotations": {"seccomp.security.alpha.kubernetes.io/pod": value},
        },
        "spec": copy.deepcopy(spec()),
    }
    for version, is_read in (("v1.18", True), ("v1.19", False)):
        labels = {f"pod-security.kubernetes.io/enforce{end}": text for end, text in (("", "baseline"),)}
        labels["pod-security.kubernetes.io/enforce-version"] = version
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}
        files = {"a.json": json.dumps(item), "b.json": json.dumps(space)}
        names = [finding.rule for finding in findings_of(world_of(tmp_path / version, files))]
        assert ("pod-security-violated" in names) is (is_read and not is_allowed)


def test_each_mode_is_told_once_and_as_hard_as_it_is(tmp_path: Path) -> None:
    """What is enforced is not warned of as well; what nobody asks for is not told."""
    pod = {**spec(), "hostNetwork": True}
    pod["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
    labels = {
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
    }
    things = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "open"}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart", "namespace": "shop"}, "spec": pod},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart", "namespace": "open"}, "spec": pod},
    ]
    files = {f"{number}.json": json.dumps(item) for number, item in enumerate(things)}
    told = [item for item in findings_of(world_of(tmp_path, files)) if item.rule == "pod-security-violated"]
    seen = {(item.object.namespace, item.severity.label, item.aliases) for item in told if item.object}
    assert seen == {
        ("shop", "error", ("pss:hostNamespaces",)),
        ("shop", "info", ("pss:allowPrivilegeEscalation",)),
    }


def test_the_table_of_controls_is_whole() -> None:
    names = {control.name for control in CONTROLS}
    assert len(names) == len(CONTROLS)
    assert all(not control.replaces or control.replaces in names for control in CONTROLS)
    latest = minor_version("latest")
    assert latest is not None
    restricted = {control.name for control in controls_of("restricted", latest)}
    replaced = {control.replaces for control in CONTROLS} - {""}
    assert restricted == names - replaced
    assert controls_of("privileged", latest) == ()
    assert [minor_version(text) for text in ("v1.29", "1.29", "2.0", "v1.29.1", "")] == [
        29,
        29,
        None,
        None,
        None,
    ]


def manifests(pods: list[Pod]) -> str:
    """Pods in a namespace that enforces all controls."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    objects: list[Pod] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}},
        *(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": f"p{number}", "namespace": "shop"},
                "spec": pod,
            }
            for number, pod in enumerate(pods)
        ),
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})


def remedies(folder: Path, pods: list[Pod]) -> dict[int, list[Finding]]:
    """What is told of each pod that breaks its level."""
    told: dict[int, list[Finding]] = {}
    for item in findings_of(world_of(folder, {"all.json": manifests(pods)})):
        if item.rule == "pod-security-violated" and item.object is not None:
            told.setdefault(int(item.object.name[1:]), []).append(item)
    return told


def without(value: Any, key: str) -> Any:
    """Data without a key, wherever it stands."""
    if isinstance(value, dict):
        return {name: without(item, key) for name, item in value.items() if name != key}
    return [without(item, key) for item in value] if isinstance(value, list) else value


def removed(pod: Pod, pointer: str) -> Pod:
    """A pod without what stands at a place, or without the item of a list that it is the name of."""
    *way, last = pointer.split("/")[4:]
    holder: Any = pod
    for part in way:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    del holder[int(last) if isinstance(holder, list) else last]
    return pod


def followed(pod: Pod, found: Finding) -> Pod:
    """A pod in which somebody has done what a message says."""
    remedy = found.arguments["remedy"]
    for key in re.findall(r"^remove '(\w+)'", remedy):
        return without(pod, key)
    for setting in re.findall(r"^set '(.+?)'", remedy):
        said = yaml.safe_load(setting)
        is_shared = not said.keys().isdisjoint(("runAsNonRoot", "seccompProfile"))
        holders = [pod, *(item for role in ROLES for item in pod[role])] if is_shared else pod["containers"]
        for holder in holders:
            holder["securityContext"].update(said)
        return pod
    if remedy == "use another kind of volume":
        pod["volumes"] = [{"name": "data", "emptyDir": {}}]
        return pod
    if remedy == "choose another user than 0":
        return json.loads(json.dumps(pod).replace('"runAsUser": 0', '"runAsUser": 1000'))
    assert remedy in ("remove the setting", "remove the capability", "remove the option") or (
        remedy == "set RuntimeDefault, or remove it"
    )
    assert found.location.pointer is not None
    return removed(pod, found.location.pointer)


def test_what_a_message_says_to_do_mends_the_pod(tmp_path: Path) -> None:
    pods = []
    for _, change in (*BASELINE, *PROBES, *RESTRICTED):
        pod = spec()
        change(pod, pod["containers"][0])
        pods.append(pod)
    told = remedies(tmp_path / "broken", pods)
    assert sorted(told) == list(range(len(pods)))
    for number, found in told.items():
        for item in found:
            pods[number] = followed(copy.deepcopy(pods[number]), item)
    left = remedies(tmp_path / "mended", pods)
    assert {number: [item.message for item in found] for number, found in left.items()} == {}
