"""Which time entries stand on documents: those behind lines that come to today what was billed of them (domain 3.8, 6).

The log knows sums, not entries. So an entry counts as billed where the whole line it is part of comes to what the log
says; where it does not, the next document corrects it, and until then nothing is said of its entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from connector.core.agreement import Agreement
from connector.core.bank_entries import time_behind
from connector.core.billed import BilledState
from connector.core.charge import Charge, ChargeKind
from connector.core.charge_claims import TimeFacts, assess_bank
from connector.core.feeding import Feeding
from connector.core.materials import MaterialsSheet
from connector.core.materials_terms import MaterialsTerms
from connector.core.retainer_terms import RetainerTerms
from connector.core.timebank import BankStatement
from connector.core.timesheet import TimeEntry
from connector.core.work import work_of


@dataclass(frozen=True, slots=True)
class BilledTime:
    """Ids of entries of an agreement: those that stand on documents, and those of which nothing can be said yet."""

    billed: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()


class _Standing(Enum):
    BILLED = auto()
    PENDING = auto()
    NOT_BILLED = auto()


@dataclass(frozen=True, slots=True)
class TimeOnDocuments:
    """Tells which time stands on documents; `states` are those of documents a person approved, by key."""

    facts: TimeFacts
    feeding: Feeding
    states: Mapping[str, BilledState]

    def of(self, agreement: Agreement, entries: Iterable[TimeEntry]) -> BilledTime:
        """Return which of the entries stand on documents of the agreement; they are those of one source.

        Nothing is said of a line cut by `not_to_exceed`, of an agreement that a problem holds back, and of a period
        that has not closed. What measures progress by effort is not billed by the entry, and never told.
        """
        terms = agreement.terms
        if isinstance(terms, RetainerTerms):
            return self._of_retainer(agreement, terms, list(entries))
        if isinstance(terms, MaterialsTerms):
            return self._of_materials(agreement, terms, list(entries))
        return BilledTime()

    def _of_materials(self, agreement: Agreement, terms: MaterialsTerms, entries: list[TimeEntry]) -> BilledTime:
        facts = self.facts
        sheet = MaterialsSheet(agreement, terms, facts.projects, facts.as_of, {})
        problems = sheet.take(self.feeding.work(agreement, facts.work.get(agreement.id, ())))
        if any(problem.holds for problem in problems):
            return _nothing_said(entries)
        standing = {charge.key: self._standing([charge]) for charge in sheet.charges()}
        lines: dict[str, list[TimeEntry]] = {}
        for entry in entries:
            work, _ = work_of([entry], terms.group_by, terms.rounding, approved_only=terms.approved_only)
            for each in work:
                if not agreement.feeds or self.feeding.feed(agreement, (each.project, each.activity, each.position)):
                    lines.setdefault(sheet.key(each), []).append(entry)
        return _told((standing.get(key, _Standing.NOT_BILLED), found) for key, found in lines.items())

    def _of_retainer(self, agreement: Agreement, terms: RetainerTerms, entries: list[TimeEntry]) -> BilledTime:
        found, problems = assess_bank(agreement, terms, self.facts, self.feeding)
        if any(problem.holds for problem in (*found.problems, *problems)):
            return _nothing_said(entries)
        behind = time_behind(agreement, self.feeding, found.statements, entries)
        banks = {(bank.item.id, bank.period.name): bank for bank in found.statements}
        charges: dict[str, list[Charge]] = {}
        for charge in found.charges:
            charges.setdefault(charge.period_name, []).append(charge)
        return _told((self._of_bank(banks[key], charges.get(key[1], ())), told) for key, told in behind.items())

    def _of_bank(self, bank: BankStatement, charges: Iterable[Charge]) -> _Standing:
        """Tell whether item and period are billed: by the fee that covers them, and by overage where there is some."""
        if not bank.closed:
            return _Standing.PENDING
        overage = f"{bank.agreement}/{bank.period.name}/{ChargeKind.OVERAGE}/{bank.item.id}"
        mine = [each for each in charges if each.kind is ChargeKind.FEE or _is_of(each.key, overage)]
        keys = {charge.key for charge in mine}
        gone = (state for key, state in self.states.items() if _is_of(key, overage) and key not in keys)
        return _Standing.PENDING if any(state.computed for state in gone) else self._standing(mine)

    def _standing(self, charges: Iterable[Charge]) -> _Standing:
        pairs = [(charge, self.states.get(charge.key)) for charge in charges]
        if not any(state is not None and state.stands for _, state in pairs):
            closed = all(charge.billed_with <= self.facts.as_of for charge, _ in pairs)
            return _Standing.NOT_BILLED if closed else _Standing.PENDING
        same = all(charge.net == state.computed if state else not charge.net for charge, state in pairs)
        return _Standing.BILLED if same else _Standing.PENDING


def _is_of(key: str, part: str) -> bool:
    """Tell whether the key is the part's, or that of one of its tiers."""
    return key == part or key.startswith(f"{part}/")


def _told(found: Iterable[tuple[_Standing, list[TimeEntry]]]) -> BilledTime:
    ids: dict[_Standing, set[str]] = {standing: set() for standing in _Standing}
    for standing, entries in found:
        ids[standing].update(entry.id for entry in entries)
    return BilledTime(frozenset(ids[_Standing.BILLED]), frozenset(ids[_Standing.PENDING]))


def _nothing_said(entries: Iterable[TimeEntry]) -> BilledTime:
    return BilledTime(pending=frozenset(entry.id for entry in entries))
