"""The way in on a machine that has only Python: makes .venv from the hashed lock, then runs, tests or checks.

`python3 run.py` runs the demonstration; `python3 run.py --help` names the other commands. Standard library
only, because this file runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PYPROJECT = ROOT / "pyproject.toml"
# Written last; a .venv without it is the remains of an installation that was cut short.
STAMP = VENV / "installed-from.txt"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = BIN / f"python{SUFFIX}"
# Where `dean up` opens the pages.
DESK = "http://127.0.0.1:8321"
# Newest first: the one that is taken when the Python that started this file is too old or too new.
SUPPORTED = ((3, 13), (3, 12), (3, 11))

WRONG_PYTHON = """\
Cần Python 3.11, 3.12 hoặc 3.13; máy này đang dùng {version}. Hãy cài một trong các bản đó rồi chạy lại.
Python 3.11, 3.12 or 3.13 is needed; this is {version}. Install one of them and run this again."""
NO_VENV = """\
Python này không tạo được môi trường ảo. Trên Debian/Ubuntu: apt-get install python3-venv, rồi chạy lại.
This Python cannot make a virtual environment. On Debian/Ubuntu: apt-get install python3-venv, then run again."""
NO_INSTALL = """\
Không cài được các gói trong requirements.lock: hãy kiểm tra kết nối mạng hoặc máy chủ gói, rồi chạy lại.
The packages in requirements.lock could not be installed: check the network or package index, then run again."""
NO_POSTGRES = """\
Không có PostgreSQL trên máy này nên các kiểm thử cần đến nó bị bỏ qua. Hãy cài gói postgresql, hoặc đặt
DEAN_TEST_POSTGRES_URL trỏ tới một máy chủ dùng cho kiểm thử, rồi chạy lại.
There is no PostgreSQL server on this machine, so the tests that need one are skipped (in CI they fail). Install
the package postgresql, or set DEAN_TEST_POSTGRES_URL to a server for tests, and run this again."""

NO_OFFICE = """\
Không có LibreOffice trên máy này nên các kiểm thử mở tệp Excel, Word bằng chương trình khác bị bỏ qua. Hãy cài
LibreOffice sao cho lệnh soffice chạy được, rồi chạy lại.
There is no LibreOffice on this machine, so the tests that open our files in another program are skipped (in CI they
fail). Install LibreOffice so that the command soffice is on the path, and run this again."""

NO_BROWSER = """\
Không có Chromium trên máy này nên các kiểm thử bằng trình duyệt bị bỏ qua. Hãy cài gói chromium (macOS, Windows:
cài Google Chrome), hoặc đặt DEAN_TEST_CHROMIUM là đường dẫn của chương trình đó, rồi chạy lại.
There is no Chromium on this machine, so the tests in a browser are skipped (in CI they fail). Install the package
chromium (macOS, Windows: Google Chrome), or set DEAN_TEST_CHROMIUM to its program, and run this again."""

# One line per check of `run.py check`: what it is called, and the command (run from the root of the project).
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy", "--strict")),
    ("imports", ("lint-imports",)),
    ("readme", ("python", "-m", "cli.readme", "--check")),
)


class Failed(Exception):
    """Something outside this program said no; the text is for the person at the keyboard."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def call(*command: str | Path, quiet: bool = False) -> int:
    """Run a command from the root of the project with the caller's environment, and give its exit code.

    A signal that ended it is given as shells give it: 128 and its number.
    """
    sys.stdout.flush()
    output = subprocess.DEVNULL if quiet else None
    child = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=output, stderr=output)
    interrupted = False
    while child.returncode is None:
        try:
            child.wait()
        except KeyboardInterrupt:
            # The terminal has told the child too; it may have a transaction to undo or a summary to print.
            interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def tool(name: str) -> Path:
    return BIN / f"{name}{SUFFIX}"


# -- the environment ----------------------------------------------------------------------------------


def use_a_supported_python() -> None:
    """Carry on in this Python if it is supported, else start over in one that is, else raise Failed."""
    if sys.version_info[:2] in SUPPORTED:
        return
    for major, minor in SUPPORTED:
        other = shutil.which(f"python{major}.{minor}")
        # A shim may exist for a version that is not installed, so it is asked before it is trusted.
        if other and call(other, "-c", "", quiet=True) == 0:
            raise SystemExit(call(other, __file__, *sys.argv[1:]))
    raise Failed(WRONG_PYTHON.format(version=".".join(map(str, sys.version_info[:3]))))


def place() -> str:
    """Name where .venv belongs: it cannot be moved, and it dies with the Python that it was made by."""
    return _digest(f"{sys.version}\n{sys.base_prefix}\n{ROOT}".encode())


