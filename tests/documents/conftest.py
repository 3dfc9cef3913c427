"""LibreOffice, which opens what we write: another program than the one that wrote it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

#: Opens files and writes each in another form into a folder: `libreoffice([path, …], "pdf", folder)`. `reading` names
#: the filter that reads them, where no window can ask.
Converter = Callable[..., list[Path]]


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Converter:
    """One start for all files of a call, since a start takes seconds. Without LibreOffice skipped, in CI a failure."""
    program = shutil.which("soffice")
    if program is None:
        reason = "no LibreOffice: install libreoffice-calc-nogui and libreoffice-writer-nogui"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    profile = tmp_path_factory.mktemp("libreoffice")

    def convert(files: Sequence[Path], to: str, folder: Path, *, reading: str = "") -> list[Path]:
        words = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        words += ["--convert-to", to, "--outdir", str(folder), *([f"--infilter={reading}"] if reading else [])]
        words += map(str, files)
        subprocess.run(words, check=True, capture_output=True, timeout=180)
        made = [folder / f"{path.stem}.{to.partition(':')[0]}" for path in files]
        assert [path for path in made if not path.is_file()] == []
        return made

    return convert
