"""Files whose headers claim what cannot be, contradict themselves, or lie in a program with another locale."""

from __future__ import annotations

import gzip
import locale
import re
import resource
import shutil
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.images.files import extension_for, image_checksum, read_grid, read_image, write_image
from KneeCartilageSegLib.images.grid import Grid, doubtful_size

SIZE, SPACING, ORIGIN = (20, 18, 16), (0.5, 0.75, 1.25), (3.0, -40.0, 25.0)
ONE_FILE = (".mha", ".nrrd", ".nii", ".nii.gz")
TWO_FILES = {".mhd": ".raw", ".nhdr": ".raw", ".hdr": ".img"}


def image() -> sitk.Image:
    made = sitk.GetImageFromArray(np.random.default_rng(0).integers(0, 99, SIZE[::-1]).astype(np.int16))
    made.SetSpacing(SPACING)
    made.SetOrigin(ORIGIN)
    made.SetDirection(oblique(0.2, -0.1, 0.3))
    return made


def nifti(path: Path, *changes: tuple[str, int, tuple], compress: bool = False) -> Path:
    """A NIfTI file in which fields (struct format, offset, values) were changed; its axes are the patient's."""
    plain = image()
    plain.SetDirection(np.eye(3).ravel().tolist())
    sitk.WriteImage(plain, str(path.with_name("made.nii")))
    raw = bytearray(path.with_name("made.nii").read_bytes())
    for form, offset, values in changes:
        struct.pack_into(f"<{form}", raw, offset, *values)
    path.write_bytes(gzip.compress(bytes(raw)) if compress else bytes(raw))
    return path


def text_header(path: Path, **changes: str | None) -> Path:
    """A .mha or .nrrd file in which lines of the header were replaced, added, or (None) removed."""
    sitk.WriteImage(image(), str(path))
    separator = " = " if path.suffix == ".mha" else ": "
    last = b"ElementDataFile = LOCAL\n" if path.suffix == ".mha" else b"\n\n"
    head, rest = path.read_bytes().split(last, 1)
    lines = [line for line in head.decode().splitlines() if line.split(separator)[0].replace(" ", "_") not in changes]
    lines += [f"{key.replace('_', ' ')}{separator}{value}" for key, value in changes.items() if value is not None]
    path.write_bytes("\n".join(lines).encode() + (b"\n" if path.suffix == ".mha" else b"") + last + rest)
    return path


def refusal(path: Path) -> str:
    """Why a file is refused, by its header and when it is read: the same."""
    with pytest.raises(InputError) as by_header:
        read_grid(path)
    with pytest.raises(InputError) as by_reading:
        read_image(path)
    assert str(by_header.value) == str(by_reading.value)
    assert str(path) in str(by_header.value)
    return str(by_header.value)


@pytest.mark.parametrize("extension", [*ONE_FILE, *TWO_FILES])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("pixel_type", [sitk.sitkUInt8, sitk.sitkInt16, sitk.sitkInt64, sitk.sitkFloat64])
def test_whole_files_are_read_as_itk_reads_them(tmp_path, extension, compressed, pixel_type):
    path = tmp_path / f"knee{extension}"
    sitk.WriteImage(sitk.Cast(image(), pixel_type), str(path), compressed)
    read = read_image(path)
    assert np.array_equal(sitk.GetArrayFromImage(read), sitk.GetArrayFromImage(image()))
    assert Grid.of(read).coincides_with(Grid.of(image()))
    assert read_grid(path).coincides_with(Grid.of(image()))


