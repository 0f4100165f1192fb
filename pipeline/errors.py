"""What can go wrong, as one tree; every message names the place and what to do about it.

WhosaidError
├── PassingFailure        may work later: retried with back-off, never a dead letter
│   └── Unreachable       Elasticsearch does not answer, or not in time
├── PermanentFailure      will never work as it is: becomes a dead letter at once
│   ├── Unreadable        a file, or an article in it, cannot be read
│   └── Rejected          Elasticsearch refuses a document
├── MappingMismatch       what is installed in Elasticsearch differs from `mappings/`
├── RebuildFailed         a new version of an index does not hold what the old one holds; the old one stays
├── BadQuery              a search that cannot be answered as it is asked
├── NodeError             the local Elasticsearch cannot be started, stopped or reached
└── ConfigurationError    a setting or a model that cannot be used
"""


class WhosaidError(Exception):
    """Base of everything that Whosaid raises on purpose."""


class PassingFailure(WhosaidError):
    """May work later; whoever catches it tries again."""


class Unreachable(PassingFailure):
    """Elasticsearch does not answer, or not in time."""


class PermanentFailure(WhosaidError):
    """Will never work as it is."""


class Unreadable(PermanentFailure):
    """A file, or one article in it, cannot be read."""


class Rejected(PermanentFailure):
    """Elasticsearch refuses a document as it is."""


class MappingMismatch(WhosaidError):
    """What is installed in Elasticsearch differs from `mappings/`."""


class RebuildFailed(WhosaidError):
    """A new version of an index does not hold what the old one holds; the old one stays."""


class BadQuery(WhosaidError):
    """A search that cannot be answered as it is asked."""


class NodeError(WhosaidError):
    """The local Elasticsearch cannot be started, stopped or reached."""


class ConfigurationError(WhosaidError):
    """A setting or a model that cannot be used."""
