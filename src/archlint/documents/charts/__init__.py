"""Charts rendered by Helm, each key and value of what comes out with the place that set it.

    folder -> Chart (files, values, dependencies) -> renderings, plain and with marks -> objects with places

A program renders (see ``rendering``); which one, and under which limits, is not known here.
"""
