"""What the DAGs call: Airflow's side of the corridor (`pipeline.ingest`). Needs the extra `whosaid[airflow]`.

Every task process parses its DAG file again, so what a DAG imports at its top (`shared`, `waiting`) loads neither spaCy
nor Elasticsearch; the rest is imported when a task runs.
"""
