"""The contract with Elasticsearch: what `pipeline.index.schema` installs, as JSON.

`components/` are component templates that indices share, `indices/` one index template each; without the prefix.
`kibana/` holds what Kibana imports, made by `pipeline.kibana`.
"""
