"""Draw the seeds of convergence studies, reproducibly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import InputError, Problem


def pick_seeds(names: Sequence[str], count: int, seed: int = 0) -> list[str]:
    """Draw names without replacement.

    The names are sorted first, so that the order of a list does not matter. The generator is numpy's RandomState, whose
    numbers are the same in all versions to come (NEP 19). A larger count adds to the names of a smaller one.

    :param seed: of the generator, 0 to 2**32 - 1.
    :raises InputError: if there are not as many names.
    """
    if count > len(names):
        message = f"{count} seeds cannot be drawn from {len(names)} images without drawing one twice"
        raise InputError([Problem(message, "Draw fewer (--pick)")])
    ordered = sorted(names)
    return [ordered[i] for i in np.random.RandomState(seed).permutation(len(ordered))[:count]]
