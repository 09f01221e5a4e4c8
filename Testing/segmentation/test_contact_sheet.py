"""The contact sheet: order, names of any kind, several lists in one folder, and how it looks to a real browser."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import threading

import pytest
from KneeCartilageSegLib.runs.events import CaseEnd, Note, Start
from KneeCartilageSegLib.segmentation import contact_sheet
from KneeCartilageSegLib.segmentation.contact_sheet import (
    ContactSheet,
    SheetKnee,
    is_replaceable_sheet,
    write_while_running,
)
from KneeCartilageSegLib.segmentation.pictures import picture_file, thickness_file, thumbnail_file

ODD_NAMES = [
    "<script>document.title='pwned'</script>".replace("/", "\\"),
    "a'b\"c#d?e%41&amp;",
    "膝_右 001",
    "колено",
    "ركبة ١٢",
    "C: colon",
    "new\nline",
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def end(name, status="segmented", flags="", message="", **measurements):
    row = {"flags": flags, "message": message, **measurements}
    return CaseEnd(name, status, message, {}, "", {}, row, needs_review=bool(flags))


@pytest.fixture
def folder(tmp_path):
    for name in ("segmented", "pictures"):
        (tmp_path / name).mkdir()
    return tmp_path


def sheet_of(folder, list_name="list.txt"):
    return ContactSheet(folder / "segmented" / "index.html", folder / list_name, folder / "pictures")


def draw(folder, name):
    from PIL import Image

    picture = Image.new("RGB", (60, 13), "red")
    for file in (picture_file, thumbnail_file):
        picture.save(file(folder / "pictures", name))


def names_in(folder):
    text = (folder / "segmented" / "index.html").read_text(encoding="utf-8")
    return [html.unescape(name) for name in re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', text)]


def test_worst_knees_come_first_and_those_that_are_not_there_last(folder):
    sheet = sheet_of(folder)
    sheet.send(Start(("waiting", "good", "better", "flagged", "failed", "rejected")))
    for event in (
        end("better", expected_dice=0.9),
        end("good", status="unchanged", expected_dice=0.7),
        end("flagged", flags="match too low", expected_dice=0.95, review="correct"),
        end("failed", status="failed", message="elastix crashed"),
        end("rejected", status="rejected"),
    ):
        sheet.send(event)
    sheet.write()
    assert names_in(folder) == ["failed", "rejected", "flagged", "good", "better", "waiting"]
    text = sheet.path.read_text(encoding="utf-8")
    assert "<td>needs review</td><td>review: correct<br>match too low</td>" in text
    assert "<td>failed</td><td>elastix crashed</td>" in text
    assert "<td>not started</td>" in text


def test_sheet_of_a_folder_has_the_knees_of_all_its_lists(folder):
    first, second = sheet_of(folder, "first.txt"), sheet_of(folder, "second.txt")
    first.add(SheetKnee("a", "segmented", {"expected_dice": 0.8}))
    first.write()
    second.add(SheetKnee("b", "segmented", {"expected_dice": 0.7}))
    second.write()
    assert names_in(folder) == ["b", "a"]
    again = sheet_of(folder, "first.txt")
    again.add(SheetKnee("c", "failed", {}))
    again.write()
    assert names_in(folder) == ["c", "b"]


def test_thickness_map_stands_beside_the_picture_unless_the_masks_were_drawn_anew(folder):
    for number, name in enumerate(("measured", "corrected since", "not measured")):
        draw(folder, name)
        map_file = thickness_file(folder / "pictures", name)
        if name != "not measured":
            shutil.copy(picture_file(folder / "pictures", name), map_file)
            os.utime(map_file, ns=(0, picture_file(folder / "pictures", name).stat().st_mtime_ns + 10 - 20 * number))
    sheet = sheet_of(folder)
    for name in ("measured", "corrected since", "not measured"):
        sheet.add(SheetKnee(name, "segmented", {}))
    sheet.write()
    text = sheet.path.read_text(encoding="utf-8")
    assert re.findall(r'<a href="\.\./pictures/(\w+)_thickness\.png"><img [^>]*alt="thickness of \1">', text) == [
        "measured"
    ]
    assert "corrected%20since_thickness" not in text


def test_what_is_no_sheet_is_never_replaced(folder):
    sheet = sheet_of(folder)
    sheet.add(SheetKnee("a", "segmented", {}))
    sheet.path.write_text("<html>my thesis</html>")
    assert not is_replaceable_sheet(sheet.path)
    with pytest.raises(FileExistsError, match="no contact sheet"):
        sheet.write()
    assert sheet.path.read_text() == "<html>my thesis</html>"


def test_sheet_is_written_while_a_run_lasts_and_a_full_disk_is_told_once(folder, monkeypatch):
    heard = []
    sheet = sheet_of(folder)
    send = write_while_running(sheet, heard.append)
    send(Start(("a", "b")))
    send(end("a"))
    assert names_in(folder) == ["a", "b"]
    send(end("b", status="failed"))
    assert names_in(folder) == ["a", "b"]  # it is too soon to write it again
    monkeypatch.setattr(contact_sheet, "_PAUSE", 0.0)
    monkeypatch.setattr(contact_sheet, "_PATIENCE", 0.0)
    monkeypatch.setattr(sheet, "_next", 0.0)
    sheet.path.unlink()
    sheet.path.mkdir()
    for _ in range(2):
        send(end("b", status="failed"))
    assert [event.message for event in heard if isinstance(event, Note)] == [
        f"the contact sheet could not be written: '{sheet.path}' is no contact sheet of ours: move it away"
    ]
    assert len(heard) == 6


def test_two_runs_that_write_at_once_lose_nothing(folder):
    sheets = [sheet_of(folder, f"{number}.txt") for number in range(4)]
    for number, sheet in enumerate(sheets):
        sheet.add(SheetKnee(f"knee{number}", "segmented", {}))
    threads = [threading.Thread(target=sheet.write) for sheet in sheets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names_in(folder)) == ["knee0", "knee1", "knee2", "knee3"]


# The browser


def in_browser(folder, script):
    """The title that a script gives the page after it was opened from the disk."""
    page = folder / "segmented" / "index.html"
    # In place of the page's own script's end, so that the page itself is opened, not a copy.
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</body>", f"<script>window.onload = () => {{ {script} }}</script></body>"))
    options = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
        --disable-component-update --disable-sync --virtual-time-budget=5000 --dump-dom --window-size=1400,900"""
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [CHROMIUM, *options.split(), profile, page.as_uri()]
    title = own = title_of(text)
    # Pictures are decoded in threads that its virtual time does not wait for: on a busy machine it may end before them.
    for _ in range(5):
        answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        title = title_of(answer.stdout)
        if title != own:
            break
    return title


