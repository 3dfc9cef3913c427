"""The command as a process of its own: exit codes, streams and their encoding."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def _run(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DEAN_")}
    return subprocess.run(
        [Path(sys.executable).with_name("dean"), *words],
        env=inherited | {"DEAN_HOME": str(home)} | environment,
        cwd=home,
        capture_output=True,
        check=False,
    )


def test_exit_codes_tell_done_refused_and_wrong_usage_apart(tmp_path: Path) -> None:
    done = _run(tmp_path, "words", "1,5 tỷ")
    refused = _run(tmp_path, "words", "1.5tr")
    usage = _run(tmp_path, "words")

    assert [ran.returncode for ran in (done, refused, usage)] == [0, 1, 2]
    assert done.stdout.decode() == "Một tỷ năm trăm triệu đồng\n"
    assert (refused.stdout, usage.stdout) == (b"", b"")


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_streams_are_utf_8_whatever_the_terminal_says(tmp_path: Path, environment: dict[str, str]) -> None:
    ran = _run(tmp_path, "words", "--json", "300tr", **environment)

    assert json.loads(ran.stdout.decode("utf-8")) == {"amount": 300_000_000, "words": "Ba trăm triệu đồng"}


def test_bytes_that_are_no_text_are_refused_without_a_traceback(tmp_path: Path) -> None:
    ran = _run(tmp_path, "words", os.fsdecode(b"300\xff"))

    assert ran.returncode == 1
    assert "không đọc được" in ran.stderr.decode("utf-8")
    assert b"Traceback" not in ran.stderr


def test_a_register_made_in_one_process_is_read_in_another(tmp_path: Path) -> None:
    made = _run(tmp_path, "init", "--admin", "giang", "--admin-name", "Bùi Trường Giang")
    again = _run(tmp_path, "init")
    listed = _run(tmp_path, "user", "list", "--json")

    assert [ran.returncode for ran in (made, again, listed)] == [0, 1, 0]
    assert [(row["code"], row["role"]) for row in json.loads(listed.stdout)] == [("giang", "administrator")]
    assert "dean không ghi đè" in again.stderr.decode()


def test_a_reader_that_stops_early_causes_no_traceback(tmp_path: Path) -> None:
    dean = Path(sys.executable).with_name("dean")

    ran = subprocess.run(
        ["/bin/sh", "-c", '"$0" lifecycle --json | true', str(dean)], capture_output=True, check=False, cwd=tmp_path
    )

    assert b"Traceback" not in ran.stderr
