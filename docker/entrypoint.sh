#!/bin/sh
# Runs what it is given, with the pipeline's API key in the environment once there is one: it is made at the first start.
set -eu
if [ -r "${WHOSAID_ELASTICSEARCH_API_KEY_FILE:-/nowhere}" ]; then
    WHOSAID_ELASTICSEARCH_API_KEY=$(cat "$WHOSAID_ELASTICSEARCH_API_KEY_FILE")
    export WHOSAID_ELASTICSEARCH_API_KEY
fi
exec "$@"
