"""What is installed is complete, importable everywhere it must be, and described as the Extensions Index demands."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse

import KneeCartilageSegLib
import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "KneeCartilageSeg" / "KneeCartilageSegLib"
CMAKE_STANDIN = ROOT / "Testing" / "cmake-standin"

# The one subpackage that may use Slicer, vtk and Qt
SLICER_SUBPACKAGE = "slicer_support"
SLICER_PACKAGES = {"slicer", "qt", "ctk", "vtk", "vtkmodules"}
OPTIONAL_PACKAGES = {"pandas", "matplotlib", "itk", "pydicom"}
TYPE_CHECKING = {"TYPE_CHECKING", "typing.TYPE_CHECKING"}

INSTALLED_SUFFIXES = {".py", ".typed", ".ui", ".png", ".txt", ".md", ".svg", ".css", ".js"}
BINARY_SUFFIXES = {".png", ".jpg", ".mha", ".nrrd", ".gz"}


# ---------------------------------------------------------------------------------------------------------------------
# The tree as git and CMake see it


def source_files() -> list[Path]:
    """Files of the project, relative to ROOT: what git tracks or would track; without git, all but what tools leave."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if not _left_by_tools(path)]
    return sorted(Path(name) for name in listed if name and (ROOT / name).is_file())


def _left_by_tools(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    hidden = any(part.startswith(".") for part in parts[:-1])
    return hidden or any(
        part in {"__pycache__", "build", "demo", "dist"} or part.endswith(".egg-info") for part in parts
    )


def cmake_variables(cmake_file: Path) -> dict[str, list[str]]:
    """The values of every ``set(NAME value...)``, with the variables that the same file set before put in."""
    text = re.sub(r'("[^"]*")|#[^\n]*', lambda match: match.group(1) or "", cmake_file.read_text(encoding="utf-8"))
    variables: dict[str, list[str]] = {}
    for name, body in re.findall(r"\bset\(\s*(\w+)([^)\"]*(?:\"[^\"]*\"[^)\"]*)*)\)", text):
        values = [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^\s"]+)', body)]
        variables[name] = [_expand(value, variables) for value in values]
    return variables


def _expand(value: str, variables: dict[str, list[str]]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda match: ";".join(variables.get(match.group(1), [match.group(0)])), value)


def modules() -> list[str]:
    """The module folders that the extension's CMakeLists.txt adds."""
    added = re.findall(r"^add_subdirectory\((\w+)\)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"), re.M)
    return [name for name in added if name != "Testing"]


def listed_files(module: str) -> list[str]:
    variables = cmake_variables(ROOT / module / "CMakeLists.txt")
    return variables["MODULE_PYTHON_SCRIPTS"] + variables["MODULE_PYTHON_RESOURCES"]


# ---------------------------------------------------------------------------------------------------------------------
# Everything is installed


def test_cmake_parser_reads_quotes_comments_and_variables(tmp_path):
    cmake_file = tmp_path / "CMakeLists.txt"
    cmake_file.write_text(
        'set(NAME Knee) # set(NAME wrong)\nset(FILES\n  ${NAME}.py\n  "a b (c).txt" # no\n  d.png\n  )\n'
    )
    assert cmake_variables(cmake_file) == {"NAME": ["Knee"], "FILES": ["Knee.py", "a b (c).txt", "d.png"]}


def test_every_module_folder_is_added():
    folders = {path.parent.as_posix() for path in source_files() if path.name == "CMakeLists.txt"}
    assert set(modules()) == folders - {".", "Testing"}
    assert "KneeCartilageSeg" in modules()


@pytest.mark.parametrize("module", modules())
def test_cmake_lists_every_file_of_the_module_once(module):
    below_module = [path.relative_to(module).as_posix() for path in source_files() if path.parts[0] == module]
    installed = [name for name in below_module if Path(name).suffix in INSTALLED_SUFFIXES and name != "CMakeLists.txt"]
    listed = listed_files(module)
    assert sorted(set(installed) - set(listed)) == [], f"add them to {module}/CMakeLists.txt"
    assert sorted(set(listed) - set(installed)) == [], f"remove them from {module}/CMakeLists.txt"
    assert len(listed) == len(set(listed))


def test_modules_do_not_overwrite_each_other_in_the_flat_folder():
    names = [name for module in modules() for name in listed_files(module)]
    assert len(names) == len(set(names))


def test_every_folder_of_the_library_is_a_package():
    folders = {path.parent for path in LIBRARY.rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.fixture(scope="module")
def installed_modules(tmp_path_factory) -> Path:
    """The flat folder into which the extension's CMake files install all modules."""
    if not shutil.which("cmake") or not (shutil.which("c++") and shutil.which("make")):
        pytest.skip("needs cmake, make and a C++ compiler (Debian, Ubuntu: sudo apt-get install cmake make g++)")
    build, prefix = tmp_path_factory.mktemp("build"), tmp_path_factory.mktemp("installed")
    configure = ["cmake", "-S", ROOT, "-B", build, f"-DSlicer_DIR={CMAKE_STANDIN}", f"-DCMAKE_INSTALL_PREFIX={prefix}"]
    for command in (configure, ["cmake", "--install", build]):
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stdout + finished.stderr
    return prefix / "lib" / "Slicer-5.8" / "qt-scripted-modules"


def test_cmake_installs_all_modules_flat_in_one_folder(installed_modules):
    installed = {path.relative_to(installed_modules).as_posix() for path in installed_modules.rglob("*.*")}
    assert installed == {name for module in modules() for name in listed_files(module)}


def test_installed_library_is_importable_and_runs_nothing_at_import(installed_modules, tmp_path):
    """In a fresh process that may neither write, start a process nor connect, and has no optional package."""
    guarded_import = """
import importlib, pkgutil, sys

FORBIDDEN = {"subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "os.mkdir", "os.remove", "os.rename",
             "os.chdir", "os.putenv", "socket.connect", "tempfile.mkstemp", "tempfile.mkdtemp"}
folder, slicer_subpackage, *blocked = sys.argv[1:]

def guard(event, args):
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if event in FORBIDDEN or writes:
        raise RuntimeError(f"at import: {event} {args}")

# Only our own code is judged, not what its dependencies do when they are loaded.
import numpy, scipy.interpolate, scipy.linalg, scipy.ndimage, scipy.optimize, scipy.spatial, scipy.stats, SimpleITK
import asyncio, concurrent.futures, logging.handlers, multiprocessing.pool

sys.modules.update(dict.fromkeys(blocked))
sys.path.insert(0, folder)
package = importlib.import_module("KneeCartilageSegLib")
names = [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
sys.addaudithook(guard)
for name in names:
    if not name.endswith("__main__") and slicer_subpackage not in name.split("."):
        importlib.import_module(name)
        print(name)
"""
    blocked = sorted(SLICER_PACKAGES | OPTIONAL_PACKAGES)
    command = [sys.executable, "-B", "-c", guarded_import, installed_modules, SLICER_SUBPACKAGE, *blocked]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert finished.returncode == 0, finished.stderr
    assert "KneeCartilageSegLib.lists.imagelist" in finished.stdout.split()


# ---------------------------------------------------------------------------------------------------------------------
# The extension and the Python package are described


def test_extension_metadata_are_complete():
    metadata = cmake_variables(ROOT / "CMakeLists.txt")
    for key in ("HOMEPAGE", "CATEGORY", "CONTRIBUTORS", "DESCRIPTION", "ICONURL", "SCREENSHOTURLS"):
        assert len(metadata[f"EXTENSION_{key}"]) == 1, key
        assert metadata[f"EXTENSION_{key}"][0].strip(), key
    assert metadata["EXTENSION_DEPENDS"] == ["SlicerElastix"]
    # The index reads these with regular expressions: the project's name first, values in double quotes.
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    assert re.search(r"project\((\w+)", text).group(1) == "KneeCartilageSeg"
    assert re.search(r'set\(EXTENSION_ICONURL "[^"]+"\)', text)
    assert re.search(r'set\(EXTENSION_SCREENSHOTURLS "[^"]+"\)', text)


def test_extension_pictures_are_raw_files_of_this_repository():
    metadata = cmake_variables(ROOT / "CMakeLists.txt")
    owner_and_name = urlparse(metadata["EXTENSION_HOMEPAGE"][0]).path
    assert owner_and_name.endswith("/SlicerKneeCartilageSeg")
    for key in ("EXTENSION_ICONURL", "EXTENSION_SCREENSHOTURLS"):
        for url in metadata[key][0].split():
            parsed = urlparse(url)
            assert parsed.netloc == "raw.githubusercontent.com", url
            assert parsed.path.startswith(f"{owner_and_name}/main/"), url
            file = ROOT / parsed.path.removeprefix(f"{owner_and_name}/main/")
            assert file.suffix in {".png", ".jpg"}, url
            # Screenshots arrive with the modules' windows.
            assert file.is_file() or not (ROOT / "Screenshots").is_dir(), url
    assert metadata["EXTENSION_ICONURL"][0].endswith("/main/KneeCartilageSeg.png")


@pytest.mark.parametrize(
    "icon", [Path("KneeCartilageSeg.png"), *(Path(module, "Resources/Icons", f"{module}.png") for module in modules())]
)
def test_icons_are_128_pixels_square(icon):
    header = (ROOT / icon).read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", header[16:24]) == (128, 128)


def test_version_has_one_source():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "KneeCartilageSegLib.__version__"}
    try:
        installed_version = importlib.metadata.version(project["project"]["name"])
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("knee-cartilage-seg is not installed in this Python; `make test` installs it")
    assert installed_version == KneeCartilageSegLib.__version__


def test_console_script_exists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module, function = project["project"]["scripts"]["knee-cartilage-seg"].split(":")
    tree = ast.parse((ROOT / "KneeCartilageSeg" / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


# ---------------------------------------------------------------------------------------------------------------------
# The library's code runs in Slicer


def library_files() -> list[Path]:
    return sorted(LIBRARY.rglob("*.py"))


def file_id(path: Path) -> str:
    return path.relative_to(LIBRARY).as_posix()


def file_scope(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Statements that run when the file is imported, those in branches included, the bodies of functions not."""
    found = []
    for statement in statements:
        found.append(statement)
        if isinstance(statement, ast.If) and ast.unparse(statement.test) in TYPE_CHECKING:
            found.extend(file_scope(statement.orelse))
        elif isinstance(statement, (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.ClassDef)):
            handlers = getattr(statement, "handlers", [])
            blocks = [statement.body, *(handler.body for handler in handlers)]
            blocks += [getattr(statement, "orelse", []), getattr(statement, "finalbody", [])]
            found.extend(inner for block in blocks for inner in file_scope(block))
    return found


def imported_packages(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.Import):
        return {alias.name.split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.ImportFrom) and statement.level == 0:
        return {(statement.module or "").split(".")[0]}
    return set()


def test_file_scope_finds_imports_in_branches_but_not_in_functions():
    source = """
import a
if TYPE_CHECKING:
    import b
try:
    import c
except ImportError:
    from d.e import f
class G:
    import h
    def i(self):
        import j
"""
    found = {name for statement in file_scope(ast.parse(source).body) for name in imported_packages(statement)}
    assert found == {"a", "c", "d", "h"}


@pytest.mark.parametrize("path", library_files(), ids=file_id)
def test_file_scope_imports_nothing_optional(path):
    in_slicer = path.relative_to(LIBRARY).parts[0] == SLICER_SUBPACKAGE
    forbidden = OPTIONAL_PACKAGES if in_slicer else OPTIONAL_PACKAGES | SLICER_PACKAGES
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {name for statement in file_scope(tree.body) for name in imported_packages(statement)}
    assert imported & forbidden == set()


def runs_at_import(statements: list[ast.stmt]) -> list[int]:
    """Lines of statements other than imports, definitions, constants and docstrings; a platform may have its own."""
    allowed = (
        ast.Import,
        ast.ImportFrom,
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.Assign,
        ast.AnnAssign,
    )
    guards = {*TYPE_CHECKING, "__name__ == '__main__'"}
    lines = []
    for statement in statements:
        test = ast.unparse(statement.test) if isinstance(statement, ast.If) else ""
        if re.match(r"(os\.name|sys\.platform|sys\.version_info)\b", test):
            lines += runs_at_import([*statement.body, *statement.orelse])
        elif not (isinstance(statement, allowed) or is_documentation(statement) or test in guards):
            lines.append(statement.lineno)
    return lines


def is_documentation(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def test_runs_at_import_finds_calls_loops_and_branches():
    source = """'''Doc'''
import os
X = 1
if os.name == "nt":
    import msvcrt
    print(X)
for x in "ab":
    pass
if X:
    Y = 2
if __name__ == "__main__":
    print(X)
"""
    assert runs_at_import(ast.parse(source).body) == [6, 7, 9]


@pytest.mark.parametrize("path", library_files(), ids=file_id)
def test_file_scope_only_defines(path):
    assert runs_at_import(ast.parse(path.read_text(encoding="utf-8")).body) == []


@pytest.mark.parametrize("path", library_files(), ids=file_id)
def test_syntax_is_that_of_python_39(path):
    ast.parse(path.read_text(encoding="utf-8"), filename=str(path), feature_version=(3, 9))


def python_39() -> str | None:
    """A Python 3.9 that starts: on PATH (where pyenv may have a shim that does not) or among pyenv's versions."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for candidate in [shutil.which("python3.9"), *map(str, sorted(pyenv.glob("3.9*/bin/python3.9")))]:
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return candidate
    return None


def test_library_compiles_with_python_39():
    python = python_39()
    if python is None:
        pytest.skip("no Python 3.9 on this machine")
    compile_only = "import sys; [compile(open(name, encoding='utf-8').read(), name, 'exec') for name in sys.argv[1:]]"
    command = [python, "-W", "error", "-c", compile_only, *map(str, library_files())]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


# ---------------------------------------------------------------------------------------------------------------------
# The repository


def test_text_files_have_unix_line_ends():
    text_files = [path for path in source_files() if path.suffix not in BINARY_SUFFIXES]
    assert [str(path) for path in text_files if b"\r" in (ROOT / path).read_bytes()] == []


def test_scripts_are_executable():
    assert [name for name in (".ci/run", ".ci/bootstrap") if not os.access(ROOT / name, os.X_OK)] == []


@pytest.mark.parametrize(
    ("python", "expected"), [("/nowhere/python", "PYTHON=/nowhere/python"), ("3.8", "3.13 3.12 3.11 3.10")]
)
def test_bootstrap_refuses_an_unsuitable_python(tmp_path, python, expected):
    """In a copy of the tree whose path has a space; nothing may be left behind."""
    copy = tmp_path / "my copy"
    for name in (".ci/bootstrap", "pyproject.toml", "KneeCartilageSeg/KneeCartilageSegLib/__init__.py"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    environment = {**os.environ, "PYTHON": python}
    finished = subprocess.run(
        [copy / ".ci/bootstrap", "demo"], env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 1
    assert expected in finished.stderr
    assert not (copy / ".venv").exists()
