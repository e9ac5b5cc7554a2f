"""Fields that take one of a few words, which the published schemas leave out.

Sources: the constants in ``k8s.io/api`` and their use in ``k8s.io/kubernetes/pkg/apis/*/validation``, up to
Kubernetes 1.37; words of alpha features are allowed.
"""

from __future__ import annotations

from collections.abc import Mapping

Choices = Mapping[str, tuple[str, ...]]
"""The words by the way to the field, ``*`` for each item of a list."""

_PROTOCOLS = ("TCP", "UDP", "SCTP")
_POLICIES = ("Cluster", "Local")
_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
_VOLUMES = ("Filesystem", "Block")
_SECCOMP = ("RuntimeDefault", "Localhost", "Unconfined")
_UPDATES = {"spec/updateStrategy/type": ("RollingUpdate", "OnDelete")}
_FAILURES = ("Fail", "Ignore")
_JOB: Choices = {
    "completionMode": ("NonIndexed", "Indexed"),
    "podReplacementPolicy": ("TerminatingOrFailed", "Failed"),
}
_WEBHOOKS: Choices = {
    "webhooks/*/failurePolicy": _FAILURES,
    "webhooks/*/matchPolicy": ("Exact", "Equivalent"),
    "webhooks/*/sideEffects": ("None", "NoneOnDryRun", "Some", "Unknown"),
    "webhooks/*/rules/*/operations/*": ("CREATE", "UPDATE", "DELETE", "CONNECT", "*"),
    "webhooks/*/rules/*/scope": ("Cluster", "Namespaced", "*"),
}
_RESOURCES: Choices = {
    "spec/failurePolicy": _FAILURES,
    "spec/matchConstraints/matchPolicy": ("Exact", "Equivalent"),
    "spec/matchConstraints/resourceRules/*/operations/*": ("CREATE", "UPDATE", "DELETE", "CONNECT", "*"),
    "spec/matchConstraints/resourceRules/*/scope": ("Cluster", "Namespaced", "*"),
}

_ADMIN = "policy.networking.k8s.io"


def _admin(*actions: str) -> Choices:
    """The words of a policy of the cluster's administrators, in its older form."""
    return {
        f"spec/{way}/*/{key}": words
        for way in ("ingress", "egress")
        for key, words in (
            ("action", actions),
            ("ports/*/portNumber/protocol", _PROTOCOLS),
            ("ports/*/portRange/protocol", _PROTOCOLS),
        )
    }


def _layers(spec: str) -> Choices:
    return {f"{spec}/{layer}/role": ("Primary", "Secondary") for layer in ("layer2", "layer3")}


