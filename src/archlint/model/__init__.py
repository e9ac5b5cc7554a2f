"""Meaning: operations, messages, workloads, policies, services and how they join."""
