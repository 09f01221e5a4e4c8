#!/usr/bin/env python3
"""Bring the translation files in Translations/ up to date with the texts of the panels.

    .ci/translations.py            add new texts, drop those that are gone, keep translations
    .ci/translations.py --check    only say what is not up to date or not translated

The texts are found as Slicer's Utilities/Scripts/update_translations.py finds them: ``_("...")`` and
``translate("context", "...")`` in Python, in the context that ``slicer.i18n`` uses at run time, and the strings of .ui
files that are not marked ``notr``. KneeCartilageSeg_en-US.ts is the template; SlicerLanguagePacks (module Language
Tools) makes .qm files of the others and installs them.
"""

from __future__ import annotations

import ast
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "Translations"
COMPONENT, TEMPLATE_LANGUAGE = "KneeCartilageSeg", "en-US"
MODULES = ("KneeCartilageSeg", "FindReference", "SegmentationQuality")

# Slicer's own texts, translated with Slicer
_SLICER_CONTEXTS = {"qSlicerAbstractCoreModule"}
_PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}]+)\}(?!\})")
_TAG = re.compile(r"</?\w+")

Texts = dict[tuple[str, str], str]
"""By context and source text: where the text stands (in the source), or its translation (in a .ts file)."""


def context_of(path: Path) -> str:
    """As ``slicer.i18n.getContext``: the file's name, after that of its package, if it lies in one."""
    return f"{path.parent.name}.{path.stem}" if (path.parent / "__init__.py").is_file() else path.stem


def source_texts() -> Texts:
    """All texts of the three modules, sorted by context, in the order of the source; with their files."""
    found: Texts = {}
    for module in MODULES:
        for path in sorted((ROOT / module).rglob("*")):
            if path.suffix == ".py":
                pairs = _texts_of_python(path)
            elif path.suffix == ".ui":
                pairs = _texts_of_ui(path)
            else:
                continue
            for context, text in pairs:
                if text and context not in _SLICER_CONTEXTS:
                    found.setdefault((context, text), path.relative_to(ROOT).as_posix())
    order = {context: number for number, context in enumerate(sorted({context for context, _ in found}))}
    return dict(sorted(found.items(), key=lambda item: order[item[0][0]]))


def _texts_of_python(path: Path) -> Iterator[tuple[str, str]]:
    source = path.read_text(encoding="utf-8")
    if "_(" not in source and "translate(" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if node.func.id == "_" and len(values) == 1 and isinstance(values[0], str):
            yield context_of(path), values[0]
        elif node.func.id == "translate" and len(values) == 2:
            yield str(values[0]), str(values[1])


def _texts_of_ui(path: Path) -> Iterator[tuple[str, str]]:
    form = ElementTree.parse(path).getroot()
    context = form.findtext("class", path.stem)
    for element in form.iter("property"):
        value = next(iter(element), None)
        if value is not None and value.tag == "string" and value.get("notr") != "true":
            yield context, value.text or ""
        elif value is not None and value.tag == "stringlist" and value.get("notr") != "true":
            yield from ((context, one.text or "") for one in value.iter("string"))
    for element in form.iter("attribute"):
        value = element.find("string")
        if value is not None and value.get("notr") != "true":
            yield context, value.text or ""


def read_ts(path: Path) -> Texts:
    """The translations of a .ts file; empty where there is none."""
    found: Texts = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            done = translation is not None and translation.get("type") is None
            text = translation.text if done and translation is not None else ""
            found[context.findtext("name", ""), message.findtext("source", "")] = text or ""
    return found


def format_ts(texts: Texts, translations: Texts, language: str) -> str:
    """A .ts file (Qt Linguist), as lupdate writes it, with the file of each text but not its line, which moves."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append(f'<TS version="2.1" language="{language}" sourcelanguage="en_US">')
    for context in dict.fromkeys(context for context, _ in texts):
        lines += ["<context>", f"    <name>{_xml(context)}</name>"]
        for (own, text), place in texts.items():
            if own == context:
                lines += _message(text, place, translations.get((context, text), ""))
        lines.append("</context>")
    return "\n".join([*lines, "</TS>", ""])


def _message(text: str, place: str, translation: str) -> list[str]:
    translated = f"<translation>{_xml(translation)}</translation>"
    return [
        "    <message>",
        f'        <location filename="../{place}"/>',
        f"        <source>{_xml(text)}</source>",
        f"        {translated if translation else _UNFINISHED}",
        "    </message>",
    ]


_UNFINISHED = '<translation type="unfinished"></translation>'


def _xml(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;"})


def files() -> dict[str, Path]:
    """The .ts files by their language."""
    found = sorted(FOLDER.glob(f"{COMPONENT}_*.ts"))
    return {path.stem.partition("_")[2]: path for path in found}


def problems_of(texts: Texts, translations: Texts) -> list[str]:
    """What is wrong with a translation: a text without one, placeholders or tags that differ, texts that are gone."""
    problems = [f"{context}: gone: {text}" for context, text in translations.keys() - texts.keys()]
    for (context, text), _ in texts.items():
        translation = translations.get((context, text), "")
        if not translation:
            problems.append(f"{context}: not translated: {text}")
        elif set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(translation)):
            problems.append(f"{context}: other placeholders: {text} | {translation}")
        elif sorted(_TAG.findall(text)) != sorted(_TAG.findall(translation)):
            problems.append(f"{context}: other tags: {text} | {translation}")
    return problems


def main(arguments: list[str]) -> int:
    """Update the files, or only check them."""
    check = "--check" in arguments
    texts = source_texts()
    left = 0
    for language, path in {TEMPLATE_LANGUAGE: FOLDER / f"{COMPONENT}_{TEMPLATE_LANGUAGE}.ts", **files()}.items():
        known = read_ts(path) if path.exists() else {}
        if not check:
            path.write_text(format_ts(texts, known, language.replace("-", "_")), encoding="utf-8", newline="\n")
            known = read_ts(path)
        if language == TEMPLATE_LANGUAGE:
            problems = [f"not up to date: {text}" for _, text in texts.keys() ^ known.keys()]
        else:
            problems = problems_of(texts, known)
        print(f"{path.name}: {len(texts)} texts, {len(problems)} to look at")
        print("".join(f"  {problem}\n" for problem in problems), end="")
        left += len(problems)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
