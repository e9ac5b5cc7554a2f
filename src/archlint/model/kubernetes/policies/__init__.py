"""Admission policies: those of Kubernetes and those of Kyverno, what binds them, and what they are about."""