class TestContradictions:
    """The distance at the corners is that of two frames which the test has made."""

    def distance(self, path: Path) -> float:
        found = re.search(r"disagree, by ([\d.]+) mm at the image's corners", refusal(path))
        assert found, refusal(path)
        return float(found[1])

    def test_qform_and_sform(self, tmp_path):
        path = nifti(tmp_path / "k.nii.gz", ("2h", 252, (1, 2)), ("f", 268, (-ORIGIN[0] + 12.0,)), compress=True)
        assert self.distance(path) == pytest.approx(12, rel=1e-2)

    def test_voxel_size_and_sform_where_there_is_no_qform(self, tmp_path):
        path = nifti(tmp_path / "k.nii", ("2h", 252, (0, 1)), ("f", 88, (2 * SPACING[2],)))
        assert self.distance(path) == pytest.approx(SPACING[2] * (SIZE[2] - 1), rel=1e-2)

    def test_handedness_of_the_qform(self, tmp_path):
        path = nifti(tmp_path / "k.nii", ("2h", 252, (1, 1)), ("f", 76, (-1.0,)))
        assert self.distance(path) == pytest.approx(2 * SPACING[2] * (SIZE[2] - 1), rel=1e-2)

    @pytest.mark.parametrize(
        ("name", "changes", "distance"),
        [
            ("k.mha", {"ElementSize": "0.5 0.75 3.25"}, 2 * 15),
            ("k.mha", {"Position": "3 -40 32"}, 7),
            ("k.mha", {"Rotation": "1 0 0 0 1 0 0 0 1", "TransformMatrix": "-1 0 0 0 1 0 0 0 1"}, 2 * 0.5 * 19),
            ("k.mha", {"TransformMatrix": "1 0 0 0 1 0 0 0 1", "AnatomicalOrientation": "LAI"}, 2 * 0.5 * 19),
            ("k.nrrd", {"spacings": "0.5 0.75 2.25"}, 15),
        ],
    )
    def test_text_headers(self, tmp_path, name, changes, distance):
        assert self.distance(text_header(tmp_path / name, **changes)) == pytest.approx(distance, rel=1e-2)

    @pytest.mark.parametrize("letters", ["RAI", "LPS", "???", ""])
    def test_letters_that_name_the_axes_either_way_or_not_at_all(self, tmp_path, letters):
        axes = "1 0 0 0 1 0 0 0 1"
        read_image(text_header(tmp_path / "k.mha", TransformMatrix=axes, AnatomicalOrientation=letters))

    def test_rounding_is_no_contradiction(self, tmp_path):
        read_image(nifti(tmp_path / "k.nii", ("2h", 252, (1, 2)), ("f", 268, (-ORIGIN[0] + 0.01,))))

    def test_shear_is_named_where_itk_cannot_read_it(self, tmp_path):
        path = nifti(tmp_path / "k.nii", ("2h", 252, (0, 2)), ("f", 284, (0.01,)))
        assert "sform are not perpendicular, by 0.764 degrees" in refusal(path)
        assert "Resample it" in refusal(path)


