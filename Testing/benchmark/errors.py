"""What can go wrong in a benchmark."""


class BenchmarkError(Exception):
    """The benchmark cannot go on; the message says what to do."""
