"""Kustomizations built in the process and offline, each key and value with the place that set it.

    kustomization -> Settings -> gather (resources, bases, components, generators) -> transform -> references

``Builder(Sources(tree)).build(folder)`` gives the objects, or raises ``Refusal`` with the place that stands
in the way. The program ``kustomize`` cannot be used: it fetches what it is told to and can run plugins.
"""

from archlint.documents.kustomize.building import Builder, Built
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.sources import Sources

__all__ = ["Builder", "Built", "Reason", "Refusal", "Resource", "Sources"]
