"""Damaged headers and lists by the hundred: none ends in a traceback, hangs, or is read as what it does not say."""
