"""Kubernetes objects and what they mean."""

from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet, objects_of, string_map
from archlint.model.kubernetes.workloads import Container, Workload

__all__ = ["Container", "KubernetesObject", "ObjectFacet", "Workload", "objects_of", "string_map"]
