"""The server under the stand-ins does what its faults say."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import requests

from tests.standins import Asked, Fault, Said, Standin, serving
from tests.standins.agency import example_agency
from tests.standins.bucket import Bucket
from tests.standins.server import as_json


class Counter:
    """Counts what was done, and echoes what it was asked."""

    def __init__(self) -> None:
        self.done = 0

    def answer(self, asked: Asked) -> Said:
        """Count, and say what was asked."""
        self.done += 1
        return Said(201, {"method": asked.method, "path": asked.path, "q": asked.value("q"), "amount": Decimal("1.10")})


@pytest.fixture
def standin() -> Iterator[Standin]:
    """Yield a running counter."""
    with serving(Counter()) as running:
        yield running


def test_a_request_reaches_the_api_and_its_answer_the_client(standin: Standin) -> None:
    """Method, decoded path and query are told; amounts keep their digits."""
    answer = requests.put(f"{standin.url}/v1/a%20b?q=x", data=b"{}", timeout=5)

    assert answer.status_code == 201
    assert answer.text == '{"method": "PUT", "path": "/v1/a b", "q": "x", "amount": 1.10}'
    assert (standin.calls("PUT", "/v1"), standin.calls("GET"), standin.asked[0].json()) == (1, 0, {})


@pytest.mark.parametrize(
    ("fault", "done"), [(Fault.ANSWER_LOST, 1), (Fault.RESET_BEFORE, 0)], ids=["answer lost", "reset before"]
)
def test_a_broken_connection_hides_whether_it_was_done(standin: Standin, fault: Fault, done: int) -> None:
    """The client sees the same; the server knows."""
    standin.fail(fault)

    with pytest.raises(requests.ConnectionError):
        requests.post(standin.url, timeout=5)
    assert standin.api.done == done


@pytest.mark.parametrize(
    ("fault", "status", "done"),
    [
        (Fault.TOO_MANY, 429, 0),
        (Fault.TOO_MANY_AS_500, 500, 0),
        (Fault.SERVER_ERROR, 500, 0),
        (Fault.GATEWAY_TIMEOUT, 504, 1),
        (Fault.SLOW, 201, 1),
    ],
)
def test_a_bad_answer_may_hide_that_it_was_done(standin: Standin, fault: Fault, status: int, done: int) -> None:
    """Each fault has its status, and happens as often as it was asked for."""
    standin.fail(fault, lambda asked: asked.path == "/here")

    assert requests.post(f"{standin.url}/there", timeout=5).status_code == 201
    assert requests.post(f"{standin.url}/here", timeout=5).status_code == status
    assert standin.api.done == 1 + done
    assert requests.post(f"{standin.url}/here", timeout=5).status_code == 201


def test_half_of_an_answer_is_no_json(standin: Standin) -> None:
    """A truncated answer has its status and half of its body."""
    standin.fail(Fault.TRUNCATED)

    answer = requests.get(standin.url, timeout=5)

    assert answer.status_code == 201
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_bucket_gives_what_it_holds_and_fills_steadily() -> None:
    """Two at once, then one every half second."""
    now = [0]
    bucket = Bucket(2, 1, 2, clock=lambda: now[0])

    assert [bucket.take() for _ in range(3)] == [True, True, False]
    now[0] = 499_999_999
    assert not bucket.take()
    now[0] = 500_000_000
    assert [bucket.take(), bucket.take()] == [True, False]


def test_only_amounts_are_written_as_numbers() -> None:
    """A value JSON does not know is a mistake of the stand-in."""
    assert as_json({"a": [Decimal("100.00")], "b": "1.0"}) == '{"a": [100.00], "b": "1.0"}'
    with pytest.raises(TypeError, match="no JSON for set"):
        as_json({"a": {1}})


def test_the_example_agency_is_told_whole() -> None:
    """Each kind of record is there, and none is a problem."""
    agency = example_agency()

    assert all([agency.customers, agency.projects, agency.offers, agency.readings, agency.metrics, agency.entries])
