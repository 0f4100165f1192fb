"""From files to articles: `find` says which files there are, `read` what is in one of them.

    for file in find(["articles/", "archive/*.jsonl"]):
        for item in read(file, settings):
            ...  # an Article, or a DeadLetter that says what could not be read and why

One format is one module, found through the registry; nothing here knows what becomes of an article.
"""

from pipeline.sources.files import File, find
from pipeline.sources.identity import article_id
from pipeline.sources.reading import read
from pipeline.sources.registry import Source
from pipeline.sources.remote import UNKNOWN_TIME

__all__ = ["UNKNOWN_TIME", "File", "Source", "article_id", "find", "read"]
