"""What makes an article this article, and what makes it changed."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

# Parameters that say how a reader came to the page, never which page it is; documented by the services that add them.
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(campaign|kwd|source|medium)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid"
    r"|igshid|mc_[ce]id|_ga|_gl|_hs(enc|mi)|cmpid|ns_(campaign|mchannel|source|linkname)|at_(medium|campaign|format)",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_SPACE = re.compile(r"\s+")


def canonical_url(url: str) -> str:
    """Write the addresses of one page alike.

    Scheme (always https) and host in lower case, the host in its ASCII form, without user, default port, fragment and
    tracking parameters; the query sorted; percent signs as RFC 3986 (6.2.2) wants them. What may name another page
    stays: the path's case, a closing slash, `www.`.

    Raises:
        ValueError: no http or https address with a host.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode().rstrip(".")  # other scripts have full stops of their own
    if parts.scheme not in _PORTS or not host:
        raise ValueError("not an http or https address with a host")
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port not in (None, _PORTS[parts.scheme]) else ""
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0]))
    return urlunsplit(("https", host + port, _escaped(parts.path) or "/", urlencode(query), ""))


def article_id(url: str | None, outlet: str | None, text: str) -> str:
    """SHA-256 of the canonical URL, else of outlet and text; white space and Unicode's compositions make no difference.

    Raises:
        ValueError: as `canonical_url`.
    """
    if url:
        return _sha256(canonical_url(url))
    normalised = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return _sha256(f"{outlet or ''}\n{normalised}")


def content_hash(content: Mapping[str, object]) -> str:
    """SHA-256 of what the source says of an article, in whatever order it says it."""
    return _sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def _escaped(path: str) -> str:
    def normal(escape: re.Match[str]) -> str:
        character = chr(int(escape[1], 16))
        return character if _UNRESERVED.match(character) else escape[0].upper()

    return quote(_ESCAPE.sub(normal, path), safe="%/:@!$&'()*+,;=~")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
