"""What differs from one installation to the next; everything else is code."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from backend.core.clock import Clock, SystemClock


@dataclass(frozen=True)
class Settings:
    """An installation: where its database and files are, its key, its clock and its source of randomness."""

    database_url: str
    data_dir: Path
    secret_key: bytes
    behind_proxy: bool = False
    public_agency: str = ""
    """Code of the agency whose disclosures the public site shows first; empty for all."""
    clock: Clock = field(default_factory=SystemClock)
    randomness: Callable[[int], bytes] = secrets.token_bytes
    assets_dir: Path = Path(__file__).resolve().parent.parent / "pwa" / "dist"


def settings_from_environment() -> Settings:
    """`YAOHAO_DATA_DIR` (default `.data`), `YAOHAO_DATABASE_URL` (default SQLite in it), `YAOHAO_BEHIND_PROXY=1`."""
    data_dir = Path(os.environ.get("YAOHAO_DATA_DIR", ".data")).resolve()
    behind_proxy = os.environ.get("YAOHAO_BEHIND_PROXY") == "1"
    return replace(settings_for(data_dir, os.environ.get("YAOHAO_DATABASE_URL")), behind_proxy=behind_proxy)


def settings_for(data_dir: Path, database_url: str | None = None) -> Settings:
    """Settings for an installation in `data_dir`, embedded database unless another is named."""
    data_dir.mkdir(parents=True, exist_ok=True)
    return Settings(
        database_url=database_url or f"sqlite:///{data_dir / 'yaohao.sqlite3'}",
        data_dir=data_dir,
        secret_key=_kept_key(data_dir / "secret.key"),
    )


def _kept_key(path: Path) -> bytes:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()
