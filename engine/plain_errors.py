"""Exceptions as a notebook should show them: one sentence below the line that was called, without the engine's inside."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from .errors import EngineError
from .failures import explain

_Function = TypeVar("_Function", bound=Callable[..., Any])


def plainly(function: _Function) -> _Function:
    """Let everything that a user can mend leave ``function`` as an ``EngineError`` whose traceback ends there.

    What nobody foresaw goes through with its whole traceback: whoever mends it needs that.
    """

    @functools.wraps(function)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except Exception as error:
            failure = explain(error)
            if failure.error_kind == "internal":
                raise
        raise EngineError(failure.message, failure.error_kind)

    return wrapped  # type: ignore[return-value]
