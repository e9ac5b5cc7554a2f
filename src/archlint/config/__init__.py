"""Configuration: what a run is asked to do, from file and flags."""

from archlint.config.settings import BreakingSettings, Settings, SuppressEntry

__all__ = ["BreakingSettings", "Settings", "SuppressEntry"]
