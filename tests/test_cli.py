import subprocess
import sys
from pathlib import Path

import pytest

from analysis.cli import main


def test_help_is_quick_to_import_and_names_every_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["analysis", "--help"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("sample", "check", "build"))


def test_the_command_line_does_not_load_the_data_libraries_before_it_needs_them() -> None:
    heavy = ("pandas", "sklearn", "matplotlib", "papermill")
    code = f"import sys, analysis.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    # check reads and looks back over the history, but shows no interval and fits no model
    code = "import sys, analysis.edition.lookback, analysis.edition.register, analysis.extracts; "
    code += "print('scipy' in sys.modules or 'sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_sample_is_not_written_over_other_files(tmp_path, capsys, monkeypatch) -> None:
    (tmp_path / "mine.csv").write_text("a;b\n")
    monkeypatch.setattr("sys.argv", ["analysis", "sample", str(tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "holds other files" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv"]
    monkeypatch.setattr("sys.argv", ["analysis", "sample", str(tmp_path / "mine.csv")])
    with pytest.raises(SystemExit):
        main()
    assert "mine.csv is a file; choose a folder" in capsys.readouterr().err


def test_the_plan_is_printed_as_it_is_reviewed(capsys) -> None:
    from analysis.cli import app

    app(["plan"], standalone_mode=False)
    held = (Path(__file__).parents[1] / "docs" / "publishing-plan.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == held


def test_check_makes_no_key_and_a_quarantine_wants_one_that_is_kept(tmp_path, capsys, monkeypatch) -> None:
    from tests.extracts.town import ANNA, BO, FACTS, STAFF, lines, write

    for name in ("ANALYSIS_PSEUDONYM_KEY", "ANALYSIS_PSEUDONYM_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "town", FACTS + STAFF, {"staff.csv": lines(ANNA, BO, BO.replace("0.75", "7"))})

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["analysis", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out + said.err

    assert "staff.csv" in run("check", "town")[1]
    assert not (tmp_path / "config").exists()
    code, said = run("check", "town", "--quarantine", "out")
    assert code == 2
    assert "analysis key --create" in said
    assert run("key")[0] == 2
    code, said = run("key", "--create")
    assert code == 0
    assert run("key")[1] == said
    run("check", "town", "--quarantine", "out")
    (file,) = (tmp_path / "out").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