@pytest.mark.parametrize(
    ("name", "changes", "cause"),
    [
        ("k.mha", {"ElementSpacing": None}, "ElementSpacing"),
        ("k.mha", {"ElementSpacing": None, "ElementSpacng": "0.5 0.75 1.25"}, "'ElementSpacng' where 'ElementSpacing'"),
        ("k.mha", {"ElementSpacing": "0,5 0,75 1,25"}, "'0,5 0,75 1,25' is not 3 numbers"),
        ("k.mha", {"ElementSpacing": "0.5 0.75"}, "is not 3 numbers"),
        ("k.mha", {"ElementSpacing": "0.5 -0.75 1.25"}, "no voxel size"),
        ("k.mha", {"ElementSpacing": "nan nan nan"}, "is not 3 numbers"),
        ("k.mha", {"Offset": None, "Ofset": "3 -40 25"}, "'Ofset' where 'Offset'"),
        ("k.mha", {"TransformMatrix": "1 0 0 0 1 0 0 0 0"}, "gives the voxels no place"),
        ("k.mha", {"DimSize": "20 18 sixteen"}, "DimSize"),
        ("k.mha", {"ElementType": "MET_SHRT"}, "ElementType"),
        ("k.nrrd", {"space_directions": None}, "'spacings' is missing"),
        ("k.nrrd", {"space_directions": None, "space_directons": "(1,0,0)"}, "where 'space directions' is expected"),
        ("k.nrrd", {"space_directions": "(0,5,0,0) (0,1,0) (0,0,1)"}, "is not 3 numbers"),
        ("k.nrrd", {"space_directions": "(0,0,0) (0,1,0) (0,0,1)"}, "gives the voxels no place"),
        ("k.nrrd", {"space_units": '"um" "um" "um"'}, "units are 'um'"),
        ("k.nrrd", {"encoding": "bzip2"}, "'bzip2'"),
    ],
)
def test_damaged_text_headers_are_named(tmp_path, name, changes, cause):
    assert cause in refusal(text_header(tmp_path / name, **changes))


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (("f", 80, (0.0,)), "voxel size"),
        (("f", 84, (float("nan"),)), "voxel size"),
        (("f", 88, (-1.0,)), "voxel size"),
        (("h", 72, (32,)), "number of bits"),
        (("f", 108, (351.0,)), "start at byte 351"),
        (("h", 42, (-20,)), "size"),
        (("B", 123, (7,)), "unit of length"),
        (("4s", 344, (b"ni1x",)), "no NIfTI file"),
        (("i", 0, (540,)), "NIfTI-2"),
    ],
)
def test_damaged_nifti_headers_are_named(tmp_path, change, cause):
    assert cause in refusal(nifti(tmp_path / "k.nii", change))


def test_nifti_in_meters_is_read_in_millimeters(tmp_path):
    in_meters = [value / 1000 for value in SPACING]
    rows = [-in_meters[0], 0, 0, 0, 0, -in_meters[1], 0, 0, 0, 0, in_meters[2], 0]
    changes = [("3f", 80, in_meters), ("B", 123, (1,)), ("2h", 252, (0, 1)), ("12f", 280, rows)]
    assert read_grid(nifti(tmp_path / "k.nii", *changes)).spacing == pytest.approx(SPACING)


def test_texts_that_other_programs_add_are_none_of_our_business(tmp_path):
    made = sitk.ReadImage(str(nifti(tmp_path / "k.nii")))
    made.SetMetaData("0020|0032", "1\\2\\3")
    made.SetMetaData("comment", "two\nlines")
    sitk.WriteImage(made, str(tmp_path / "k.mha"))
    sitk.WriteImage(made, str(tmp_path / "k.nrrd"))
    for name in ("k.mha", "k.nrrd"):
        assert read_image(tmp_path / name).GetSize() == SIZE


class TestCompleteness:
    @pytest.mark.parametrize(("header", "voxels"), TWO_FILES.items())
    @pytest.mark.parametrize("kept", [0.0, 0.6, 0.99])
    def test_truncated_second_files(self, tmp_path, header, voxels, kept):
        path = tmp_path / f"knee{header}"
        sitk.WriteImage(image(), str(path))
        second = path.with_suffix(voxels)
        second.write_bytes(second.read_bytes()[: int(kept * second.stat().st_size)])
        assert f"'{second.name}' is shorter than its header says" in refusal(path)

    @pytest.mark.parametrize("header", [".mhd", ".nhdr"])
    def test_truncated_and_compressed_second_files(self, tmp_path, header):
        path = tmp_path / f"knee{header}"
        sitk.WriteImage(image(), str(path), True)
        (second,) = (other for other in tmp_path.iterdir() if other != path)
        second.write_bytes(second.read_bytes()[:-50])
        with pytest.raises(InputError, match="cannot be read as an image"):
            read_image(path)

    @pytest.mark.parametrize(("header", "voxels"), TWO_FILES.items())
    def test_missing_second_files(self, tmp_path, header, voxels):
        path = tmp_path / f"knee{header}"
        sitk.WriteImage(image(), str(path))
        path.with_suffix(voxels).unlink()
        assert "voxels are missing" in refusal(path)

    @pytest.mark.parametrize("extension", [".mha", ".nrrd"])
    def test_a_size_that_is_smaller_than_the_data(self, tmp_path, extension):
        key = {".mha": "DimSize", ".nrrd": "sizes"}[extension]
        path = text_header(tmp_path / f"k{extension}", **{key: "20 18 15"})
        with pytest.raises(InputError, match="720 bytes more than its header says"):
            read_image(path)

    def test_second_files_count_for_the_checksum(self, tmp_path):
        path = tmp_path / "knee.mhd"
        sitk.WriteImage(image(), str(path))
        before = image_checksum(path)
        content = bytearray(path.with_suffix(".raw").read_bytes())
        content[100] ^= 1
        path.with_suffix(".raw").write_bytes(content)
        assert image_checksum(path) != before

    @pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
    @pytest.mark.parametrize("size", ["2000 2000 2000", "99999 99999 99999", "1000 1000 500"])
    def test_impossible_sizes_are_refused_before_memory_is_asked_for(self, tmp_path, size):
        files = [text_header(tmp_path / "k.mha", DimSize=size), text_header(tmp_path / "k.nrrd", sizes=size)]
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        limits = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 28), limits[1]))
        try:
            reasons = [refusal(path) for path in files]
        finally:
            resource.setrlimit(resource.RLIMIT_AS, limits)
        assert all("its header" in reason for reason in reasons)


