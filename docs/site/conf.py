"""How Sphinx builds the site; ``docs/site/build.py`` lays out its pages and starts it."""

from archlint import __version__

project = "archlint"
release = version = __version__
html_title = f"archlint {__version__}"
extensions = ["myst_parser"]
html_theme = "furo"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
myst_heading_anchors = 4
# Examples hold lines of carets below what is found, which no lexer knows.
suppress_warnings = ["misc.highlighting_failure"]
