"""The stand-in of MOCO does what its vendor documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.standins import Standin, serving
from tests.standins.bucket import Bucket
from tests.standins.moco import Moco, api

HEADERS = {"Authorization": "Token token=0a1b2c3d"}


@pytest.fixture
def standin() -> Iterator[Standin]:
    """Yield an empty MOCO, running."""
    with serving(api()) as running:
        yield running


def get(standin: Standin, path: str, **params: Any) -> requests.Response:  # noqa: ANN401 - values of a query
    """Return the answer."""
    return requests.get(f"{standin.url}/api/v1{path}", params=params, headers=HEADERS, timeout=5)


def moco(standin: Standin) -> Moco:
    """Return the API behind it."""
    found: Moco = standin.api
    return found


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Token token="}, 401),
        ({"Authorization": "0a1b2c3d"}, 401),
        ({"Authorization": "Token token=0a1b2c3d"}, 200),
        ({"Authorization": "Bearer 0a1b2c3d"}, 200),
    ],
)
def test_a_key_comes_in_the_authorization_header(standin: Standin, headers: dict[str, str], status: int) -> None:
    """In either of two schemes; without one there is nothing."""
    answer = requests.get(f"{standin.url}/api/v1/offers.json", headers=headers, timeout=5)

    assert answer.status_code == status


def test_lists_have_pages_of_a_hundred(standin: Standin) -> None:
    """The headers tell page, size and total, and lead to the next page as long as there is one."""
    for number in range(101):
        moco(standin).add("/companies", identifier=str(number), name=f"Kunde {number}")

    first, second, third = (get(standin, "/companies", page=page) for page in (1, 2, 3))

    assert [len(answer.json()) for answer in (first, second, third)] == [100, 1, 0]
    assert (first.headers["X-Page"], first.headers["X-Per-Page"], first.headers["X-Total"]) == ("1", "100", "101")
    assert (first.links["next"]["url"].endswith("page=2"), second.links) == (True, {})


@pytest.mark.parametrize("path", ["/companies", "/projects"])
def test_archived_records_are_left_out_unless_asked_for(standin: Standin, path: str) -> None:
    """They are there all the same."""
    row = moco(standin).add(path, identifier="1", name="Alt", active=False)

    assert get(standin, path).json() == []
    assert [each["id"] for each in get(standin, path, include_archived="true").json()] == [row["id"]]
    assert get(standin, f"{path}/{row['id']}").json()["name"] == "Alt"


def test_offers_are_listed_without_items(standin: Standin) -> None:
    """Only the address of a single one tells them."""
    row = moco(standin).add("/offers", identifier="A-1", title="Angebot", items=[{"id": 1}])

    [listed] = get(standin, "/offers").json()

    assert "items" not in listed
    assert get(standin, f"/offers/{row['id']}").json()["items"] == [{"id": 1}]
    assert get(standin, "/offers/1").status_code == 404


@pytest.mark.parametrize(
    ("path", "params", "days"),
    [
        ("/activities", {"from": "2026-01-05", "to": "2026-01-06"}, [6, 5]),
        ("/activities", {"from": "2026-01-06"}, [7, 6]),
        ("/projects/expenses", {"from": "2026-01-05", "to": "2026-01-06"}, [6, 5]),
        ("/projects/expenses", {"from": "2026-01-06"}, [7, 6, 5]),
        ("/activities", {"billable": "false"}, []),
        ("/activities", {"a_filter_nobody_knows": "1"}, [7, 6, 5]),
        ("/activities", {"updated_after": "2026-01-02T09:33:46Z"}, []),
        ("/activities", {"sort_by": "date"}, [5, 6, 7]),
        ("/activities", {"sort_by": "date desc"}, [7, 6, 5]),
    ],
)
def test_lists_are_filtered_and_sorted(standin: Standin, path: str, params: dict[str, str], days: list[int]) -> None:
    """Days are inclusive; expenses want both; what nobody knows is ignored."""
    for day in (5, 6, 7):
        moco(standin).add(path, date=f"2026-01-{day:02}")

    assert [int(row["date"][-2:]) for row in get(standin, path, **params).json()] == days


def test_records_of_others_are_filtered_by_their_number(standin: Standin) -> None:
    """One or several, separated by commas."""
    for project in ({"id": 1}, {"id": 2}, None):
        moco(standin).add("/offers", project=project)

    assert len(get(standin, "/offers", project_id="1,2").json()) == 2
    assert len(get(standin, "/offers", project_id="2").json()) == 1


def test_a_read_only_key_changes_nothing(standin: Standin) -> None:
    """It may not."""
    assert requests.post(f"{standin.url}/api/v1/offers", json={}, headers=HEADERS, timeout=5).status_code == 403


def test_too_many_requests_are_refused() -> None:
    """The limit is the vendor's; here the clock stands."""
    now = [0]
    with serving(api(Bucket(120, 120, 120, clock=lambda: now[0]))) as standin:
        assert [get(standin, "/offers").status_code for _ in range(121)] == [200] * 120 + [429]
        now[0] = 1_000_000_000
        assert get(standin, "/offers").status_code == 200
