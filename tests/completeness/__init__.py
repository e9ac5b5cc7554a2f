"""Whether every edit that the specification makes possible is judged, or waived by name."""
