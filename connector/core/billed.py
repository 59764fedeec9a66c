"""The billed log and what follows from it: never a counter, always a sum (domain 3.8, 3.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from connector.core.money import Money
from connector.core.offer import Position
from connector.core.period import Period


class BilledKind(StrEnum):
    """Why an entry stands in the log."""

    BILLED = "billed"
    EDITED = "edited"
    REVERSED = "reversed"
    CHANGE_ACCEPTED = "change_accepted"


@dataclass(frozen=True, slots=True)
class BilledEntry:
    """One line of the append-only log.

    `position` is the position as it was then, so that a later change is seen. `computed` is what rule 3.5 gave,
    `invoiced` what stands on the document; only `computed` counts as billed. An EDITED entry carries the difference a
    person made in `invoiced` and nothing in `computed`; a REVERSED one takes both back; a CHANGE_ACCEPTED one carries
    the new terms and no money (`comment` says why; `vanished` tells that the position is gone).
    """

    agreement: str
    position: Position
    document: str
    kind: BilledKind
    on: date
    share_before: Fraction
    share_after: Fraction
    quantity: Decimal
    computed: Money
    invoiced: Money
    period: Period
    who: str
    comment: str = ""
    vanished: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """What a plan needs of every entry; `read` gives the rest, which of most entries, years old, nobody asks for."""

    position: str
    agreement: str
    document: str
    kind: BilledKind
    computed: Money
    invoiced: Money
    read: Callable[[], BilledEntry] = field(compare=False, repr=False)

    @classmethod
    def of(cls, entry: BilledEntry) -> Logged:
        """Return the entry at a glance."""
        position, document = entry.position.key, entry.document
        return cls(position, entry.agreement, document, entry.kind, entry.computed, entry.invoiced, lambda: entry)


@dataclass(frozen=True, slots=True)
class BilledState:
    """What the log says of one position: sums of computed and invoiced net, and the state last billed.

    `billed` are the entries that stand, oldest first; `agreed` is the one that says the terms: the last that was billed
    or accepted.
    """

    computed: Money
    invoiced: Money
    agreement: str
    agreed: Logged
    billed: tuple[Logged, ...]

    @property
    def share(self) -> Fraction:
        """Return the share last billed, 0 if nothing stands."""
        return self.billed[-1].read().share_after if self.billed else Fraction(0)

    @property
    def terms(self) -> Position:
        """Return the position as last billed or accepted."""
        return self.agreed.read().position

    @property
    def vanished(self) -> bool:
        """Tell whether it was accepted that the position is gone."""
        return self.agreed.read().vanished

    @property
    def through(self) -> date | None:
        """Return the end (exclusive) of the last service period billed, None if nothing stands."""
        return max((entry.read().period.end for entry in self.billed), default=None)

    @property
    def stands(self) -> bool:
        """Tell whether anything billed was not taken back."""
        return bool(self.billed)

    @property
    def invoiced_by(self) -> str:
        """Return the key of the last document that billed any of it, and stands; '' for none."""
        return next((entry.document for entry in reversed(self.billed) if entry.computed.amount > 0), "")

    @property
    def deviation(self) -> Money:
        """Return by how much people changed what was computed (domain 3.8)."""
        return self.invoiced - self.computed


def given_back(state: BilledState | None, amount: Money) -> str:
    """Return the key of the document that billed what a negative amount gives back; '' for any other amount."""
    return state.invoiced_by if state and amount.amount < 0 else ""


def _state(entries: Sequence[Logged]) -> BilledState:
    """Return what the entries of one position, oldest first, add up to."""
    standing = _standing(entries)
    agreed = standing[-1] if standing else entries[-1]
    billed = tuple([entry for entry in standing if entry.kind is BilledKind.BILLED])
    if len(entries) == 1:  # as most are, and nothing needs adding
        return BilledState(agreed.computed, agreed.invoiced, agreed.agreement, agreed, billed)
    currency = entries[0].computed.currency
    return BilledState(
        computed=Money.total((entry.computed for entry in entries), currency),
        invoiced=Money.total((entry.invoiced for entry in entries), currency),
        agreement=agreed.agreement,
        agreed=agreed,
        billed=billed,
    )


def _standing(entries: Sequence[Logged]) -> list[Logged]:
    """Return what was billed and not reversed, and the accepted changes; an edit or reversal brings no terms."""
    reversed_documents = {entry.document for entry in entries if entry.kind is BilledKind.REVERSED}
    return [
        entry
        for entry in entries
        if entry.kind is BilledKind.CHANGE_ACCEPTED
        or (entry.kind is BilledKind.BILLED and entry.document not in reversed_documents)
    ]


@dataclass(frozen=True, slots=True)
class History:
    """The log folded: a state per position key, and how many documents each agreement has had."""

    positions: Mapping[str, BilledState]
    documents: Mapping[str, int]

    @classmethod
    def fold(cls, entries: Iterable[BilledEntry]) -> History:
        """Return what the entries, oldest first, add up to."""
        return cls.at_a_glance(map(Logged.of, entries))

    @classmethod
    def at_a_glance(cls, entries: Iterable[Logged]) -> History:
        """Return the same of entries of which most need not be read whole."""
        positions: dict[str, list[Logged]] = {}
        documents: dict[str, set[str]] = {}
        for entry in entries:
            positions.setdefault(entry.position, []).append(entry)
            if entry.kind is BilledKind.BILLED:
                documents.setdefault(entry.agreement, set()).add(entry.document)
        return cls(
            {key: _state(logged) for key, logged in positions.items()},
            {agreement: len(keys) for agreement, keys in documents.items()},
        )


EMPTY = History({}, {})
