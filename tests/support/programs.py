"""Programs that tests judge archlint by; where one is missing its tests are skipped, and say so."""

from __future__ import annotations

import os
import shutil

import pytest


def kube_score() -> str:
    """The path of the real kube-score, from KUBE_SCORE or PATH."""
    return _program("kube-score")


def kubeconform() -> str:
    """The path of the real kubeconform, from KUBECONFORM or PATH."""
    return _program("kubeconform")


def kustomize() -> str:
    """The path of the real kustomize, from KUSTOMIZE or PATH."""
    return _program("kustomize")


def helm() -> str:
    """The path of the real helm, from HELM or PATH."""
    return _program("helm")


def _program(name: str) -> str:
    variable = name.upper().replace("-", "_")
    program = os.environ.get(variable) or name
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{name} not found as '{program}': put it on PATH or set {variable} to its path")
    return found
