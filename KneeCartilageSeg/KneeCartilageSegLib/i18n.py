"""Mark texts of the library that Slicer shows in the user's language."""

from __future__ import annotations

MARKED_IN = ("quality.metrics", "registration.limits", "registration.stages", "runs.steps", "segmentation.summary")
"""The modules whose texts are marked, as Slicer's tool calls them."""


def marked(text: str) -> str:
    """The text as it is. Imported as ``_``, it lets Slicer's tool for translators find the text.

    Where it is shown, :func:`.slicer_support.words.translated` is called with it.
    """
    return text
