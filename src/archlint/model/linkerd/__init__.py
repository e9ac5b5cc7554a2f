"""Linkerd's policies: who is let in to the ports of pods."""
