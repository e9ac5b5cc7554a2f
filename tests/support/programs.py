"""Programs that tests judge archlint by; where one is missing its tests are skipped, and say so."""

from __future__ import annotations

import os
import shutil

import pytest


def kube_score() -> str:
    """The path of the real kube-score, from KUBE_SCORE or PATH."""
    program = os.environ.get("KUBE_SCORE") or "kube-score"
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"kube-score not found as '{program}': put it on PATH or set KUBE_SCORE to its path")
    return found


def kubeconform() -> str:
    """The path of the real kubeconform, from KUBECONFORM or PATH."""
    program = os.environ.get("KUBECONFORM") or "kubeconform"
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"kubeconform not found as '{program}': put it on PATH or set KUBECONFORM to its path")
    return found


def kustomize() -> str:
    """The path of the real kustomize, from KUSTOMIZE or PATH."""
    program = os.environ.get("KUSTOMIZE") or "kustomize"
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"kustomize not found as '{program}': put it on PATH or set KUSTOMIZE to its path")
    return found


def helm() -> str:
    """The path of the real helm, from HELM or PATH."""
    program = os.environ.get("HELM") or "helm"
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"helm not found as '{program}': put it on PATH or set HELM to its path")
    return found
