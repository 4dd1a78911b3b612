"""Which way imports run, and what stays unloaded until it is used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import aidledger

ROOT = Path(__file__).parent.parent
PACKAGES = ("aidledger", "extractors", "ledger", "reports")
# What each package may import of the others, by the longest prefix named.
ALLOWED = {
    "extractors": ("extractors", "ledger.figure"),
    "ledger": ("ledger",),
    "reports": ("reports", "ledger"),
    "aidledger": PACKAGES,
}
HEAVY = {
    "pandas", "numpy", "matplotlib", "openpyxl", "quantulum3", "sqlalchemy", "dask", "distributed",
    "fsspec", "pyarrow", "multiprocessing",
}  # fmt: skip


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, anywhere in it, with the names imported from them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, packages: tuple[str, ...]) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_run_one_way(package: str) -> None:
    files = sources(package)
    assert files
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files
        for module in imported(path)
        if within(module, PACKAGES) and not within(module, ALLOWED[package])
    ]
    assert not wrong


def test_the_direction_test_sees_an_import(tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text("def f():\n    from ledger import table\n    import aidledger.cli\n")
    assert list(imported(path)) == ["ledger.table", "aidledger.cli"]
    assert not within("ledger.table.to_frame", ALLOWED["extractors"])
    assert within("ledger.figure.Figure", ALLOWED["extractors"])


def test_every_package_is_in_the_distribution() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = set(tomllib.load(file)["tool"]["setuptools"]["packages"])
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for package in PACKAGES
        for path in (ROOT / package).rglob("__init__.py")
    }
    assert declared == {*found, "aidledger.examples"}


def test_every_file_that_is_no_module_is_in_the_distribution() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        globs = tomllib.load(file)["tool"]["setuptools"]["package-data"]
    declared = {
        path
        for package, patterns in globs.items()
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")).glob(pattern)
    }
    found = {
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    assert found == declared


def test_what_is_imported_is_declared_and_what_is_declared_is_used() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["scale"]]
    declared = {canonical(re.split(r"[\[<>=]", line)[0]) for line in lines}
    modules = {
        module.partition(".")[0]
        for package in PACKAGES
        for path in sources(package)
        for module in (*imported(path), *needed(path))
    }
    foreign = modules - set(PACKAGES) - sys.stdlib_module_names
    homes = packages_distributions()
    used = {canonical(homes[module][0]) for module in foreign}
    assert declared == used | {"lxml-html-clean"}  # which trafilatura needs and fails to declare


def needed(path: Path) -> list[str]:
    """The modules of an extra that a file asks for by name; see aidledger.engines.extra."""
    return re.findall(r'needed\("([\w.]+)"', path.read_text(encoding="utf-8"))


def canonical(distribution: str) -> str:
    return re.sub("[-_.]+", "-", distribution).lower()


def loaded_by(*arguments: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded at its end."""
    code = (
        "import atexit, sys\n"
        "def tell():\n"
        "    names = {name.partition('.')[0] for name in sys.modules}\n"
        "    sys.stderr.write('\\nLOADED ' + ' '.join(names))\n"
        "atexit.register(tell)\n"
        f"sys.argv = ['aidledger', *{list(arguments)!r}]\n"
        "import aidledger\n"
        "if len(sys.argv) > 1:\n"
        "    from aidledger.cli import main\n"
        "    main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("LOADED ")[2].split())


def test_importing_the_front_door_loads_nothing_heavy() -> None:
    assert not loaded_by() & {*HEAVY, "typer", "rich", "yaml"}


def test_help_loads_nothing_heavy() -> None:
    assert not loaded_by("--help") & {*HEAVY, "rich", "yaml"}


@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_extracting_loads_nothing_heavy(form: str) -> None:
    examples = ROOT / "examples" / "inbox"
    loaded = loaded_by("extract", str(examples), "--format", form)
    assert "extractors" in loaded
    assert not loaded & HEAVY


def test_every_public_name_is_there() -> None:
    for name in aidledger.__all__:
        assert getattr(aidledger, name) is not None
    assert set(aidledger.__all__) <= set(dir(aidledger))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        aidledger.nonsense  # type: ignore[attr-defined]  # noqa: B018


def test_the_names_are_those_of_their_homes() -> None:
    from extractors.readers.read import read
    from ledger.figure import Source

    assert aidledger.read is read
    assert aidledger.Document is aidledger.Source is Source
    assert callable(aidledger.ingest)  # not the module of the same name
