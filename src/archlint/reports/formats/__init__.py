"""The formats of reports: each module here is one, called by its name, with ``render(report)``."""