POD: Choices = {
    "dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "securityContext/fsGroupChangePolicy": ("OnRootMismatch", "Always"),
    "securityContext/seccompProfile/type": _SECCOMP,
    "tolerations/*/effect": ("NoSchedule", "PreferNoSchedule", "NoExecute"),
    "tolerations/*/operator": ("Equal", "Exists", "Lt", "Gt"),
    "topologySpreadConstraints/*/whenUnsatisfiable": ("DoNotSchedule", "ScheduleAnyway"),
    "volumes/*/hostPath/type": (
        *("DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"),
    ),
}
CONTAINER: Choices = {
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "terminationMessagePolicy": ("File", "FallbackToLogsOnError"),
    "ports/*/protocol": _PROTOCOLS,
    "securityContext/procMount": ("Default", "Unmasked"),
    "securityContext/seccompProfile/type": _SECCOMP,
    **{f"{name}Probe/httpGet/scheme": ("HTTP", "HTTPS") for name in ("liveness", "readiness", "startup")},
}
OBJECTS: Mapping[tuple[str, str], Choices] = {
    ("apps", "Deployment"): {"spec/strategy/type": ("RollingUpdate", "Recreate")},
    ("apps", "DaemonSet"): _UPDATES,
    ("apps", "StatefulSet"): {
        **_UPDATES,
        "spec/podManagementPolicy": ("OrderedReady", "Parallel"),
        "spec/volumeClaimTemplates/*/spec/accessModes/*": _MODES,
        "spec/volumeClaimTemplates/*/spec/volumeMode": _VOLUMES,
    },
    ("batch", "Job"): {f"spec/{way}": words for way, words in _JOB.items()},
    ("batch", "CronJob"): {
        **{f"spec/jobTemplate/spec/{way}": words for way, words in _JOB.items()},
        "spec/concurrencyPolicy": ("Allow", "Forbid", "Replace"),
    },
    ("", "Service"): {
        "spec/type": ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
        "spec/ports/*/protocol": _PROTOCOLS,
        "spec/sessionAffinity": ("None", "ClientIP"),
        "spec/externalTrafficPolicy": _POLICIES,
        "spec/internalTrafficPolicy": _POLICIES,
        "spec/ipFamilyPolicy": ("SingleStack", "PreferDualStack", "RequireDualStack"),
        "spec/ipFamilies/*": ("IPv4", "IPv6"),
    },
    ("", "PersistentVolume"): {
        "spec/accessModes/*": _MODES,
        "spec/volumeMode": _VOLUMES,
        "spec/persistentVolumeReclaimPolicy": ("Retain", "Delete", "Recycle"),
    },
    ("", "PersistentVolumeClaim"): {"spec/accessModes/*": _MODES, "spec/volumeMode": _VOLUMES},
    ("storage.k8s.io", "StorageClass"): {
        "reclaimPolicy": ("Delete", "Retain"),
        "volumeBindingMode": ("Immediate", "WaitForFirstConsumer"),
    },
    ("networking.k8s.io", "Ingress"): {
        "spec/rules/*/http/paths/*/pathType": ("Exact", "Prefix", "ImplementationSpecific"),
    },
    ("networking.k8s.io", "NetworkPolicy"): {
        "spec/policyTypes/*": ("Ingress", "Egress"),
        **{f"spec/{way}/*/ports/*/protocol": _PROTOCOLS for way in ("ingress", "egress")},
    },
    (_ADMIN, "AdminNetworkPolicy"): _admin("Allow", "Deny", "Pass"),
    (_ADMIN, "BaselineAdminNetworkPolicy"): _admin("Allow", "Deny"),
    (_ADMIN, "ClusterNetworkPolicy"): {
        "spec/tier": ("Admin", "Baseline"),
        **{f"spec/{way}/*/action": ("Accept", "Deny", "Pass") for way in ("ingress", "egress")},
    },
    ("k8s.ovn.org", "UserDefinedNetwork"): {"spec/topology": ("Layer2", "Layer3"), **_layers("spec")},
    ("k8s.ovn.org", "ClusterUserDefinedNetwork"): {
        "spec/network/topology": ("Layer2", "Layer3", "Localnet"),
        **_layers("spec/network"),
    },
    ("autoscaling", "HorizontalPodAutoscaler"): {
        "spec/metrics/*/type": ("Resource", "ContainerResource", "Pods", "Object", "External"),
        **{
            f"spec/behavior/{way}/selectPolicy": ("Max", "Min", "Disabled")
            for way in ("scaleUp", "scaleDown")
        },
        **{f"spec/behavior/{way}/policies/*/type": ("Pods", "Percent") for way in ("scaleUp", "scaleDown")},
    },
    ("policy", "PodDisruptionBudget"): {
        "spec/unhealthyPodEvictionPolicy": ("IfHealthyBudget", "AlwaysAllow")
    },
    ("rbac.authorization.k8s.io", "RoleBinding"): {"roleRef/kind": ("Role", "ClusterRole")},
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): {"roleRef/kind": ("ClusterRole", "Role")},
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _WEBHOOKS,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): {
        **_WEBHOOKS,
        "webhooks/*/reinvocationPolicy": ("Never", "IfNeeded"),
    },
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"): _RESOURCES,
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"): _RESOURCES,
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"): {
        "spec/validationActions/*": ("Deny", "Warn", "Audit"),
    },
}
