"""The endpoint that a user names: any server of OpenAI's protocol, through the ``openai`` client.

The client is imported, and an environment variable looked at, when the first request is sent.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from itertools import islice
from threading import Lock
from typing import Any

from extractors.llm.prompt import schema
from extractors.llm.request import ModelError, Request

KEYS = ("AIDLEDGER_API_KEY", "OPENAI_API_KEY")  # the first that is set counts
NO_KEY = "none"  # what a server in the house is sent, which asks for none
RETRIES = 6  # of one request, each after a longer pause, or after as long as the server asks for
IN_A_ROW = 10  # requests without an answer after which the run ends
# What is asked of the form of an answer, the strictest first: a server that refuses one is asked
# the next for the rest of the run.
FORMS: tuple[dict[str, Any] | None, ...] = (
    {
        "type": "json_schema",
        "json_schema": {"name": "figures", "strict": True, "schema": schema()},
    },
    {"type": "json_object"},
    None,
)
_OF_FORM = ("response_format", "json_schema", "json_object", "schema", "grammar", "guided")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: the answer's text, or why there is none; tokens as counted there."""

    request: Request
    text: str | None
    problem: str = ""
    read: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, and how: ``timeout`` in seconds for one answer, ``at_once`` requests."""

    model: str
    base_url: str | None
    timeout: float
    at_once: int


def body(request: Request, model: str, form: dict[str, Any] | None) -> dict[str, Any]:
    """The body of a request in OpenAI's protocol."""
    first, own = request.messages
    out: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": "system", "content": first},
            {"role": "user", "content": own},
        ],
        "temperature": 0,
    }
    return out if form is None else out | {"response_format": form}


def answers(server: Server, requests: Iterable[Request]) -> Iterator[Answer]:
    """The answers to requests, each as soon as it is there; at most so many are under way.

    One without an answer says why. Raises ModelError where nothing can be asked: no client, no key,
    no such model, nobody there, or ten requests in a row that are not answered.
    """
    asking = _Asking(server)
    waiting = iter(requests)
    unanswered = 0
    with ThreadPoolExecutor(server.at_once) as pool:
        running: set[Future[Answer]] = set()
        try:
            while True:
                room = server.at_once - len(running)
                running |= {pool.submit(asking.ask, r) for r in islice(waiting, room)}
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for answer in map(Future.result, done):
                    unanswered = unanswered + 1 if answer.text is None else 0
                    yield answer
                    if unanswered >= IN_A_ROW:
                        raise ModelError(
                            f"{server.model}: {unanswered} requests in a row were not answered, "
                            f"the last: {answer.problem}"
                        )
        finally:
            for future in running:
                future.cancel()


class _Asking:
    """A server as it is asked: what it has refused once is not asked of it again."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._lock = Lock()
        self._form = 0
        self._warm = True  # whether a temperature may be named
        self._openai = _client_library()
        self._client = self._made()

    def _made(self) -> Any:
        key = next(filter(None, map(os.environ.get, KEYS)), None)
        if key is None and self._server.base_url is None:
            raise ModelError(f"no key: set {' or '.join(KEYS)} in the environment")
        return self._openai.OpenAI(
            api_key=key or NO_KEY,
            base_url=self._server.base_url,
            timeout=self._server.timeout,
            max_retries=RETRIES,
        )

    def ask(self, request: Request) -> Answer:
        """What came of a request. Raises ModelError where no other would be answered either."""
        errors = self._openai
        while True:
            form, warm = self._form, self._warm
            sent = body(request, self._server.model, FORMS[form])
            if not warm:
                del sent["temperature"]
            try:
                return _answer(request, self._client.chat.completions.create(**sent))
            except (errors.BadRequestError, errors.UnprocessableEntityError) as error:
                if not self._asks_less(str(error), form, warm):
                    return Answer(request, None, f"refused: {_line(error)}")
            except (
                errors.AuthenticationError,
                errors.PermissionDeniedError,
                errors.NotFoundError,
            ) as error:
                raise ModelError(f"{self._server.model}: {_line(error)}") from error
            except errors.APITimeoutError:
                return Answer(request, None, f"no answer within {self._server.timeout:g} s")
            except errors.APIConnectionError as error:
                where = self._server.base_url or "the endpoint"
                raise ModelError(f"{where}: {_line(error.__cause__ or error)}") from error
            except errors.APIStatusError as error:
                return Answer(request, None, f"{error.status_code}: {_line(error)}")
            except errors.OpenAIError as error:  # an answer that is no answer of the protocol
                return Answer(request, None, _line(error))

    def _asks_less(self, refusal: str, form: int, warm: bool) -> bool:
        """Whether a refused request can be sent again in a form that asks less of the server."""
        low = refusal.lower()
        with self._lock:
            if (form, warm) != (self._form, self._warm):
                return True  # another request has found out meanwhile
            if warm and "temperature" in low:
                self._warm = False
                return True
            if form + 1 < len(FORMS) and any(word in low for word in _OF_FORM):
                self._form = form + 1
                return True
        return False


def _answer(request: Request, response: Any) -> Answer:
    """The answer in a server's response, whatever that lacks."""
    choices = getattr(response, "choices", None)
    message = getattr(choices[0], "message", None) if choices else None
    text = getattr(message, "content", None)
    usage = getattr(response, "usage", None)
    counted = partial(_counted, usage)
    if not isinstance(text, str) or not text.strip():
        said = getattr(message, "refusal", None) or "an empty answer"
        return Answer(request, None, _line(said), counted("prompt_tokens"))
    return Answer(request, text, "", counted("prompt_tokens"), counted("completion_tokens"))


def _counted(usage: Any, name: str) -> int:
    count = getattr(usage, name, 0)
    return count if isinstance(count, int) else 0


def _line(error: object) -> str:
    written = " ".join(str(error).split())
    return written if len(written) <= 200 else f"{written[:200]}..."


def _client_library() -> Any:
    try:
        import openai
    except ImportError as error:
        raise ModelError(
            "--reader llm needs openai: install aidledger with its extra, aidledger[llm]"
        ) from error
    return openai
