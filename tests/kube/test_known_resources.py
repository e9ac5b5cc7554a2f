"""What no rule looks into is told, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.kube.worlds import world_of

KNOWN = {
    "v1": "Pod PodTemplate ReplicationController Service ConfigMap Secret Namespace ServiceAccount LimitRange"
    " ResourceQuota PersistentVolume PersistentVolumeClaim",
    "apps/v1": "Deployment StatefulSet DaemonSet ReplicaSet",
    "batch/v1": "Job CronJob",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "extensions/v1beta1": "Ingress NetworkPolicy Deployment DaemonSet ReplicaSet",
    "networking.k8s.io/v1": "Ingress NetworkPolicy",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "Role ClusterRole RoleBinding ClusterRoleBinding",
    "admissionregistration.k8s.io/v1": "ValidatingWebhookConfiguration MutatingWebhookConfiguration",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "apiregistration.k8s.io/v1": "APIService",
    "gateway.networking.k8s.io/v1": "Gateway HTTPRoute GRPCRoute TCPRoute TLSRoute UDPRoute",
    "cluster.redpanda.com/v1alpha2": "Topic",
    "kafka.strimzi.io/v1beta2": "Kafka KafkaConnector KafkaNodePool KafkaTopic KafkaUser",
    "rabbitmq.com/v1beta1": "Policy Queue RabbitmqCluster",
    "platform.confluent.io/v1beta1": "KafkaTopic",
    "keda.sh/v1alpha1": "ScaledObject ScaledJob",
    "kustomize.toolkit.fluxcd.io/v1": "Kustomization",
    "helm.toolkit.fluxcd.io/v2": "HelmRelease",
    "source.toolkit.fluxcd.io/v1": "GitRepository OCIRepository HelmRepository",
    "external-secrets.io/v1": "ExternalSecret PushSecret",
    "bitnami.com/v1alpha1": "SealedSecret",
    "cert-manager.io/v1": "Certificate",
    "monitoring.coreos.com/v1": "PrometheusRule ServiceMonitor PodMonitor AlertmanagerConfig",
    "monitoring.googleapis.com/v1": "Rules ClusterRules GlobalRules",
    "grafana.integreatly.org/v1beta1": "GrafanaDashboard",
    "openslo/v1": "SLO",
    "pyrra.dev/v1alpha1": "ServiceLevelObjective",
    "sloth.slok.dev/v1": "PrometheusServiceLevel",
    "multicluster.x-k8s.io/v1alpha1": "ServiceImport",
    "networking.istio.io/v1": "VirtualService DestinationRule ServiceEntry Gateway",
    "opentelemetry.io/v1beta1": "OpenTelemetryCollector",
    "operator.victoriametrics.com/v1beta1": "VMRule",
    "project.openshift.io/v1": "Project ProjectRequest",
    "route.openshift.io/v1": "Route",
    "security.istio.io/v1": "PeerAuthentication",
    "serving.knative.dev/v1": "Service",
    "argoproj.io/v1alpha1": "Rollout Application ApplicationSet AppProject",
}
UNKNOWN = {
    "v1": "Endpoints Event",
    "example.com/v1": "Service Deployment Pod",
    "keda.sh/v1alpha1": "Deployment",
}


def told(folder: Path, version: str, kind: str) -> list[str]:
    text = json.dumps({"apiVersion": version, "kind": kind, "metadata": {"name": "cart"}, "spec": {}})
    return [
        item.detail for item in world_of(folder, {"a.yaml": text}).unread if item.reason == "unknown-resource"
    ]


@pytest.mark.parametrize(("version", "kinds"), KNOWN.items())
def test_what_rules_look_into_is_not_told(tmp_path: Path, version: str, kinds: str) -> None:
    assert [kind for kind in kinds.split() if told(tmp_path / kind, version, kind)] == []


@pytest.mark.parametrize(("version", "kinds"), UNKNOWN.items())
def test_what_they_do_not_is_told(tmp_path: Path, version: str, kinds: str) -> None:
    for kind in kinds.split():
        assert told(tmp_path / kind, version, kind) == [f"{version} {kind}"]


CONFIGURATIONS = {
    "k3d.io/v1alpha4": "Simple",
    "kind.x-k8s.io/v1alpha4": "Cluster",
    "kubelet.config.k8s.io/v1beta1": "KubeletConfiguration",
    "argoproj.io/v1alpha1": "ConfigManagementPlugin",
    "v1": "Config",
}


@pytest.mark.parametrize(("version", "kind"), CONFIGURATIONS.items())
def test_what_programs_read_for_themselves_is_told_as_such(tmp_path: Path, version: str, kind: str) -> None:
    text = json.dumps({"apiVersion": version, "kind": kind, "metadata": {"name": "shop"}})
    told = [(item.reason, item.detail) for item in world_of(tmp_path, {"a.yaml": text}).unread]
    assert told == [("program-configuration", f"{version} {kind}")]