class TestNames:
    def test_not_compressed_but_named_so(self, tmp_path):
        path = nifti(tmp_path / "k.nii.gz")
        assert read_image(path).GetSize() == SIZE

    def test_compressed_but_not_named_so(self, tmp_path):
        assert "Let its name end in .nii.gz" in refusal(nifti(tmp_path / "k.nii", compress=True))

    @pytest.mark.parametrize(("name", "right"), [("k.mha", ".nrrd"), ("k.nrrd", ".mha"), ("k.nii", ".mha")])
    def test_another_format_than_the_name_says(self, tmp_path, name, right):
        sitk.WriteImage(image(), str(tmp_path / f"made{right}"))
        (tmp_path / f"made{right}").rename(tmp_path / name)
        assert f"Let its name end in {right}" in refusal(tmp_path / name)

    def test_formats_that_cannot_be_checked(self, tmp_path):
        sitk.WriteImage(image(), str(tmp_path / "k.vtk"))
        assert "nobody could tell whether it is complete" in refusal(tmp_path / "k.vtk")

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such names")
    def test_not_utf8(self, tmp_path):
        path = tmp_path / "M\udcfcller.mha"
        shutil.copyfile(text_header(tmp_path / "k.mha"), path)
        assert "not UTF-8" in refusal(path)
        with pytest.raises(InputError, match="not UTF-8"):
            write_image(image(), path)


class TestMaskLikeImage:
    def test_both_frames_of_a_mask_are_those_of_its_image(self, tmp_path):
        source = nifti(tmp_path / "k.nii.gz", ("2h", 252, (2, 4)), ("f", 268, (-ORIGIN[0] + 0.01,)), compress=True)
        read = read_image(source)
        for name in ("mask.nii.gz", "mask.nii"):
            write_image(read > 50, tmp_path / name, like=source)
            written = (tmp_path / name).read_bytes()
            header = gzip.decompress(written) if name.endswith("gz") else written
            wanted = gzip.decompress(source.read_bytes())
            assert header[252:328] == wanted[252:328]
            assert header[76:92] == wanted[76:92]
            mask = read_image(tmp_path / name)
            assert np.array_equal(sitk.GetArrayFromImage(mask), sitk.GetArrayFromImage(read) > 50)

    def test_an_image_without_frames_gets_a_mask_without_frames(self, tmp_path):
        source = nifti(tmp_path / "k.nii", ("2h", 252, (0, 0)))
        write_image(read_image(source) > 50, tmp_path / "mask.nii", like=source)
        assert (tmp_path / "mask.nii").read_bytes()[252:256] == bytes(4)

    def test_byte_order(self, tmp_path):
        made = nifti(tmp_path / "k.nii").read_bytes()
        swapped = bytearray(made)
        fields = [("i", 0), ("8h", 40), ("h", 70), ("h", 72), ("8f", 76), ("3f", 108), ("2h18f", 252)]
        for form, offset in fields:
            struct.pack_into(f">{form}", swapped, offset, *struct.unpack_from(f"<{form}", made, offset))
        swapped[352:] = np.frombuffer(made[352:], "<i2").astype(">i2").tobytes()
        source = tmp_path / "big.nii"
        source.write_bytes(swapped)
        write_image(read_image(source) > 50, tmp_path / "mask.nii", like=source)
        assert (tmp_path / "mask.nii").read_bytes()[252:328] == made[252:328]


