"""The time bank statement (Leistungsnachweis) in German and English (domain 4.10)."""

from __future__ import annotations

from collections.abc import Iterator

from connector.core.allowance import LapseCause, Movement
from connector.core.bank_entries import PeriodStatement
from connector.core.catalogue import ItemUnit, shown
from connector.documents.charge_steps import CHARGE_VALUES, grains_text
from connector.documents.explain import explain_step

MOVEMENTS = ("opening", "carried_in", "granted", "used", "lapsed", "overage", "closing")
"""Columns of a statement: opening + granted = used + lapsed + closing − overage; carried in is part of opening."""

WORDS = {
    "de": {
        "statement": "Leistungsnachweis {agreement}: {label}, Kunde {customer}, Stand {day}",
        "opening": "Anfangsbestand",
        "carried_in": "davon Übertrag",
        "granted": "Kontingent",
        "used": "Verbrauch",
        "lapsed": "Verfall",
        "overage": "Mehraufwand",
        "closing": "Endbestand",
        "entry": "Eintrag",
        "rounding": "Rundung",
        "role": "Betrag",
        "item": "Posten",
        "period": "Zeitraum",
        "state": "Stand",
        "closed": "abgeschlossen",
        "running": "läuft",
        "kind": "Art",
        "day": "Datum",
        "person": "Person",
        "project": "Projekt",
        "project_name": "Projektname",
        "activity": "Tätigkeit",
        "text": "Text",
        "quantity": "Menge",
        "unit": "Einheit",
        "duration": "Dauer",
        "booked": "Gebucht",
        "counted": "Gezählt",
        "id": "Kennung",
        "origin": "Herkunft",
        "no entries": "Keine Einträge.",
        "sum_rounded": "Rundung der Summen: {amount}",
        "overage_told": "Mehraufwand {amount}: {rule}",
        "deducted_told": "{amount} werden vom nächsten Kontingent abgezogen",
        "lapse_told": "{amount} aus {period} verfallen: {cause}",
        LapseCause.EXPIRED: "Frist abgelaufen",
        LapseCause.CAP: "über der Obergrenze",
        LapseCause.NO_CARRY_OVER: "kein Übertrag vereinbart",
        LapseCause.ENDED: "Ende der Vereinbarung",
    },
    "en": {
        "statement": "Time bank statement {agreement}: {label}, customer {customer}, as of {day}",
        "opening": "Opening",
        "carried_in": "carried in",
        "granted": "Granted",
        "used": "Used",
        "lapsed": "Lapsed",
        "overage": "Overage",
        "closing": "Closing",
        "entry": "Entry",
        "rounding": "Rounding",
        "role": "Amount",
        "item": "Item",
        "period": "Period",
        "state": "State",
        "closed": "closed",
        "running": "running",
        "kind": "Kind",
        "day": "Date",
        "person": "Person",
        "project": "Project",
        "project_name": "Project name",
        "activity": "Activity",
        "text": "Text",
        "quantity": "Quantity",
        "unit": "Unit",
        "duration": "Duration",
        "booked": "Booked",
        "counted": "Counted",
        "id": "Id",
        "origin": "Origin",
        "no entries": "No entries.",
        "sum_rounded": "Rounding of the sums: {amount}",
        "overage_told": "Overage {amount}: {rule}",
        "deducted_told": "{amount} are drawn from the next allowance",
        "lapse_told": "{amount} of {period} lapsed: {cause}",
        LapseCause.EXPIRED: "expired",
        LapseCause.CAP: "above the cap",
        LapseCause.NO_CARRY_OVER: "nothing is carried over",
        LapseCause.ENDED: "the agreement ended",
    },
}
"""Headings, kinds of rows and sentences of a statement."""


def movements(movement: Movement) -> dict[str, int]:
    """Return the grains of the movement, in the order of MOVEMENTS."""
    return {
        "opening": movement.opening,
        "carried_in": movement.carried_in,
        "granted": movement.granted,
        "used": movement.used,
        "lapsed": movement.lapsed,
        "overage": movement.overage,
        "closing": movement.closing,
    }


def quantity_text(grains: int, unit: ItemUnit, currency: str, language: str) -> str:
    """Return the grains as people write them: '7:20 h', '12,5', '1.250,00 EUR'."""
    return grains_text(shown(grains, unit, currency), language)


def remarks(statement: PeriodStatement, currency: str, language: str) -> Iterator[str]:
    """Yield what the columns of a statement leave open: how hours became money, what lapsed and why, what is billed."""
    words, bank = WORDS[language], statement.bank
    movement, item = bank.movement, bank.item

    def told(word: str, grains: int, unit: ItemUnit = item.unit, **more: str) -> str:
        return words[word].format(amount=quantity_text(grains, unit, currency, language), **more)

    if statement.rounding:
        yield told("sum_rounded", statement.rounding, ItemUnit.HOURS)
    if bank.consumed.roles:
        yield from (explain_step(step, language) for step in bank.consumed.reason(item, currency)[:-1])
    for lapse in movement.lapses:
        yield told("lapse_told", lapse.grains, period=lapse.period, cause=words[lapse.cause])
    if movement.deducted:
        yield told("deducted_told", movement.deducted)
    if movement.overage:
        yield told("overage_told", movement.overage, rule=CHARGE_VALUES["rule"](item.overage.rule, language))