def title_of(page):
    return html.unescape(re.search("<title>(.*?)</title>", page, re.DOTALL)[1])


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: the sheet was not opened")


@needs_chromium
def test_browser_shows_names_of_any_kind_and_finds_their_pictures(folder):
    pytest.importorskip("PIL")
    sheet = sheet_of(folder, "list & <b>.txt")
    for name in ODD_NAMES:
        draw(folder, name)
        sheet.add(SheetKnee(name, "segmented", {"flags": "<i>flag</i>"}))
    sheet.write()
    title = in_browser(
        folder,
        """const images = [...document.images], names = [...document.querySelectorAll('tbody bdi')];
        images.forEach(image => { image.loading = 'eager'; });
        Promise.all(images.map(image => image.decode())).then(() => {
          const widths = images.map(image => image.naturalWidth);
          const links = images.map(image => image.parentElement.href.startsWith('file:'));
          document.title = JSON.stringify([widths, links, names.map(name => name.textContent),
            document.querySelectorAll('tbody i, tbody b, tbody script').length]); });""",
    )
    widths, links, names, injected = json.loads(title)
    assert widths == [60] * len(ODD_NAMES)
    assert all(links)
    assert sorted(names[::2]) == sorted(name.replace("\n", "\N{REPLACEMENT CHARACTER}") for name in ODD_NAMES)
    assert injected == 0


@needs_chromium
def test_browser_sorts_and_filters(folder):
    sheet = sheet_of(folder)
    for number, volume in enumerate((900.0, 12000.0, 7000.0)):
        sheet.add(SheetKnee(f"knee{number}", "segmented", {"volume_fc": volume}))
    sheet.add(SheetKnee("broken", "failed", {"message": "crashed"}))
    sheet.write()
    title = in_browser(
        folder,
        """const shown = () => [...document.querySelectorAll('tbody tr')].filter(row => row.offsetHeight)
          .map(row => row.cells[1].textContent.slice(0, 5)).join();
        const volume = [...document.querySelectorAll('thead button')].find(b => b.textContent.startsWith('Cartilage'));
        const told = [shown()];
        volume.click(); told.push(shown());
        volume.click(); told.push(shown());
        document.querySelector('input[value=failed]').click(); told.push(shown());
        const search = document.getElementById('search');
        search.value = 'KNEE2'; search.dispatchEvent(new Event('input')); told.push(shown());
        told.push(document.getElementById('shown').textContent);
        document.title = told.join('; ');""",
    )
    assert title.split("; ") == [
        "broke,knee0,knee1,knee2",
        "knee0,knee2,knee1,broke",
        "knee1,knee2,knee0,broke",
        "knee1,knee2,knee0",
        "knee2",
        "1 of 4 shown",
    ]