def stamp() -> str:
    return f"{place()}\n{_digest(LOCK.read_bytes() + PYPROJECT.read_bytes())}\n"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_stamp() -> str:
    return STAMP.read_text(encoding="utf-8") if PYTHON.exists() and STAMP.exists() else ""


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock file open and locked, so that two commands started together install once."""
    with LOCK.open("rb") as held:
        if sys.platform == "win32":
            import msvcrt

            # Locks on Windows are mandatory, so the locked byte lies far behind the text others read.
            held.seek(1 << 30)
            while True:
                try:
                    msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
                    break
                except OSError:
                    time.sleep(0.5)
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def setup() -> None:
    """Bring .venv to what the lock says; nothing happens when it is there already."""
    wanted = stamp()
    if read_stamp() == wanted:
        return
    with one_at_a_time():
        found = read_stamp()
        if found == wanted:
            return
        started = time.monotonic()
        say("Đang cài đặt vào .venv … (installing)")
        if not found.startswith(place()):
            make_venv()
        STAMP.unlink(missing_ok=True)
        if not install_with_uv():
            say("uv không dùng được ở đây; cài bằng pip (uv is of no use here; installing with pip)")
            # pip does not take away what the lock no longer names, so it starts from nothing.
            make_venv()
            install_with_pip()
        STAMP.write_text(wanted, encoding="utf-8")
        say(f"Đã cài đặt xong sau {time.monotonic() - started:.0f} giây (installed)")


def make_venv() -> None:
    STAMP.unlink(missing_ok=True)
    command = (sys.executable, "-m", "venv", "--clear", VENV)
    if call(*command, quiet=True) == 0:
        return
    # Debian keeps the part of Python that makes environments in a package of its own.
    if apt_install(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv") and call(*command) == 0:
        return
    raise Failed(NO_VENV)


def apt_install(*packages: str) -> bool:
    """Install Debian packages when this is Debian and we are root; False when they cannot be had."""
    if not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        return False
    if getattr(os, "geteuid", lambda: 1)() != 0:
        return False
    say(f"Đang cài gói {', '.join(packages)} của hệ điều hành … (installing system packages)")
    install = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends")
    # A fresh image has no package lists and an old one has stale ones; one update cures both.
    return call(*install, *packages, quiet=True) == 0 or (
        call("apt-get", "update", "-qq", quiet=True) == 0 and call(*install, *packages, quiet=True) == 0
    )


def install_with_uv() -> bool:
    """Install everything with the uv of the lock; False when uv cannot be had or cannot do it here.

    It cannot where a mirror is configured for pip alone: uv does not read pip's configuration.
    """
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.lock.txt"
        only_uv.write_text(locked_lines("uv"), encoding="utf-8")
        if not pip("--only-binary=:all:", "--require-hashes", "-r", only_uv):
            return False
    # pip has just put uv beside this Python; `python -m uv` finds it on every system.
    uv = (PYTHON, "-m", "uv", "pip")
    return (
        call(*uv, "sync", "--quiet", "--python", PYTHON, "--require-hashes", LOCK) == 0
        and call(
            *(*uv, "install", "--quiet", "--python", PYTHON),
            *("--offline", "--no-deps", "--no-build-isolation", "--editable", ROOT),
        )
        == 0
    )


def install_with_pip() -> None:
    if not (pip("--require-hashes", "-r", LOCK) and pip("--no-index", "--no-build-isolation", "--editable", ROOT)):
        raise Failed(NO_INSTALL)


def pip(*arguments: str | Path) -> bool:
    command = (PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps")
    return call(*command, *arguments) == 0


def locked_lines(name: str) -> str:
    """Cut one requirement, with its hashes, out of the lock."""
    found = re.search(
        rf"^{re.escape(name)}==[^\\\n]*(?:\\\n[^\\\n]*)*\n", LOCK.read_text(encoding="utf-8"), re.MULTILINE
    )
    if found is None:
        raise Failed(f"requirements.lock không có gói {name} ({name} is missing from requirements.lock)")
    return found[0]


def lock(arguments: Sequence[str]) -> int:
    """Remake requirements.lock from pyproject.toml: every platform, every Python we support, with hashes."""
    oldest = ".".join(map(str, SUPPORTED[-1]))
    code = call(
        *(PYTHON, "-m", "uv", "pip", "compile", "--quiet", PYPROJECT.name, "--group", "dev"),
        *("--universal", "--python-version", oldest, "--generate-hashes", "--no-annotate"),
        *("--no-emit-index-url", "--custom-compile-command", "python3 run.py lock"),
        *("--output-file", LOCK.name, *arguments),
    )
    if code == 0:
        setup()
    return code


# -- commands -----------------------------------------------------------------------------------------


def run_demo() -> int:
    """Show the night's report and the programme: of the office's register, or of a demonstration made first.

    At a terminal it then opens the pages and keeps everything running until Ctrl-C; a script gets its prompt back.
    """
    dean = tool("dean")
    own_register = "DEAN_DATABASE_URL" in os.environ or (ROOT / os.environ.get("DEAN_HOME", "var") / "dean.db").exists()
    made = 0 if own_register else call(dean, "demo", "--if-missing")
    failed = made or call(dean, "run", "nightly") or call(dean, "programme", "status") or how_to_go_on()
    return failed or (stay_up() if sys.stdin.isatty() and sys.stdout.isatty() else 0)


def stay_up() -> int:
    """Keep the pages and the schedules running; whoever presses Ctrl-C has got what they wanted."""
    say("")
    try:
        return call(tool("dean"), "up")
    except KeyboardInterrupt:
        return 0


def how_to_go_on() -> int:
    dean = Path(tool("dean"))
    short = dean.relative_to(ROOT) if dean.is_relative_to(ROOT) else dean
    say("")
    say("Đi tiếp (next):")
    for words in ("project list --stage underway", "why-not KC-VL-2025-018", "due --as-of 2026-01-20", "--help"):
        say(f"  {short} {words}")
    say("Trang làm việc trên trình duyệt (the pages, in a browser):")
    say(f"  {short} up    →  {DESK}")
    return 0


def test(arguments: Sequence[str]) -> int:
    """Run the tests, on every core unless the caller says how many."""
    find_or_install_postgres()
    find_or_install_browser()
    find_or_install_office()
    # Debuggers and single-process runs ask for the terminal themselves.
    chosen = any(re.match(r"-n|--numprocesses|--pdb|--trace|-s$|--dist|no:xdist", given) for given in arguments)
    # Tests of one group share a costly server, so they go to one worker.
    cores = [] if chosen else ["-n", str(os.cpu_count() or 1), "--dist", "loadgroup"]
    return call(PYTHON, "-m", "pytest", *cores, *arguments)


def check() -> int:
    """Run every check, also after one has failed, and name the ones that did."""
    failed = []
    for name, (program, *arguments) in CHECKS:
        say(f"── {name}")
        if call(tool(program), *arguments) != 0:
            failed.append(name)
    if failed:
        say(f"Chưa đạt (failed): {', '.join(failed)}")
        return 1
    say("Tất cả đều đạt (all checks passed)")
    return 0


def play(folder: str, arguments: Sequence[str]) -> int:
    """Run the program kept in a folder of tests/ (benchmarks, soak)."""
    if not (ROOT / "tests" / folder / "__main__.py").exists():
        raise Failed(f"Chưa có tests/{folder} (there is no tests/{folder} yet)")
    return call(PYTHON, "-m", f"tests.{folder}", *arguments)


def find_or_install_postgres() -> None:
    """Make sure that the tests find PostgreSQL's server programs; say so plainly when they cannot."""
    if os.environ.get("DEAN_TEST_POSTGRES_URL") or has_postgres():
        return
    apt_install("postgresql")
    if not has_postgres():
        say(NO_POSTGRES)


