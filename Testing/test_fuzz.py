"""A few of the damaged files of ``python Testing/fuzz``, which reads 500."""

from __future__ import annotations

import pytest
from fuzz.commandline import fuzz


@pytest.mark.parametrize("first", range(0, 84, 21))
def test_damaged_headers_and_lists(first):
    assert fuzz(range(first, first + 21)) == []
