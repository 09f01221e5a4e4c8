"""Mark texts of the library that Slicer shows in the user's language."""

from __future__ import annotations


def marked(text: str) -> str:
    """The text as it is. Imported as ``_``, it lets Slicer's tool for translators find the text.

    Where it is shown, ``slicer.i18n.translate`` is called with it and the name of the module that holds it, for example
    ``registration.stages``.
    """
    return text
