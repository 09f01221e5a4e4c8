"""Who a patient is must not get into files: names and birth dates of DICOM headers, found in any text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

WITHHELD = "(withheld)"

_NAME_TAGS = ("0010|0010", "0010|1001", "0010|1005", "0010|1060")  # the patient's, other, birth and mother's name
_BIRTH_DATE = "0010|0030"
# What stands in the place of a name in files of studies and of test objects
_NO_NAMES = {"anonymous", "anonymized", "anonymised", "anon", "unknown", "noname", "none", "patient", "phantom", "test"}
_SHORT = 4  # letters; shorter names are found as whole words only
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa"})
_CODECS = ("utf-8", "latin-1", "iso2022_jp", "iso2022_kr", "gb18030")


class Identity:
    """Finds what would tell who the patients are.

    A name is taken apart into words, and each of them is looked for, whatever its case, accents and umlauts. Words with
    a digit are codes that a study has given in place of a name; they may be shown.

    :param headers: the tags of DICOM files, by ``group|element``.
    """

    def __init__(self, headers: Iterable[Mapping[str, str]]):
        known = {(key, tags[key]) for tags in headers for key in (*_NAME_TAGS, _BIRTH_DATE) if tags.get(key)}
        names = {word for key, text in known if key != _BIRTH_DATE for word in _name_words(text)}
        dates = {form for key, text in known if key == _BIRTH_DATE for form in _date_forms(text)}
        long = [re.escape(name) for name in names if len(name) >= _SHORT]
        short = [rf"(?<![^\W_]){re.escape(name)}(?![^\W_])" for name in names if len(name) < _SHORT]
        digits = [rf"(?<!\d){re.escape(form)}(?!\d)" for form in dates]
        patterns = sorted([*long, *short, *digits])
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def shows_in(self, text: str) -> bool:
        """Whether a text holds a name or birth date."""
        return self._pattern is not None and any(self._pattern.search(form) for form in _forms(text))

    def clean(self, text: str) -> str:
        """The text, or :data:`WITHHELD` in its place if it holds a name or birth date."""
        return WITHHELD if self.shows_in(text) else text


def _name_words(text: str) -> set[str]:
    raw = text.encode("utf-8", "surrogateescape")
    words: set[str] = set()
    for codec in _CODECS:
        try:
            decoded = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        words |= {word for form in _forms(decoded) for word in re.findall(r"[^\W_]+", form)}
    return {word for word in words if len(word) > 1 and word.isalpha() and word not in _NO_NAMES}


def _forms(text: str) -> set[str]:
    """A text in small letters: with umlauts as two letters, and without accents."""
    lower = unicodedata.normalize("NFC", text).casefold()
    return {_plain(lower.translate(_UMLAUTS)), _plain(lower), lower}


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _date_forms(text: str) -> set[str]:
    """A date in the orders and with the separators that people write."""
    if not re.fullmatch(r"\d{8}", text):
        return set()
    year, month, day = text[:4], text[4:6], text[6:]
    orders = [
        (year, month, day),
        (day, month, year),
        (month, day, year),
        (year[2:], month, day),
        (day, month, year[2:]),
    ]
    short = [tuple(part.lstrip("0") for part in order) for order in orders[:3]]
    joined = {separator.join(order) for order in orders for separator in ("", "-", ".", "_", "/", " ")}
    return joined | {separator.join(order) for order in short for separator in ("-", ".", "_", "/", " ")}