class TestDoubtfulSize:
    @pytest.mark.parametrize("factor", [1e-3, 1e-1, 1e3, 1 / 0.365])
    def test_other_units_than_millimeters(self, factor):
        grid = Grid(np.array([384, 384, 160]), np.zeros(3), factor * np.array([0.365, 0.365, 0.7]), np.eye(3))
        assert "voxel size is probably" in doubtful_size(grid)

    def test_lost_voxel_size(self):
        assert "was probably lost" in doubtful_size(Grid(np.array([384, 384, 160]), np.zeros(3), np.ones(3), np.eye(3)))

    @pytest.mark.parametrize(
        ("size", "spacing"),
        [((384, 384, 160), (0.365, 0.365, 0.7)), ((512, 1024, 60), (0.5, 0.5, 3)), ((90, 60, 50), (0.5,) * 3)],
    )
    def test_knees_and_whole_legs(self, size, spacing):
        assert not doubtful_size(Grid(np.array(size), np.zeros(3), np.array(spacing), np.eye(3)))


@pytest.fixture
def decimal_comma(tmp_path, monkeypatch):
    """A program that has set a locale with a decimal comma."""
    if shutil.which("localedef") is None:
        pytest.skip("localedef is not installed")
    made = tmp_path / "locales"
    made.mkdir()
    subprocess.run(["localedef", "-f", "UTF-8", "-i", "de_DE", str(made / "de_DE.UTF-8")], check=False)
    monkeypatch.setenv("LOCPATH", str(made))
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
    except locale.Error:
        pytest.skip("no locale with a decimal comma can be made here")
    yield
    locale.setlocale(locale.LC_ALL, before)


@pytest.mark.parametrize("in_thread", [False, True])
def test_a_decimal_comma_of_the_program_changes_nothing(tmp_path, decimal_comma, in_thread):
    grids: list[Grid] = []

    def write_and_read():
        for extension in (*ONE_FILE, ".nhdr"):
            write_image(image(), tmp_path / f"k{extension}")
            grids.extend([Grid.of(read_image(tmp_path / f"k{extension}")), read_grid(tmp_path / f"k{extension}")])

    thread = threading.Thread(target=write_and_read) if in_thread else None
    thread.start() if thread else write_and_read()
    if thread:
        thread.join()
    assert len(grids) == 10
    assert all(grid.coincides_with(Grid.of(image())) for grid in grids)
    assert b"(0,5" not in (tmp_path / "k.nrrd").read_bytes()
    assert locale.localeconv()["decimal_point"] == ","


def test_a_format_that_holds_the_grid(tmp_path):
    straight, sheared = image(), image()
    sheared.SetDirection((1, 0, 0, 0, 1, 0.25, 0, 0, 1))
    assert [extension_for(straight, end) for end in ONE_FILE] == list(ONE_FILE)
    assert [extension_for(sheared, end) for end in ONE_FILE] == [".mha", ".nrrd", ".mha", ".mha"]
    with pytest.raises(InputError, match="not perpendicular.*Use .mha"):
        write_image(sheared, tmp_path / "k.nii")
