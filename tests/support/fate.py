"""Processes that die: before any commit of the store, before a request goes out, and before its answer is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import pytest
import requests
import sqlalchemy as sa
from sqlalchemy import event


class Killed(BaseException):
    """The process is no more; nothing of ours catches this."""


def die() -> NoReturn:
    """Be killed, as far as this process can."""
    raise Killed


@dataclass
class Fate:
    """Counts the places to die at; at the place number `fatal` something happens, by default death."""

    fatal: int
    then: Callable[[], None] = die
    passed: int = 0

    def here(self, *_: object) -> None:
        """Die, or go on."""
        self.passed += 1
        if self.passed == self.fatal + 1:
            self.then()

    def around(self, request: Callable[..., requests.Response]) -> Callable[..., requests.Response]:
        """Return the request with a place before it, and one between its arrival and its answer."""

        def fatal(*arguments: Any, **options: Any) -> requests.Response:  # noqa: ANN401 - stands for any function
            self.here()
            response = request(*arguments, **options)
            try:
                self.here()
            except Killed:
                response.close()
                raise
            return response

        return fatal


@contextmanager
def dying_at(place: int) -> Iterator[Fate]:
    """Let whatever runs in the block be killed at the place; the block ends quietly then."""
    fate = Fate(place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "request", fate.around(requests.Session.request))
        event.listen(sa.Engine, "commit", fate.here)
        try:
            yield fate
        except Killed:
            pass
        finally:
            event.remove(sa.Engine, "commit", fate.here)
