"""The language of a page: Chinese by itself, English for whoever asks. The Chinese text is its own key.

`?lang=en` or `?lang=zh` chooses and is remembered in a cookie. English comes from `backend/translations/en.po`;
what has none there stays Chinese. Templates are plain Chinese (`spoken_templates`); Python marks its words by `translated`.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, current_app, has_request_context, request
from jinja2 import Environment
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException

from backend.core.errors import Refusal
from backend.plumbing.web.english import IDEOGRAPH, PLACE, english, in_english
from backend.plumbing.web.spoken_templates import SpokenTemplates

CHINESE, ENGLISH = "zh", "en"
COOKIE = "language"
_SPOKEN = "yaohao.language"
_YEAR = 365 * 24 * 3600
_MARKS = {
    "、": ", ", "，": ", ", "。": ". ", "；": "; ", "：": ": ", "（": " (", "）": ")", "！": "!", "？": "?",
    "“": "“", "”": "”", "《": "“", "》": "”",
}  # fmt: skip
_MARK = re.compile(f"[{''.join(_MARKS)}]")


def language() -> str:
    """`zh` or `en`, for the request at hand; Chinese outside of one."""
    if not has_request_context():
        return CHINESE
    spoken: str | None = request.environ.get(_SPOKEN)
    if spoken is None:
        asked = request.args.get("lang") or request.cookies.get(COOKIE)
        spoken = request.environ[_SPOKEN] = ENGLISH if asked == ENGLISH else CHINESE
    return spoken


def translated(words: Any) -> Any:
    """The words in the page's language; what is no text, or has no translation, as it is."""
    if not isinstance(words, str) or language() == CHINESE:
        return words
    if isinstance(words, Markup):
        return Markup(english().get(str(words), words))
    return in_english(words) or words


def said(words: str, *values: Any) -> Markup:
    """A text of a template, which is HTML as it stands, in the page's language; `{1}` is where the first value goes."""
    spoken = translated(words)
    if spoken is words and language() == ENGLISH:
        spoken = _with_english_marks(words)
    if not values:
        return Markup(spoken)
    return Markup(PLACE.sub(lambda place: escape(translated(values[int(place[1]) - 1])), spoken))


def _with_english_marks(words: str) -> str:
    """Punctuation between data reads in English although nobody translates it."""
    return words if IDEOGRAPH.search(words) else _MARK.sub(lambda mark: _MARKS[mark[0]], words)


def refusal_sentence(refusal: Refusal) -> str:
    """A refusal in the page's language, its facts too where they have English."""
    if language() == CHINESE:
        return refusal.sentence_zh
    return refusal.problem.en.format(**{name: translated(fact) for name, fact in refusal.facts.items()})


def translated_heads(heads: Sequence[str | tuple[str, str]]) -> list[str | tuple[str, str]]:
    """A table's heads, each a name or a name with its class, in the page's language."""
    return [translated(h) if isinstance(h, str) else (translated(h[0]), h[1]) for h in heads]


def other_language_address() -> str:
    """This page in the other language; from the answer to a form, the page that the form stands on."""
    lang = CHINESE if language() == ENGLISH else ENGLISH
    path, arguments = page_at_hand()
    others = [(name, value) for name, value in arguments if name != "lang"]
    return f"{path}?{urlencode([*others, ('lang', lang)])}"


def page_at_hand() -> tuple[str, list[tuple[str, str]]]:
    """Path and arguments of this page; of the answer to a form, of the page that the form stands on."""
    if request.method == "GET":
        return request.path, list(request.args.items(multi=True))
    return _page_of_the_form()


def page_of_the_form() -> str:
    """The address that leads back to a form from the answer to it."""
    path, arguments = page_at_hand()
    return f"{path}?{urlencode(arguments)}" if arguments else path


def install(app: Flask) -> None:
    """Let the templates of `app` speak both languages and remember which was chosen."""
    speak(app.jinja_env)
    app.after_request(_remember)


def speak(env: Environment) -> None:
    """Give an environment `_`, `{% trans %}`, `translated` and `language`."""
    env.add_extension("jinja2.ext.i18n")
    env.add_extension(SpokenTemplates)
    env.install_gettext_callables(translated, _plural, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        translated=translated,
        _text=said,
        translated_heads=translated_heads,
        language=language,
        refusal_sentence=refusal_sentence,
        other_language_address=other_language_address,
        page_of_the_form=page_of_the_form,
    )
    env.filters["translated"] = translated


def _plural(one: str, many: str, count: int) -> str:
    """Chinese has one form; English messages are worded so that one form does."""
    words: str = translated(one)
    return words


def _page_of_the_form() -> tuple[str, list[tuple[str, str]]]:
    """Where the browser says that the form was, or the nearest page above the form's own address."""
    sent_from = urlsplit(request.referrer or "")
    if sent_from.netloc == request.host and _is_page(sent_from.path):
        return sent_from.path, parse_qsl(sent_from.query)
    above = [str(path) for path in (PurePosixPath(request.path), *PurePosixPath(request.path).parents)]
    return next((page for path in above for page in (path, f"{path}/") if _is_page(page)), "/"), []


def _is_page(path: str) -> bool:
    """Whether a GET of this address is answered by a page of its own."""
    try:
        current_app.url_map.bind(request.host).match(path, method="GET")
    except HTTPException:
        return False
    return True


def _remember(response: Response) -> Response:
    if has_request_context() and request.args.get("lang") in (CHINESE, ENGLISH):
        response.set_cookie(
            COOKIE, language(), max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
    return response
