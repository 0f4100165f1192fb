"""The settings of a task: the environment's, with Elasticsearch from an Airflow connection where there is one."""

from __future__ import annotations

from typing import Any

from pipeline.settings import Settings

CONNECTION = "whosaid_elasticsearch"


def settings() -> Settings:
    """The environment's settings, with Elasticsearch from the connection `whosaid_elasticsearch` where there is one.

    The connection gives schema, host and port; its password is the API key; extra may hold `index_prefix`, `ca_certs`.
    """
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        connection = BaseHook.get_connection(CONNECTION)
    except AirflowNotFoundException:
        return Settings()
    extra = connection.extra_dejson
    given: dict[str, Any] = {
        "elasticsearch_url": f"{connection.schema or 'http'}://{connection.host}:{connection.port or 9200}",
        "elasticsearch_api_key": connection.password or None,
        "elasticsearch_ca_certs": extra.get("ca_certs"),
        "index_prefix": extra.get("index_prefix"),
    }
    # Key and authority of the environment belong to the environment's address: another host is not to see them.
    own = {"elasticsearch_api_key", "elasticsearch_ca_certs"}
    return Settings(**{name: value for name, value in given.items() if value is not None or name in own})
