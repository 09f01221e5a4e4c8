"""Types of command line arguments."""

from __future__ import annotations

import argparse
import math


def positive(text: str) -> int:
    """A whole number of 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of 1 or more")
    return int(text)


def interval(text: str) -> tuple[str, tuple[float, float]]:
    """``KEY=LOW:HIGH``; a bound that is left out is infinite."""
    key, separator, bounds = text.partition("=")
    low, colon, high = bounds.partition(":")
    if not (separator and colon):
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form KEY=LOW:HIGH")
    try:
        return key, (float(low) if low else -math.inf, float(high) if high else math.inf)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{bounds}' is not of the form LOW:HIGH") from None
