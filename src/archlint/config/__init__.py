"""Configuration: what a run is asked to do, from file and flags.

``locate`` finds root and file, ``read_configuration`` reads the file (its rule folders are needed to know all
rules), ``load_settings`` judges what it says about rules.
"""

from archlint.config.errors import ConfigurationError
from archlint.config.loading import load_settings
from archlint.config.locating import Located, locate
from archlint.config.reading import Configuration, read_configuration
from archlint.config.settings import BreakingSettings, Settings, SuppressEntry

__all__ = [
    "BreakingSettings",
    "Configuration",
    "ConfigurationError",
    "Located",
    "Settings",
    "SuppressEntry",
    "load_settings",
    "locate",
    "read_configuration",
]