def has_postgres() -> bool:
    """Look where the tests look: where Debian keeps the server programs, and on the path."""
    return bool(glob.glob("/usr/lib/postgresql/*/bin/initdb") or shutil.which("initdb"))


def find_or_install_browser() -> None:
    """Make sure that the tests find a Chromium; say so plainly when they cannot."""
    if os.environ.get("DEAN_TEST_CHROMIUM") or has_browser():
        return
    apt_install("chromium")
    if not has_browser():
        say(NO_BROWSER)


def has_browser() -> bool:
    """Look where the tests look: on the path, under the names that systems give it."""
    return any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")))


def find_or_install_office() -> None:
    """Make sure that the tests find the LibreOffice that opens our files; say so plainly when they cannot."""
    if has_office():
        return
    apt_install("libreoffice-calc-nogui", "libreoffice-writer-nogui")
    if not has_office():
        say(NO_OFFICE)


def has_office() -> bool:
    """Look where the tests look: on the path."""
    return shutil.which("soffice") is not None


COMMANDS: dict[str, tuple[str, Callable[[Sequence[str]], int]]] = {
    "run": (
        "chạy dữ liệu minh họa, rồi mở trang làm việc và lịch chạy (the default: the demonstration)",
        lambda rest: run_demo(),
    ),
    "setup": ("tạo .venv và cài đặt (install only)", lambda rest: 0),
    "test": ("chạy kiểm thử; phần còn lại chuyển cho pytest (run the tests)", test),
    "check": (
        "kiểm tra định dạng, kiểu, quy tắc import (format, lint, types, imports, generated pages)",
        lambda rest: check(),
    ),
    "bench": ("đo hiệu năng (benchmarks)", lambda rest: play("bench", rest)),
    "soak": ("chạy bền (soak test)", lambda rest: play("soak", rest)),
    "lock": ("làm lại requirements.lock (remake the lock; --upgrade takes newer versions)", lock),
}


def main(arguments: Sequence[str]) -> int:
    name, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if name in ("-h", "--help", "help"):
        print("python3 run.py [command] …\n")
        for command, (meaning, _) in COMMANDS.items():
            print(f"  {command:<6} {meaning}")
        return 0
    if name not in COMMANDS:
        say(f"Không có lệnh “{name}”; hãy dùng một trong: {', '.join(COMMANDS)} (no such command)")
        return 2
    use_a_supported_python()
    setup()
    return COMMANDS[name][1](rest)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # A Windows console that is redirected would otherwise stop at the first Vietnamese letter.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        sys.exit(main(sys.argv[1:]))
    except Failed as failure:
        say(str(failure))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
