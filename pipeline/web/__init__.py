"""HTTP → `search` → pages: the page to search on, and to correct, with a JSON API beside it.

It asks `pipeline.search` and knows nothing of Elasticsearch. Every state is a link, every page works without
JavaScript, and nothing is loaded from elsewhere.
"""

from pipeline.web.app import create_app, soon

__all__ = ["create_app", "soon"]
