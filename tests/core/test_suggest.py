"""The hint for a word that is not known."""

from connector.core.suggest import MOST_NAMES, did_you_mean


def test_a_slip_of_the_keyboard_gets_the_word_that_was_meant() -> None:
    """One near word is suggested, in the way it is really written."""
    assert did_you_mean("Redmin", ["ledger", "redmine"]) == "did you mean 'redmine'?"
    assert did_you_mean("k-1001", ["K-1001", "K-2002"]) == "did you mean 'K-1001'?"


def test_a_far_word_gets_the_list() -> None:
    """Where nothing is near, what is known is listed in order."""
    assert did_you_mean("xyz", ["b", "a", "b"]) == "known: a, b"


def test_a_long_list_is_cut() -> None:
    """The message stays short however many words there are."""
    hint = did_you_mean("xyz", [f"{number:03}" for number in range(100)])
    assert hint.count("0") >= MOST_NAMES
    assert hint.endswith("011, …")


def test_nothing_known_is_said() -> None:
    """An empty list is said in words."""
    assert did_you_mean("xyz", []) == "none is known"
