"""Log-in, pages and refusals, against the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connector.core.errors import AuthenticationFailed, Unavailable, UnexpectedAnswer
from connector.core.problems import Problem
from connector.http import Rate
from connector.sources.furious.calls import MOST_SETBACKS, Calls, DeclinedError
from connector.sources.furious.login import Login, words_of_refusal
from connector.sources.furious.query import Resource, Search
from connector.sources.furious.settings import Settings
from tests.sources.furious_standin import SETTINGS, Wire, World, codes
from tests.standins import Asked, Said
from tests.standins import furious as standin

PROJECTS = Search(Resource("project"), ["title"])


def settings(**more: Any) -> Settings:  # noqa: ANN401 - settings as a configuration has them
    """Return the usual settings, and more."""
    return Settings.model_validate({**SETTINGS, **more})


def many(count: int, **wishes: Any) -> standin.Furious:  # noqa: ANN401 - the stand-in's own
    """Return a Furious with so many projects, numbered from 1."""
    api = standin.api(**wishes)
    for number in range(1, count + 1):
        api.add("project", id=number, title=f"P{number}")
    return api


def walk(wire: Wire, **more: Any) -> Iterator[int | Problem]:  # noqa: ANN401 - settings as a configuration has them
    """Yield the ids of the projects, and problems."""
    for row in Calls(settings(**more), wire).walk(PROJECTS):
        yield row if isinstance(row, Problem) else int(row["id"])


class Saying:
    """An API that logs in and then says what it is told to, whatever it is asked."""

    def __init__(self, *answers: Any) -> None:  # noqa: ANN401 - JSON
        self.answers = list(answers)

    def answer(self, asked: Asked) -> Said:
        """Return the next answer; the last one again and again."""
        if asked.method == "POST":
            return Said(200, {"success": True, "token": "a token"})
        return Said(200, self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


def wire_of(api: Any) -> Wire:  # noqa: ANN401 - any API
    """Return a transport that leads to it."""
    return Wire(api)


def page(*ids: object, total: int) -> dict[str, Any]:
    """Return an answer with projects of these ids."""
    return {"success": True, "data": {"Project": [{"id": each} for each in ids]}, "meta": {"totalElements": total}}


class TestLogin:
    """The token."""

    def test_it_is_asked_for_once(self) -> None:
        """All searches go out with the same token, until it runs out."""
        world = World()
        source = world.source()
        assert list(source.customers())
        assert list(source.projects())
        assert world.wire.logins() == 1

    def test_it_is_renewed_before_it_runs_out(self) -> None:
        """A minute early, because our clock and the way there take time too."""
        now = [0.0]
        wire = Wire(standin.api(clock=lambda: now[0]))
        login = Login(settings(), wire, clock=lambda: now[0])
        first = login.headers()
        now[0] = 3539.0
        assert login.headers() == first
        now[0] = 3540.0
        assert login.headers() != first
        assert wire.logins() == 2

    def test_without_a_time_it_holds_until_it_is_refused(self) -> None:
        """An answer may lack expires_in."""
        now = [0.0]
        wire = wire_of(Saying(page(total=0)))
        login = Login(settings(), wire, clock=lambda: now[0])
        login.headers()
        now[0] = 10**6
        login.headers()
        assert wire.logins() == 1

    @pytest.mark.parametrize("refused_with_200", [False, True], ids=["401", "success: false"])
    def test_a_token_that_had_worked_is_renewed_when_it_is_refused(self, *, refused_with_200: bool) -> None:
        """It may have been withdrawn early; the search is asked again with a new one."""
        world = World(refused_with_200=refused_with_200)
        source = world.source()
        assert list(source.customers())
        world.api.tokens.clear()
        assert len(list(source.customers())) == 1
        assert world.wire.logins() == 2

    def test_a_new_token_that_is_refused_is_an_error(self) -> None:
        """Nobody logs in without end."""
        world = World(expires_in=0)
        with pytest.raises(AuthenticationFailed):
            list(world.source().customers())
        assert world.wire.logins() == 1

    def test_a_wrong_password_is_told_in_furious_words(self) -> None:
        """They come with status 200; the password is not among them."""
        api = standin.api()
        wire = Wire(api)
        wrong = settings().model_copy(update={"username": ""})
        with pytest.raises(AuthenticationFailed, match="not accepted: Identifiants invalides") as caught:
            Login(wrong, wire).headers()
        assert "a password of the stand-in" not in str(caught.value)

    @pytest.mark.parametrize("answer", [None, [], {"success": True}, {"success": True, "token": ""}, {"token": "abcd"}])
    def test_an_answer_without_a_token_is_not_a_furious(self, answer: object) -> None:
        """Nothing is searched without a token."""

        class Strange:
            def answer(self, _: Asked) -> Said:
                return Said(200, answer if answer is not None else b"null")

        with pytest.raises(UnexpectedAnswer, match="no token"):
            Login(settings(), wire_of(Strange())).headers()


class TestWalking:
    """Pages."""

    @pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 9, 10])
    def test_every_record_comes_once(self, count: int) -> None:
        """Each page begins with the last record of the one before."""
        assert list(walk(Wire(many(count)), page_rows=4)) == list(range(1, count + 1))

    def test_ids_are_numbers_though_they_are_told_as_texts(self) -> None:
        """10 comes after 9."""
        assert list(walk(Wire(many(25)), page_rows=10)) == list(range(1, 26))

    def test_fewer_records_than_asked_for_end_nothing(self) -> None:
        """A server may give less than it was asked for; its total tells when all were read."""
        assert list(walk(Wire(many(9, cap=3)), page_rows=250)) == list(range(1, 10))

    def test_records_deleted_meanwhile_make_it_go_back(self) -> None:
        """Others moved up unseen; none that stays is missed or doubled."""
        api = many(12)

        def delete_once(_: str) -> None:
            del api.tables["project"][:3]
            api.on_search = lambda _: None

        api.on_search = delete_once
        assert list(walk(Wire(api), page_rows=4)) == list(range(1, 13))

    def test_a_list_that_never_rests_is_left_for_the_next_run(self) -> None:
        """It is given up after so many setbacks."""
        wire = wire_of(Saying(*[page(1, 2, total=9), page(8, 9, total=9)] * (MOST_SETBACKS + 1)))
        with pytest.raises(Unavailable, match="keeps changing"):
            list(walk(wire, page_rows=2))
        assert len(wire.searches()) == 2 * (MOST_SETBACKS + 1)

    def test_a_record_without_id_is_told_and_the_others_go_on(self) -> None:
        """Whatever stands in its place."""
        wire = wire_of(Saying(page(1, None, "", [], "x", 0, 2, total=7)))
        found = list(walk(wire))
        assert [each for each in found if isinstance(each, int)] == [1, 2]
        assert codes(found) == ["UnreadableRecord"] * 5

    def test_an_id_that_comes_twice_is_told(self) -> None:
        """The first record is taken."""
        found = list(walk(wire_of(Saying(page(1, 2, 2, 3, total=4)))))
        assert [each for each in found if isinstance(each, int)] == [1, 2, 3]
        assert codes(found) == ["DuplicateRecord"]

    @pytest.mark.parametrize(
        ("answer", "fault"),
        [
            (page(2, 1, total=2), "not in the order of ids"),
            (page(total=3), "more are announced than come"),
            (page(1, total=3), "more are announced than come"),
            ({"success": True, "data": {"Project": []}}, "no list of them with its total"),
            ({"success": True, "data": {"Project": 7}, "meta": {"totalElements": 1}}, "no list of them with its total"),
            ({"success": True, "data": {"Project": []}, "meta": {"totalElements": None}}, "no list of them"),
            ([], "no answer to the search came"),
        ],
    )
    def test_an_answer_that_cannot_be_walked_is_unexpected(self, answer: object, fault: str) -> None:
        """Going on would lose records."""
        with pytest.raises(UnexpectedAnswer, match=fault):
            list(walk(wire_of(Saying(answer))))

    @pytest.mark.parametrize("data", [[], None, {}, {"Project": None}])
    def test_no_records_may_be_written_in_many_ways(self, data: object) -> None:
        """PHP writes an empty map as a list."""
        empty = {"success": True, "data": data, "meta": {"totalElements": 4, "totalElementsWithFilters": 0}}
        assert list(walk(wire_of(Saying(empty)))) == []


class TestRefusals:
    """Answers with `success: false`."""

    def test_it_is_an_error_though_the_status_is_200(self) -> None:
        """With Furious' own words, and where."""
        calls = Calls(settings(), Wire(standin.api()))
        with pytest.raises(DeclinedError, match='Cannot query field "colour" on type "Project"') as caught:
            list(calls.walk(Search(Resource("project"), ["colour"])))
        assert caught.value.place == "furious: project"

    def test_one_without_words_is_told_all_the_same(self) -> None:
        """It does not say why."""
        with pytest.raises(DeclinedError, match="does not say why"):
            list(walk(wire_of(Saying({"success": False}))))

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({"message": "no"}, "no"),
            ({"message": ["no", "never"]}, "no; never"),
            ({"errors": [{"message": "x"}]}, "{'message': 'x'}"),
            ({"errors": "y"}, "y"),
            ({}, ""),
            ([], ""),
            (None, ""),
        ],
    )
    def test_words_are_found_where_they_stand(self, answer: object, words: str) -> None:
        """As text or list, under either name."""
        assert words_of_refusal(answer) == words


def test_calls_keep_to_the_rate_of_the_settings() -> None:
    """The vendor's limit is not known; name and address are what it would count by."""
    world = World()
    world.source(requests_per_minute=5)
    [(rate, account)] = world.wire.kept
    assert rate == Rate(requests=5, seconds=60, burst=5)
    assert account == "https://agency.furious.example/api/v2 honorar"
