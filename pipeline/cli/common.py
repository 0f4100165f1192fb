"""What every command shares: where it prints, and the settings it runs with."""

from __future__ import annotations

from pydantic import ValidationError
from rich.console import Console

from pipeline.errors import ConfigurationError
from pipeline.settings import Settings

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def settings() -> Settings:
    """The environment's settings; raises `ConfigurationError` for one that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"WHOSAID_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors()
        )
        raise ConfigurationError(f"{faults}. Correct or unset it (docs/settings.md).") from None
