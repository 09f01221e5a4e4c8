"""Files on disks of every kind: another one behind a link, one without locks, one that is not sure of itself."""

from __future__ import annotations

import errno
import os
import unicodedata
from pathlib import Path

import pytest
from KneeCartilageSegLib import files
from KneeCartilageSegLib.files import as_on_disk, atomic_path, first_file, move_into_place, why_no_file


@pytest.fixture
def other_disk(tmp_path, monkeypatch) -> Path:
    """A folder that files cannot be moved to, as if it were on another disk."""
    folder = tmp_path / "other disk"
    folder.mkdir()
    real = os.replace

    def replace(source, target):
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(source))
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    return folder


class TestOtherDisk:
    def test_the_file_is_moved_all_the_same(self, tmp_path, other_disk):
        path, target = tmp_path / "mask.mha", other_disk / "mask.mha"
        path.write_bytes(b"new")
        target.write_bytes(b"old")
        (tmp_path / "link.mha").symlink_to(target)
        move_into_place(path, tmp_path / "link.mha")
        assert target.read_bytes() == b"new"
        assert (tmp_path / "link.mha").is_symlink()
        assert not path.exists()
        assert os.listdir(other_disk) == ["mask.mha"]

    def test_when_it_is_full_both_files_are_as_they_were(self, tmp_path, other_disk, monkeypatch):
        path, target = tmp_path / "mask.mha", other_disk / "mask.mha"
        path.write_bytes(b"new")
        target.write_bytes(b"old")

        def full(source, copy):
            Path(copy).write_bytes(b"n")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(copy))

        monkeypatch.setattr(files.shutil, "copyfile", full)
        with pytest.raises(OSError, match="No space left"):
            move_into_place(path, target)
        assert (path.read_bytes(), target.read_bytes()) == (b"new", b"old")
        assert os.listdir(other_disk) == ["mask.mha"]


class TestUncertainDisk:
    @pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP])
    def test_a_disk_that_cannot_say_when_files_are_safe(self, tmp_path, monkeypatch, caplog, number):
        def refuse(handle):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", refuse)
        for name in ("a.txt", "b.txt"):
            with atomic_path(tmp_path / name) as temporary:
                temporary.write_text(name)
        assert (tmp_path / "b.txt").read_text() == "b.txt"
        assert [record.message.split(":")[0] for record in caplog.records] == [
            f"the disk of '{tmp_path}' cannot say when a file is safe"
        ]

    def test_a_disk_that_fails_is_no_such_disk(self, tmp_path, monkeypatch):
        def fail(handle):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match=os.strerror(errno.EIO)), atomic_path(tmp_path / "a.txt") as temporary:
            temporary.write_text("a")
        assert os.listdir(tmp_path) == []


class TestNames:
    @pytest.mark.parametrize(("listed", "on_disk"), [("NFC", "NFD"), ("NFD", "NFC")])
    def test_composed_and_decomposed_characters_are_the_same(self, tmp_path, listed, on_disk):
        name = "M\u00fcller/kol\u00e1no.mha"
        path = tmp_path / unicodedata.normalize(on_disk, name)
        path.parent.mkdir()
        path.write_bytes(b"")
        found = first_file([tmp_path / "other.mha", tmp_path / unicodedata.normalize(listed, name)])
        assert found == path
        assert as_on_disk(tmp_path / "M\u00fcller" / "nothing.mha").name == "nothing.mha"

    def test_a_temporary_name_is_short_whatever_the_suffixes(self, tmp_path):
        target = tmp_path / ("knee" + 20 * ".2024-11-27" + ".csv")
        with atomic_path(target) as temporary:
            temporary.write_text("x")
            assert len(temporary.name) < 60
        assert target.read_text() == "x"

    def test_reasons_name_the_cause(self, tmp_path):
        (tmp_path / "folder").mkdir()
        assert why_no_file(tmp_path / "nothing.mha", "nothing there")[0] == "nothing there"
        assert "is a folder" in why_no_file(tmp_path / "folder", "")[0]
        assert "prepare" in why_no_file(tmp_path / "folder", "")[1]
        assert "Shorten" in why_no_file(tmp_path / ("k" * 300), "")[1]
        assert "refuses the name" in why_no_file(tmp_path / "a\0b.mha", "")[0]
        if hasattr(os, "mkfifo"):
            os.mkfifo(tmp_path / "pipe.mha")
            assert "no file that can be read" in why_no_file(tmp_path / "pipe.mha", "")[0]
