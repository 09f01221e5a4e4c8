"""Texts of the library in the user's language."""

from __future__ import annotations

from slicer.i18n import translate

from ..i18n import MARKED_IN
from ..quality.metrics import Metric


def translated(text: str) -> str:
    """A text that the library has marked (:func:`..i18n.marked`)."""
    # Which of its modules holds the text is not known any more where it is shown.
    found = (translate(module, text) for module in MARKED_IN)
    return next((words for words in found if words != text), text)


def metric_heading(metric: Metric) -> str:
    """The title of a metric with its unit, for a column or an axis."""
    title = translated(metric.title)
    return f"{title} ({metric.unit})" if metric.unit else title
