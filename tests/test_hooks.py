"""Tests what the hooks refuse and what they subtract, on templates small enough to read."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cookiecutter.exceptions import FailedHookException, OutputDirExistsException

from tests.conftest import MakesTemplate, tree
from tests.variants.rendering import render

BAD_SLUGS = {
    "": "is empty",
    ".": "U+002E FULL STOP",
    "../up": "U+002F SOLIDUS",
    "a/b": "U+002F SOLIDUS",
    "/tmp/absolute": "U+002F SOLIDUS",  # noqa: S108  a path that must not be made
    "a\\b": "U+005C REVERSE SOLIDUS",
    "c:drive": "U+003A COLON",
    "my_service": "U+005F LOW LINE",
    "My-service": "U+004D LATIN CAPITAL LETTER M",
    "my service": "U+0020 SPACE",
    "p\u0430y": "U+0430 CYRILLIC SMALL LETTER A",
    "p\u0131zza": "U+0131 LATIN SMALL LETTER DOTLESS I",
    "\uff53hop": "U+FF53 FULLWIDTH LATIN SMALL LETTER S",
    "\u0663shop": "U+0663 ARABIC-INDIC DIGIT THREE",
    "1st": "must start with a letter",
    "-shop": "must start with a letter",
    "shop-": "must start with a letter",
    "my--shop": "dashes must stand alone",
    "a" * 51: "has 51 characters, 50 are allowed",
    "a" * 300: "has 300 characters, 50 are allowed",
    "class": "is a Python keyword",
    "true": "is a Python keyword",
    "json": "is a module of Python's standard library",
    "uuid-utils": "is a package that the service installs",
    "fastapi": "is a package that the service installs",
    "con": "is a device name on Windows",
    "shop\nimport os": "U+000A",
    "shop\0": "U+0000",
}
BAD_TEXTS = {
    "   ": "is empty",
    'say "no"': 'holds "',
    "'; import os; '": "holds a quote '",
    "back\\slash": "holds \\",
    "two\nlines": r"holds '\n' (U+000A",
    "two\u2028lines": r"holds '\u2028' (U+2028 LINE SEPARATOR",
    "bell\a": r"holds '\x07' (U+0007",
    "\u202egnitirw": r"holds '\u202e' (U+202E RIGHT-TO-LEFT OVERRIDE",
    "{{ 7 * 7 }}": "holds {{",
    "{% raw %}x{% endraw %}": "holds {%",
    "x{# gone #}": "holds {#",
    "$(reboot)": "holds $(",
    "${HOME}": "holds ${",
    "`reboot`": "holds `",
    "Fast # feature: example": "holds # feature:",
    "x <!-- y": "holds <!--",
    "x" * 201: "has 201 characters, 200 are allowed",
}
NAMES = [
    "O'Brien & d'Arcy",
    "Zo\u00eb \u00c5ngstr\u00f6m",
    "L\u2019Atelier d\u2019\u00c9t\u00e9",
    "\u674e\u5c0f\u9f8d",
    "\u0645\u062d\u0645\u062f",
    "\U0001f469\u200d\U0001f4bb Ada",
    "100 % #1: <b>, a $5 {thing}",
]
QUESTIONS = ["project_name", "description", "author_name", "author_email"]


Refuses = Callable[..., str]


@pytest.fixture
def refused(
    small_template: MakesTemplate, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> Refuses:
    """Gives what the hook says about answers that it must refuse, leaving nothing behind."""
    template = small_template(_reserved=["fastapi", "uuid-utils"])
    out = tmp_path / "out"

    def refuse(**answers: str) -> str:
        with pytest.raises(FailedHookException):
            render(answers, out, template)
        assert set(tmp_path.iterdir()) == {template, out}
        assert list(out.iterdir()) == []
        return capfd.readouterr().err

    return refuse


@pytest.mark.parametrize(("slug", "why"), BAD_SLUGS.items())
def test_a_slug_that_could_not_be_a_name_is_refused(slug: str, why: str, refused: Refuses) -> None:
    said = refused(project_slug=slug)
    assert "project_slug: " in said
    assert why in said


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(("text", "why"), BAD_TEXTS.items())
def test_a_text_that_some_file_would_run_is_refused(
    question: str, text: str, why: str, refused: Refuses
) -> None:
    said = refused(**{"project_slug": "shop", question: text})
    assert f"{question}: {why}" in said


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@example.com", "A <a@example.com>"])
def test_an_address_that_would_make_the_metadata_invalid_is_refused(
    email: str, refused: Refuses
) -> None:
    assert "author_email: is not an e-mail address" in refused(author_email=email)


def test_every_bad_answer_is_named_at_once(refused: Refuses) -> None:
    bad = dict.fromkeys(QUESTIONS, "`x`") | {"project_slug": "Class/1"}
    said = refused(**bad)
    named = re.findall(r"^  - (\w+):", said, re.MULTILINE)
    assert set(named) == {"project_slug", *QUESTIONS}
    assert named.count("project_slug") == 2


def test_an_answer_that_is_broken_jinja_leaves_nothing_behind(
    small_template: MakesTemplate, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match="unexpected"):
        render({"author_name": "{{ oops"}, tmp_path / "out", small_template())
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_typed_at_the_prompts_is_refused_in_the_same_way(
    small_template: MakesTemplate, tmp_path: Path
) -> None:
    (out := tmp_path / "out").mkdir()
    typed = ["Shop", "a/b", "Sells {{ 7 * 7 }}", "Ada", "", "1", "1", "y", "n", "1", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "cookiecutter", "--default-config", str(small_template())],
        input="\n".join([*typed, ""]),
        capture_output=True,
        cwd=out,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode != 0
    assert "project_slug: holds '/'" in done.stderr
    assert "description: holds {{" in done.stderr
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_and_things_are_taken_as_they_are(
    name: str, small_template: MakesTemplate, tmp_path: Path
) -> None:
    template = small_template({"README.md": "{{ cookiecutter.author_name }}\n"})
    answers = {"project_name": name, "project_slug": "shop", "author_name": name}
    folder = render(answers, tmp_path / "out", template)
    assert (folder / "README.md").read_text("utf-8") == f"{name}\n"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("My Shop", "my-shop"),
        ("  My   (2nd) Shop!", "my-2nd-shop"),
        ("Caf\u00e9 Zo\u00eb", "cafe-zoe"),
    ],
)
def test_the_slug_is_derived_from_the_name(
    name: str, slug: str, small_template: MakesTemplate, tmp_path: Path
) -> None:
    assert render({"project_name": name}, tmp_path / "out", small_template()).name == slug


def test_rendering_over_an_existing_folder_fails_and_changes_nothing(
    small_template: MakesTemplate, tmp_path: Path
) -> None:
    template = small_template()
    folder = render({}, tmp_path / "out", template)
    (folder / "README.md").write_text("Mine.\n", "utf-8")
    before = tree(folder)
    with pytest.raises(OutputDirExistsException):
        render({}, tmp_path / "out", template)
    assert tree(folder) == before


def test_declined_features_take_their_paths_along_and_leave_no_empty_folder(
    small_template: MakesTemplate, tmp_path: Path
) -> None:
    template = small_template(
        {"app/a/x.py": "", "app/b.py": "", "deep/er/c.py": "", "main.py": "", "shared.py": ""},
        first=False,
        second=True,
        third=False,
        _features={
            "first": ["app/a", "app/b.py", "deep/er/c.py", "shared.py"],
            "second": ["shared.py"],
            "third": ["app/a/x.py"],
        },
    )
    folder = render({}, tmp_path / "out", template)
    assert {path.name for path in folder.rglob("*")} == {"main.py", "shared.py"}


def test_of_a_choice_only_the_chosen_paths_stay(
    small_template: MakesTemplate, tmp_path: Path
) -> None:
    template = small_template(
        {"github.yml": "", "gitlab.yml": "", "both.md": "", "README.md": ""},
        ci=["github", "gitlab", "none"],
        _features={"ci=github": ["github.yml", "both.md"], "ci=gitlab": ["gitlab.yml", "both.md"]},
    )
    assert set(tree(render({}, tmp_path / "1", template))) == {
        "github.yml",
        "both.md",
        "README.md",
    }
    assert set(tree(render({"ci": "none"}, tmp_path / "2", template))) == {"README.md"}


def test_a_chosen_overlay_takes_the_place_of_its_file_and_any_other_vanishes(
    small_template: MakesTemplate, tmp_path: Path
) -> None:
    template = small_template(
        {"codec.py": "default", "codec_b.py": "b", "codec_c.py": "c"},
        codec=["a", "b", "c"],
        _overlays={
            "codec=b": {"codec_b.py": "codec.py"},
            "codec=c": {"codec_c.py": "codec.py"},
        },
    )
    for answer, expected in (("a", b"default"), ("b", b"b"), ("c", b"c")):
        folder = render({"codec": answer}, tmp_path / answer, template)
        assert tree(folder) == {"codec.py": expected}


TAGGED = {
    "main.py": "from x import (\n    a,\n    b,\n    jobs,  # feature: jobs\n)\n",
    "project.toml": 'all = [\n    "a",\n    "b",\n    "jobs",  # feature: jobs\n]\n',
    "ci.yml": "jobs:\n  - a\n  - b\n  - jobs # feature: jobs\n",
    ".env.example": "A=1\nJOBS=1  # feature: jobs\n",
    "README.md": "| a |\n| b |\n| [jobs](jobs.md) | <!-- feature: jobs -->\n- c\n",
}


@pytest.mark.parametrize("name", TAGGED)
def test_a_tagged_line_stays_without_its_tag_or_goes(
    name: str, small_template: MakesTemplate, tmp_path: Path
) -> None:
    template = small_template(TAGGED, jobs=True, _features={"jobs": []})
    on = render({"jobs": True}, tmp_path / "on", template) / name
    off = render({"jobs": False}, tmp_path / "off", template) / name
    lines = TAGGED[name].splitlines(keepends=True)
    assert on.read_text("utf-8") == re.sub(r" +(#|<!--) feature: jobs( -->)?", "", TAGGED[name])
    assert off.read_text("utf-8") == "".join(line for line in lines if "feature:" not in line)


def test_a_tag_may_name_the_value_of_a_choice(
    small_template: MakesTemplate, tmp_path: Path
) -> None:
    template = small_template(
        {"a.txt": "1  # feature: codec=python-jose\n2  # feature: codec=pyjwt\n"},
        codec=["pyjwt", "python-jose"],
        _features={"codec=pyjwt": [], "codec=python-jose": []},
    )
    assert tree(render({}, tmp_path / "out", template)) == {"a.txt": b"2\n"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("docker", {"a.txt": b"0\n1\n2\n", "Dockerfile": b"", "compose.yaml": b""}),
        ("kubernetes", {"a.txt": b"0\n1\n", "Dockerfile": b""}),
        ("none", {"a.txt": b"0\n"}),
    ],
)
def test_a_key_may_name_several_values(
    answer: str, expected: dict[str, bytes], small_template: MakesTemplate, tmp_path: Path
) -> None:
    both, one = "deployment=docker,kubernetes", "deployment=docker"
    template = small_template(
        {
            "a.txt": f"0\n1  # feature: {both}\n2  # feature: {one}\n",
            "Dockerfile": "",
            "compose.yaml": "",
        },
        deployment=["docker", "kubernetes", "none"],
        _features={both: ["Dockerfile"], one: ["compose.yaml"]},
    )
    assert tree(render({"deployment": answer}, tmp_path / "out", template)) == expected


def test_what_only_looks_like_a_tag_is_left_alone(
    small_template: MakesTemplate, tmp_path: Path
) -> None:
    files = {
        "notes.md": b"Our best feature: jobs are quick # feature: unheard-of\n",
        "logo.png": b"\x89PNG\0 # feature: jobs\n\xff",
    }
    template = small_template(files, jobs=False, _features={"jobs": []})
    folder = render({}, tmp_path / "out", template)
    assert tree(folder) == files


def test_line_ends_are_lf_even_where_the_template_was_checked_out_with_others(
    small_template: MakesTemplate, tmp_path: Path
) -> None:
    template = small_template(
        {"a.py": "x = [\r\n    1,  # feature: jobs\r\n]\r\n"}, jobs=True, _features={"jobs": []}
    )
    assert tree(render({}, tmp_path / "out", template)) == {"a.py": b"x = [\n    1,\n]\n"}
