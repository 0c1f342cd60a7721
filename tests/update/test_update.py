"""Tests that a service of the previous release takes today's template and loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.update import history, team
from tests.update.services import MARKER, Service
from tests.update.team import EDITS
from tests.variants.rendering import SOURCE
from tests.variants.sheets import Sheet, code_options, questions

pytestmark = pytest.mark.update

REVISION = "migrations/versions/6bb2a2a7ef41_notes.py"
BEGIN = "HEAD~2"  # of `before`: what cruft made


def touched(service: Service) -> set[str]:
    """The template's files that the team has changed, and that the service has."""
    return {name for name in EDITS if (service.folder / name).exists()}


def test_a_clone_that_ends_too_early_says_what_to_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "RELEASE", "0" * 40)
    with pytest.raises(history.ReleaseMissingError, match="git fetch --unshallow"):
        history.released("log")


def test_cruft_tells_that_there_is_news_and_when_it_was_taken(
    before: Service, updated: Service
) -> None:
    assert before.cruft("check").returncode == 1
    assert updated.cruft("check").returncode == 0


def test_what_nobody_changed_is_today_s(updated: Service, fresh: dict[str, bytes]) -> None:
    files = updated.files()
    for name in fresh.keys() - touched(updated) - {team.DELETED}:
        assert files.get(name) == fresh[name], name


def test_what_the_template_or_the_team_gave_up_is_gone(
    updated: Service, before: Service, fresh: dict[str, bytes]
) -> None:
    of_the_team = {*team.notes(before), REVISION}
    assert updated.files().keys() == (fresh.keys() - {team.DELETED}) | of_the_team


def test_what_the_team_added_is_there_to_the_byte(updated: Service, before: Service) -> None:
    for name, text in team.notes(before).items():
        assert updated.text(name) == text
    assert updated.text(REVISION) == team.REVISION
    assert updated.text(".env") == "LOG_LEVEL=debug\n"


def test_what_both_have_changed_holds_the_lines_of_both(
    updated: Service, before: Service, fresh: dict[str, bytes]
) -> None:
    for name in touched(updated):
        untouched = set(before.git("show", f"{BEGIN}:{name}"))
        ours = set(before.text(name).splitlines())
        theirs = set(fresh[name].decode().splitlines())
        expected = (ours - untouched) | (theirs - (untouched - ours))
        assert expected <= set(updated.text(name).splitlines()), name


def test_a_conflict_is_git_s_own_and_stands_where_both_have_changed_a_line(
    updated: Service,
) -> None:
    conflicts = set(updated.conflicts())
    assert "src/app/main.py" in conflicts
    assert conflicts <= touched(updated)
    assert all(MARKER.search(updated.text(name)) for name in conflicts)
    assert not [name for name in updated.files() if name.endswith(".rej")]


def test_a_new_question_is_answered_by_its_default(updated: Service, old_sheet: Sheet) -> None:
    options = code_options(questions())
    defaults = {name: values[0] for name, values in options.items()}
    answers = updated.answers()
    assert {name: answers[name] for name in options} == {**defaults, **old_sheet}


def test_a_diff_shows_the_team_s_changes_alone(decided: Service) -> None:
    assert set(decided.shown()) == touched(decided)


def test_a_new_feature_of_the_template_does_not_meet_those_of_a_team(tmp_path: Path) -> None:
    listed = (SOURCE / "src/app/main.py").read_text("utf-8")
    end = "    # Yours follow here.\n"
    versions = {
        "team": listed.replace(end, f"{end}    notes,\n"),
        "today": listed,
        "news": listed.replace(end, f"    billing,\n{end}"),
    }
    for name, text in versions.items():
        (tmp_path / name).write_text(text, "utf-8", newline="\n")
    merged = history.git(tmp_path, "merge-file", "-p", *versions).decode()
    assert f"    billing,\n{end}    notes,\n" in merged
