"""Settings from the environment (prefix DEAN_) and `.env`, and the store and clock that doors make of them."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.schema import refuse_other_revision
from models.store import Store, open_store
from states.facts import OFFICE_TIME
from states.refusal import Refused


class Settings(BaseSettings):
    """What an administrator may set. `dean settings` prints each with its source and hides secrets."""

    model_config = SettingsConfigDict(env_prefix="DEAN_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path("var")
    database_url: SecretStr | None = None
    demo: bool = False
    today: date | None = None
    by: str | None = None
    smtp_url: SecretStr | None = None
    zalobot_url: SecretStr | None = None
    zalooa_url: SecretStr | None = None
    zalozns_url: SecretStr | None = None
    zalobot_webhook_secret: SecretStr | None = None
    zalooa_webhook_secret: SecretStr | None = None
    webhook_url: SecretStr | None = None
    webhook_private: str = ""
    secret_key_file: Path | None = None
    seal_key_file: Path | None = None
    notify_mode: Literal["off", "redirect", "live"] = "off"
    notify_redirect: str = ""
    operator_email: str = ""
    email_per_minute: int = 0
    messages_per_minute: int = 60
    base_url: str = "http://127.0.0.1:8321"
    paper_deputy: bool = False
    paper_section: str = "QLCN"
    web_hosts: str = ""
    metrics_token: SecretStr | None = None
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None

    @property
    def secret_key_path(self) -> Path:
        """Where the key of signed links lies: outside the database, so that a copy of it cannot write links."""
        return self.secret_key_file or self.home / "secret.key"

    @property
    def seal_key_path(self) -> Path:
        """Where the key of the seals lies. Keep a copy on paper: without it no seal can be checked again."""
        return self.seal_key_file or self.home / "seal.key"

    @property
    def office_database(self) -> Path:
        return self.home / "dean.db"

    @property
    def demonstration_database(self) -> Path:
        return self.home / "demo.db"


def choose_database(settings: Settings) -> tuple[str, Path]:
    """The URL of the database in use and its folder of files.

    Without DEAN_DATABASE_URL that is the office's own register; where there is none yet, the demonstration,
    which lives in a file of its own so that removing it is deleting that file.
    """
    if settings.database_url is not None:
        return settings.database_url.get_secret_value(), settings.home / "files"
    demonstration = settings.demo or (
        not settings.office_database.exists() and settings.demonstration_database.exists()
    )
    if demonstration:
        return sqlite_url(settings.demonstration_database), settings.home / "demo-files"
    return sqlite_url(settings.office_database), settings.home / "files"


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path.absolute().as_posix()}"


def has_database(settings: Settings) -> bool:
    """Is there a database that could hold the register? Of one on a server only opening it can tell."""
    url, _ = choose_database(settings)
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()


def open_register(settings: Settings, *, any_revision: bool = False) -> Store:
    """Open the register in use. Raises Refused when there is none yet, or when its schema is not this program's."""
    url, files = choose_database(settings)
    if not has_database(settings):
        raise Refused("Chưa có sổ; hãy tạo sổ của đơn vị bằng dean init, hoặc sổ minh họa bằng dean demo.")
    store = open_store(url, files)
    if not any_revision:
        refuse_other_revision(store)
    return store


def clock(settings: Settings) -> datetime:
    """Read the clock, once per command: this and nothing else makes `at`. DEAN_TODAY moves it to a day's noon."""
    if settings.today is not None:
        return datetime.combine(settings.today, time(12, 0), OFFICE_TIME)
    return datetime.now(UTC)
