"""The billed log and what follows from it: never a counter, always a sum (domain 3.8, 3.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
class BilledState:
    """What the log says of one position: sums of computed and invoiced net, and the state last billed.

    `terms` is the position as last billed or accepted; `vanished` tells that its disappearance was accepted;
    `through` is the end (exclusive) of the last service period billed, None if nothing stands.
    """

    computed: Money
    invoiced: Money
    share: Fraction
    terms: Position
    agreement: str
    through: date | None
    vanished: bool = False

    @property
    def stands(self) -> bool:
        """Tell whether anything billed was not taken back."""
        return self.through is not None

    @property
    def deviation(self) -> Money:
        """Return by how much people changed what was computed (domain 3.8)."""
        return self.invoiced - self.computed


@dataclass(slots=True)
class _Fold:
    entries: list[BilledEntry] = field(default_factory=list)

    def state(self) -> BilledState:
        currency = self.entries[0].computed.currency
        standing = self._standing()
        billed = [entry for entry in standing if entry.kind is BilledKind.BILLED]
        agreed = standing[-1] if standing else self.entries[-1]
        return BilledState(
            computed=Money.total((entry.computed for entry in self.entries), currency),
            invoiced=Money.total((entry.invoiced for entry in self.entries), currency),
            share=billed[-1].share_after if billed else Fraction(0),
            terms=agreed.position,
            agreement=agreed.agreement,
            through=max((entry.period.end for entry in billed), default=None),
            vanished=agreed.vanished,
        )

    def _standing(self) -> list[BilledEntry]:
        """Return what was billed and not reversed, and the accepted changes; an edit or reversal brings no terms."""
        reversed_documents = {entry.document for entry in self.entries if entry.kind is BilledKind.REVERSED}
        return [
            entry
            for entry in self.entries
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
        folds: dict[str, _Fold] = {}
        documents: dict[str, set[str]] = {}
        for entry in entries:
            folds.setdefault(entry.position.key, _Fold()).entries.append(entry)
            if entry.kind is BilledKind.BILLED:
                documents.setdefault(entry.agreement, set()).add(entry.document)
        return cls(
            {key: fold.state() for key, fold in folds.items()},
            {agreement: len(keys) for agreement, keys in documents.items()},
        )


EMPTY = History({}, {})
