"""Imports go downwards only, heavy libraries stay with their one adapter, and light commands stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import assistant

ROOT = Path(assistant.__file__).parent
# Each rung imports only from the rungs above it in this table; modules on one rung do not import each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("records", "errors", "paths", "mapping"),
    (
        "engine",
        "segments",
        "patterns",
        "cues",
        "files",
        "answers",
        "gguf",
        "encoder",
        "chat_template",
        "facts",
        "diff",
        "cores",
    ),
    ("library", "lint", "names", "models", "brief", "decoding", "grounding", "recode", "wire"),
    ("letter", "prompting", "private", "voice", "prepared", "warm", "rules"),
    ("reader_features",),
    ("reader_head",),
    ("reader_tuned",),
    ("people",),
    ("reading_kind",),
    ("reading",),
    ("phrasing", "writer"),
    ("llama", "embed", "score", "safe_edit", "check", "explain"),
    ("judge", "telling", "intake"),
    ("rewrite",),
    ("serve",),
    ("render", "document"),
    ("cli",),
)
HEAVY = {"torch", "llama_cpp", "numpy", "transformers", "sentence_transformers", "jinja2"}
ADAPTERS = {"llama_cpp": "llama_library", "sentence_transformers": "embed"}


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def family(path: Path) -> str:
    """The module's own name at the top of the package: `facts/numbers.py` and `facts.py` are both `facts`."""
    return path.relative_to(ROOT).with_suffix("").parts[0]


def place(name: str) -> tuple[int, str]:
    """Which rung, and whose name there: a module split off another (`lint_parts` off `lint`) stands with it."""
    for height, names in enumerate(LAYERS):
        for listed in names:
            if name == listed or name.startswith(f"{listed}_"):
                return height, listed
    raise AssertionError(f"assistant/{name} has no place in the table of layers in {Path(__file__).name}")


def imported(tree: ast.AST) -> set[str]:
    """Full names of all that is imported anywhere in a module, those of `from assistant import x` with the x."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_downwards(path: Path) -> None:
    me = family(path)
    if me == "__init__":
        return
    height, name = place(me)
    for full in imported(ast.parse(path.read_text(encoding="utf-8"))):
        parts = full.split(".")
        if parts[0] == "assistant" and len(parts) > 1:
            below, other = place(parts[1])
            assert other == name or below < height, f"{me} imports {parts[1]}, which does not stand below it"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_evaluation_is_reached_only_from_its_command(path: Path) -> None:
    names = {n.split(".")[0] for n in imported(ast.parse(path.read_text(encoding="utf-8")))}
    assert "eval" not in names or path == ROOT / "cli" / "evaluate.py"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_heavy_libraries_stay_with_their_adapter(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    anywhere = {n.split(".")[0] for n in imported(tree)}
    for library, adapter in ADAPTERS.items():
        assert library not in anywhere or family(path) == adapter
    at_the_top = {n.split(".")[0] for n in imported(ast.Module([s for s in tree.body if _runs(s)], []))}
    assert not at_the_top & HEAVY or family(path) in ADAPTERS.values()


def _runs(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.Try)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["rewrite", "--help"], ["check", "DRAFT"], ["check", "--json", "DRAFT"], ["kinds"]]
)
def test_light_commands_import_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("Hi Priya, I came across your profile. Any advice on getting into theatre lighting?")
    program = (
        "import sys\n"
        "from assistant.cli import main\n"
        "code = main(sys.argv[1:])\n"
        f"print('HEAVY', sorted(set(sys.modules) & {HEAVY!r}), code)\n"
    )
    command = [sys.executable, "-c", program, *(str(draft) if a == "DRAFT" else a for a in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] in ("HEAVY [] 0", "HEAVY [] 1"), done.stdout + done.stderr


# What the command line itself is made of; `completion` names the variable that a shell asks with.
COMMAND_LINE = {"errors", "cli", "cli.app", "cli.common", "cli.completion"}


@pytest.mark.parametrize(
    ("command", "own"), [((), set()), (("rewrite",), {"cli.rewrite", "cli.brief", "cli.pipeline"})]
)
def test_a_command_loads_no_other_and_its_help_no_data(command: tuple[str, ...], own: set[str]) -> None:
    program = "import sys; from assistant.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    arguments = [sys.executable, "-c", program, *command, "--help"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("assistant.") for name in done.stderr.split() if name.startswith("assistant.")}
    assert loaded == COMMAND_LINE | own
