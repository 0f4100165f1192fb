"""The knobs, each with what it does; read from `WHOSAID_*` in the environment when asked for, never on import."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How this run is set up. `Settings()` reads the environment; keyword arguments win over it."""

    model_config = SettingsConfigDict(env_prefix="WHOSAID_", frozen=True)

    elasticsearch_url: str = Field(
        "http://127.0.0.1:9200", description="Address of Elasticsearch, the local node's by default."
    )
    elasticsearch_api_key: SecretStr | None = Field(
        None, description="API key, in the encoded form that Elasticsearch returns."
    )
    elasticsearch_ca_certs: Path | None = Field(
        None, description="PEM file of the certificate authority behind an https address."
    )
    elasticsearch_timeout: float = Field(30, gt=0, description="Seconds to wait for one answer.")
    index_prefix: str = Field(
        "whosaid-", pattern=r"^[a-z0-9][a-z0-9_-]*$|^$", description="Put before every index, alias and template name."
    )
    shards: int = Field(1, ge=1, le=1024, description="Primary shards of a newly created articles or quotes index.")
    replicas: int = Field(0, ge=0, le=10, description="Replicas of a newly created index; 1 or more on a cluster.")
    retries: int = Field(
        8, ge=0, description="How often a passing failure is tried again, waiting twice as long each time."
    )
    model: str | None = Field(
        None, description="Another installed spaCy pipeline (name or folder) with a parser and names, instead of ours."
    )
    actors: str = Field(
        "", description="Files of further actors (YAML, CSV, FollowTheMoney, Wikidata), separated as in PATH."
    )
    batch_size: int = Field(100, ge=1, le=5000, description="Articles that are enriched and written together.")
    store_text: bool = Field(
        True, description="Whether the articles' text is stored; `false` keeps offsets and quotes only."
    )
    max_file_bytes: int = Field(1 << 30, ge=1, description="Larger files are refused.")
    max_expanded_bytes: int = Field(
        64 << 30, ge=1, description="Compressed files and archives that expand to more are refused."
    )
    max_article_bytes: int = Field(1_000_000, ge=1, description="Larger articles, or lines of a file, are refused.")
    inbox: str = Field(
        "articles", description="Where scheduled runs look: a file, folder or glob, with `{day}` for the date."
    )
    wait_hours: float = Field(6, ge=0, description="How long after a day's end scheduled runs wait for its files.")
    max_failed_share: float = Field(
        0, ge=0, le=1, description="Share of articles that may fail (0–1) before a run in Airflow fails."
    )
    pool: str = Field("default_pool", description="Airflow pool of the tasks; one that is named here must exist.")
    kibana_url: str = Field("http://127.0.0.1:5601", description="Address of Kibana, with its path where it has one.")
    kibana_space: str | None = Field(
        None, pattern=r"^[a-z0-9_-]+$", description="Kibana space to import into, instead of the default one."
    )
    kibana_api_key: SecretStr | None = Field(
        None, description="API key for Kibana, in the encoded form; it wins over user and password."
    )
    kibana_user: str | None = Field(None, description="User of Kibana.")
    kibana_password: SecretStr | None = Field(None, description="Password of Kibana's user.")
    kibana_ca_certs: Path | None = Field(
        None, description="PEM file of the certificate authority behind Kibana's https address."
    )
    kibana_wait: float = Field(120, ge=0, description="Seconds to wait for a Kibana that does not answer yet.")
    home: Path = Field(Path(".whosaid"), description="Folder of the local node and of what the demo runs.")
    web_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="What opens correcting on the page; unless set, made at first start in `web-token` of the home.",
    )
    web_elasticsearch_api_key: SecretStr | None = Field(
        None, description="API key that may only read, for everything that the page shows."
    )
    web_hosts: str = Field("", description="Further names under which the page may be asked for, separated by spaces.")
    web_requests_per_minute: int = Field(
        600, ge=0, description="Requests of one address that the page answers in a minute; 0 for no limit."
    )
