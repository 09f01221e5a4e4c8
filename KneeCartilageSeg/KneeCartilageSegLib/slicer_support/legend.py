"""Scalar bars in the views: what the colors of a node mean."""

from __future__ import annotations

from typing import Any

import slicer


def show_legend(node: Any, title: str) -> None:
    """Show a scalar bar for the colors of a node."""
    # MRML without the application's modules has no scalar bars.
    add_legend = getattr(slicer.modules.colors.logic(), "AddDefaultColorLegendDisplayNode", None)
    if add_legend is None:
        return
    legend = add_legend(node)
    legend.SetTitleText(title)
    legend.SetVisibility(True)
