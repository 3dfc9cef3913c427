"""The lock, the environment made from it, and the script that makes it."""

import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

import run

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The later rooms are named already, so that no library takes their place unseen.
OUR_PACKAGES = ("states", "models", "flows", "notifications", "documents", "web", "cli", "tests", "run")


def locked() -> dict[str, str]:
    """The requirements of the lock for this Python: each name with its version, marker and hashes as written."""
    found = {}
    for line in lines_of_the_lock():
        _, _, rest = line.partition(" ; ")
        marker = rest.split(" --hash")[0].strip()
        # A library may need another version on another Python; what other systems need beside it is listed too.
        if "python_full_version" not in marker or Marker(marker).evaluate():
            found[re.split(r"[=\s]", line)[0]] = line
    return found


def lines_of_the_lock() -> list[str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("package", OUR_PACKAGES)
def test_package_of_ours_is_shipped_by_nobody_else(package: str) -> None:
    shipped_by = set(metadata.packages_distributions().get(package, []))

    assert shipped_by - {"dean"} == set()


def test_lock_has_a_version_and_a_hash_for_every_requirement() -> None:
    requirement = re.compile(r"[a-z0-9-]+==[0-9][\w.]*( ; [^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")

    unpinned = [line[:40] for line in lines_of_the_lock() if not requirement.fullmatch(line)]

    assert unpinned == []


def test_lock_names_no_address_and_no_path() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    addresses = re.findall(r".*(?:://| @ |--index|--extra-index|--find-links|--trusted-host|(?:^|\s)/).*", text)

    assert addresses == []


def test_lock_satisfies_every_requirement_of_the_project() -> None:
    wanted = [Requirement(each) for each in PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]]
    versions = {name: line.split("==")[1].split()[0] for name, line in locked().items()}

    unmet = [str(each) for each in wanted if versions.get(canonical(each.name), "") not in each.specifier]

    assert unmet == []


def test_environment_holds_exactly_the_locked_versions() -> None:
    versions = {name: line.split("==")[1].split()[0] for name, line in locked().items()}
    installed = {canonical(each.name): each.version for each in metadata.distributions()}
    brought_by_python = {"dean", "pip", "setuptools"}

    strange = {name: version for name, version in installed.items() if versions.get(name) != version}

    assert set(strange) - brought_by_python == set()


@pytest.mark.slow
def test_server_of_prefect_starts_with_the_locked_versions(tmp_path: Path) -> None:
    """A resolve that takes a newer FastAPI installs without complaint and breaks the server at its import."""
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path), "DO_NOT_TRACK": "1"}

    server = subprocess.run(
        [sys.executable, "-c", "import prefect.server.api.server"], env=environment, capture_output=True, text=True
    )

    assert (server.returncode, server.stderr) == (0, "")


def test_script_cuts_uv_out_of_the_lock_with_all_its_hashes() -> None:
    cut = run.locked_lines("uv")

    assert re.sub(r"\s+", " ", cut.replace("\\\n", " ")).strip() == re.sub(r"\s+", " ", locked()["uv"]).strip()


def test_script_refuses_to_cut_out_what_the_lock_does_not_name() -> None:
    with pytest.raises(run.Failed) as failed:
        run.locked_lines("no-such-package")

    assert failed.value.args == (
        "requirements.lock không có gói no-such-package (no-such-package is missing from requirements.lock)",
    )


@pytest.mark.parametrize("code", [0, 1, 7])
def test_script_hands_on_the_exit_code_of_a_command(code: int) -> None:
    assert run.call(sys.executable, "-c", f"raise SystemExit({code})") == code


@pytest.mark.skipif(os.name == "nt", reason="Windows has no exit by signal")
def test_script_reports_a_killed_command_as_shells_do() -> None:
    assert run.call(sys.executable, "-c", "import os; os.kill(os.getpid(), 15)") == 128 + 15


def test_script_refuses_an_unknown_command() -> None:
    answer = subprocess.run(
        [sys.executable, ROOT / "run.py", "no-such-command"], capture_output=True, text=True, encoding="utf-8"
    )

    assert answer.returncode == 2
    assert answer.stderr.startswith("Không có lệnh “no-such-command”; hãy dùng một trong: run, setup, test,")


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_script_names_the_versions_it_runs_on(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(run.Failed) as failed:
        run.use_a_supported_python()

    said = str(failed.value).splitlines()[0]
    assert said.startswith(f"Cần Python 3.11, 3.12 hoặc 3.13; máy này đang dùng {'.'.join(map(str, version))}.")
