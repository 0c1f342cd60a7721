"""Tests that pages, also the service's, speak of files, sessions, tests and code that are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.variants.links import BLOCK, LINK, broken, prose
from tests.variants.rendering import SOURCE, TEMPLATE
from tests.variants.sheets import questions

README = TEMPLATE / "README.md"
TOUR = TEMPLATE / "docs" / "tour.md"
PAGES = sorted(
    page for root in (TEMPLATE, SOURCE) for page in [*root.glob("*.md"), *root.glob("docs/**/*.md")]
)
SESSION = re.compile(r"\bnox -s (\w+)")
TEST = re.compile(r"`(test_\w+)(?:\.py)?`")


def page_name(page: Path) -> str:
    """The page as a test's id."""
    return page.relative_to(TEMPLATE).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=page_name)
each_grid = pytest.mark.parametrize("page", [README, SOURCE / "README.md"], ids=page_name)


def cells(line: str) -> list[str]:
    """The cells of a table's row, which may carry a tag."""
    return [cell.strip() for cell in line.partition("<!--")[0].strip().strip("|").split("|")]


def table(page: Path, first_head: str) -> list[list[str]]:
    """The rows, heads first, of the table whose first column is so called."""
    lines = prose(page).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_head} "))
    end = next(number for number in range(start, len(lines)) if not lines[number].startswith("|"))
    heads, _, *rows = map(cells, lines[start:end])
    return [heads, *rows]


def sessions(page: Path) -> set[str]:
    """The names of the sessions that the page's readers have: the service's or the template's."""
    root = SOURCE if page.is_relative_to(SOURCE) else TEMPLATE
    body = ast.parse((root / "noxfile.py").read_text("utf-8")).body
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    return {
        function.name
        for function in functions
        if any(ast.unparse(each).startswith("nox.session") for each in function.decorator_list)
    }


def known_tests() -> set[str]:
    """The names of every test and test file, the template's and the service's."""
    files = [*TEMPLATE.glob("tests/**/test_*.py"), *SOURCE.glob("tests/**/test_*.py")]
    texts = [path.read_text("utf-8") for path in files]
    names = {name for text in texts for name in re.findall(r"def (test_\w+)\(", text)}
    return names | {path.stem for path in files}


@each_page
def test_a_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    assert not list(broken(page))


@each_page
def test_a_session_that_a_page_names_exists(page: Path) -> None:
    assert set(SESSION.findall(page.read_text("utf-8"))) <= sessions(page)


@each_page
def test_a_test_that_a_page_names_exists(page: Path) -> None:
    assert set(TEST.findall(prose(page))) <= known_tests()


def grid(page: Path) -> dict[tuple[str, str], str]:
    """The cells of a README's grid, by room and layer."""
    (_, *layers), *rows = table(page, "feature")
    return {
        (re.sub(r"\[([\w/]+)\].*", r"\1", name), layer): cell
        for name, *row in rows
        for layer, cell in zip(layers, row, strict=True)
    }


def rooms() -> list[str]:
    """The folders of the code that are a room of their own, such as `core/idempotency`."""
    app = SOURCE / "src" / "app"
    return [path.parent.relative_to(app).as_posix() for path in app.glob("*/**/__init__.py")]


def features() -> list[str]:
    """The rooms of the composition root's features, in its order."""
    main = (SOURCE / "src/app/main.py").read_text("utf-8")
    listed = re.findall(r"^FEATURES: .*?^\]", main, re.DOTALL | re.MULTILINE)
    names = re.findall(r"^    (\w+),", listed[0], re.MULTILINE)
    return [room for name in names for room in rooms() if Path(room).name == name]


@each_grid
def test_a_grid_shows_the_files_that_there_are_and_no_others(page: Path) -> None:
    for (room, layer), cell in grid(page).items():
        path = SOURCE / (f"tests/{room}" if layer == "tests" else f"src/app/{room}/{layer}.py")
        link = path.relative_to(page.parent).as_posix()
        assert cell == (f"[{layer}]({link})" if path.exists() else "-")


@each_grid
def test_a_grid_shows_the_features_in_their_order(page: Path) -> None:
    shown = dict.fromkeys(room for room, _ in grid(page))
    assert [room for room in shown if room in features()] == features()


def test_the_grid_shows_every_room() -> None:
    assert {room for room, _ in grid(README)} == set(rooms())


def test_the_questions_are_those_that_are_asked() -> None:
    asked = [name for name in questions() if not name.startswith("_")]
    named = [re.findall(r"`(\w+)`", row[0]) for row in table(README, "question")[1:]]
    assert [name for names in named for name in names] == asked


def quotes() -> Iterator[tuple[Path, str]]:
    """Each block of Python in the tour, with the file that is linked last above it."""
    text = TOUR.read_text("utf-8")
    for block in BLOCK.finditer(text):
        if block[1] == "python":
            *_, link = LINK.findall(text[: block.start()])
            yield TOUR.parent / link, block[2]


def test_the_tour_quotes_code_as_it_stands() -> None:
    quoted = list(quotes())
    assert quoted
    for path, code in quoted:
        assert code in path.read_text("utf-8"), f"{path.name} does not hold\n{code}"
