"""Correcting what the pipeline found: a wrong speaker, wrong ends, what is no quote, two names of one actor.

Behind the token; every form carries a mark that only this page can have made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from pipeline.article import Span
from pipeline.corrections import OF_READERS, Corrections, told
from pipeline.errors import BadQuery
from pipeline.search.profile import Profile
from pipeline.search.reading import StoredArticle, StoredQuote
from pipeline.web.access import Session, same
from pipeline.web.pages import base, desk
from pipeline.web.rendering import page
from pipeline.web.signing import session_or_sign_in

router = APIRouter(include_in_schema=False)

AROUND = 600
"""Characters of the article that are shown on each side of a quote."""
REACH = 20_000
"""Characters on each side of where a piece began within which its new words are looked for."""
MOST_WORDS = 2000
"""Words of a piece: a longer one takes too long to find in a text that repeats itself."""
RECENT = 100
"""Corrections that are listed."""

Text = Annotated[str, Form()]


def corrections(request: Request) -> Corrections:
    """The door through which everything is corrected."""
    found: Corrections = request.app.state.corrections()
    return found


@router.get("/correct")
def correct_form(request: Request, quote: str = "") -> Response:
    """What may be wrong with a quote."""
    session_or_sign_in(request)
    return _correct_page(request, quote, what="speaker")


@router.post("/correct")
def correct(
    request: Request,
    quote: Text = "",
    what: Text = "",
    name: Text = "",
    words: Annotated[list[str] | None, Form()] = None,
    reason: Text = "",
    csrf: Text = "",
) -> Response:
    """Correct it, and go back to it."""
    session = allowed(request, csrf)
    given: dict[str, str | None] = {"by": session.name, "reason": reason.strip() or None}
    door = corrections(request)
    try:
        match what:
            case "speaker" if name.strip():
                change = door.speaker(quote, name.strip(), **given)
            case "speaker":
                raise BadQuery("Write who said it, or choose that nobody is named")
            case "nobody":
                change = door.speaker(quote, None, **given)
            case "extent":
                article, found = _find(request, quote)
                change = door.extent(quote, located(article.text or "", found.pieces, words or []), **given)
            case "no_quote":
                change = door.no_quote(quote, **given)
            case _:
                raise BadQuery("Choose what is wrong")
    except BadQuery as error:
        return _correct_page(request, quote, words, what=what, name=name, reason=reason, fault=str(error))
    place = f"#q{change.quote_id.rpartition(':')[2].partition('-')[0]}" if change.quote_id else ""
    return RedirectResponse(f"/article/{change.article_id}{place}", status_code=303)


def _find(request: Request, quote_id: str) -> tuple[StoredArticle, StoredQuote]:
    article_id = quote_id.partition(":")[0]
    article = desk(request).article(article_id) if re.fullmatch(r"[0-9a-f]{64}", article_id) else None
    found = next((one for one in article.quotes if one.hit.id == quote_id), None) if article else None
    if article is None or found is None:
        raise HTTPException(404, "No such quote is in the index any more; look it up again.")
    return article, found


def _correct_page(request: Request, quote_id: str, words: list[str] | None = None, **given: Any) -> Response:
    """The form, with what was written into it before a fault was found."""
    article, found = _find(request, quote_id)
    text = article.text or ""
    pieces = [text[piece.start : piece.end] for piece in found.pieces] if text else []
    first, last = found.pieces[0].start, found.pieces[-1].end
    return page(
        "correct.html",
        status=400 if given.get("fault") else 200,
        **base(request),
        article=article,
        quote=found,
        pieces=words if words and len(words) == len(pieces) else pieces,
        passage=(_last_lines(text[:first]), text[first:last], _first_lines(text[last:])),
        **{"name": "", "reason": "", "fault": None} | given,
    )


def _last_lines(text: str) -> str:
    """About `AROUND` characters at the end, from the beginning of a line or of a word."""
    cut = text[-AROUND:]
    return cut if len(cut) == len(text) else cut.partition("\n")[2] or cut.partition(" ")[2]


def _first_lines(text: str) -> str:
    """About `AROUND` characters at the beginning, up to the end of a line or of a word."""
    cut = text[:AROUND]
    return cut if len(cut) == len(text) else cut.rpartition("\n")[0] or cut.rpartition(" ")[0]


def located(text: str, pieces: Sequence[Span], words: Sequence[str]) -> list[Span]:
    """Where these words stand in the text, nearest to the pieces they are to replace; empty ones are left out.

    White space may differ, as a browser breaks lines. Raises `BadQuery` for words that do not stand there.
    """
    found = []
    for number, written in enumerate(words):
        if not written.strip():
            continue
        near = pieces[min(number, len(pieces) - 1)].start
        sought = written.split()
        if len(sought) > MOST_WORDS:
            raise BadQuery(f"These are {len(sought):,} words; a quote may have {MOST_WORDS:,} here")
        pattern = re.compile(r"\s+".join(map(re.escape, sought)))
        matches = pattern.finditer(text, max(0, near - REACH), near + REACH)
        places = [Span(*match.span()) for match in matches]
        if not places:
            raise BadQuery(
                f"“{written.strip()[:100]}” does not stand in the article near the quote; copy the words as they are"
            )
        found.append(min(places, key=lambda place: abs(place.start - near)))
    return sorted(found)


@router.get("/same")
def same_form(request: Request, name: str = "") -> Response:
    """Who else a speaker is."""
    session_or_sign_in(request)
    return page("same.html", **base(request), name=name, other="", keep="", reason="", fault=None)


@router.post("/same")
def same_actor(
    request: Request, name: Text = "", other: Text = "", keep: Text = "", reason: Text = "", csrf: Text = ""
) -> Response:
    """Make two one, and go to the one that stays."""
    session = allowed(request, csrf)
    try:
        one, two = _known(request, name), _known(request, other.strip())
        stays, goes = (two, one) if keep == "other" else (one, two)
        corrections(request).same_actor(stays.id or "", goes.id or "", by=session.name, reason=reason.strip() or None)
    except BadQuery as error:
        given = {"name": name, "other": other, "keep": keep, "reason": reason, "fault": str(error)}
        return page("same.html", status=400, **base(request) | given)
    return RedirectResponse(f"/speaker?{urlencode({'name': stays.name})}", status_code=303)


def _known(request: Request, name: str) -> Profile:
    found = desk(request).profile(name) if 0 < len(name) <= 500 else None
    if found is None or found.id is None:
        raise BadQuery(f"Nobody who is told from others is quoted as {name[:100]!r}; choose a name that completes")
    return found


@router.get("/corrections")
def listed(request: Request) -> Response:
    """What was corrected last."""
    session_or_sign_in(request)
    made = [(decision, told(decision)) for decision in corrections(request).recent(RECENT, kinds=OF_READERS)]
    return page("corrections.html", **base(request), made=made)


@router.post("/undo")
def undo(request: Request, decision: Text = "", csrf: Text = "") -> Response:
    """Take a correction back."""
    session = allowed(request, csrf)
    corrections(request).undo(decision, by=session.name, kinds=OF_READERS)
    return RedirectResponse("/corrections", status_code=303)


def allowed(request: Request, csrf: str) -> Session:
    """Who sends a form; raises what is answered to one that is not signed in, or that this page did not make."""
    session: Session | None = request.app.state.access.session(request)
    if session is None:
        raise HTTPException(401, "Sign in with the token first; after twelve hours again.")
    if not same(csrf, session.csrf):
        raise HTTPException(403, "The form was made before you signed in, or elsewhere. Open it again.")
    return session
