"""Colors that color-blind readers can tell apart: those of Okabe and Ito (https://jfly.uni-koeln.de/color)."""

from __future__ import annotations

BLUE, VERMILION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
ORANGE, SKY_BLUE, YELLOW = "#e69f00", "#56b4e9", "#f0e442"
SERIES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY_BLUE)
"""Of the series of a plot, in their order; yellow would hardly be seen on white."""


def rgb(color: str) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1."""
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue
