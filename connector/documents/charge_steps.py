"""The steps of retainers and of time and materials in sentences: banks, fees, rates, corrections (domain 4 to 6)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from connector.core.charge_texts import period_text
from connector.core.money import Money
from connector.core.quantity import Unit
from connector.documents import numbers

CHARGE_STEPS = {
    "de": {
        "bank_opening": "Kontingent {item}: Anfangsbestand {opening} (Überträge: {lots})",
        "allowance_part": "Anteil {start} bis {end}: {allowance} × {part}",
        "bank_granted": "Neu gewährt {granted}, damit verfügbar {available}",
        "time_rounded": "Zeitrundung: {per} in Schritten von {minutes} Minuten, {way}",
        "consumed": "{item} verbraucht: {used} (Einträge: {entries})",
        "consumed_role": "Verbrauch durch {role}: {amount}{printed} × {price} = {net}",
        "entries_listed": "Die Einträge zeigt: honorar timebank {agreement} --period {period}",
        "bank_overage": "Davon gedeckt {covered} ({lots}), Mehraufwand {overage}: {rule}",
        "bank_deducted": "Davon gedeckt {covered} ({lots}), vom nächsten Kontingent abgezogen {deducted}, "
        "Mehraufwand {overage}: {rule}",
        "overage_price": "Mehraufwand: {amount}{printed} × {price} = {net}",
        "overage_tier": "Mehraufwand, Stufe {tier} von {tiers} ({mode}): {amount}{printed} × {price} = {net}",
        "charge_due": "Soll {target}; bisher fakturiert {billed}; jetzt fällig {due}",
        "charge_gone": "{position} ist entfallen: Wert 0",
        "time_sum": "Zeit: {seconds} (Zeiteinträge: {entries})",
        "rate": "Stundensatz {price} ({level}{of})",
        "time_priced": "{seconds}{printed} × {price} = {net}",
        "limited": "Mehr als {limit} darf nicht berechnet werden: statt {whole} noch {net}",
        "agreed_fee": "Pauschale, vereinbart ab {on}: {fee}",
        "indexed": "Anpassung ab {on} um {change}, gerundet auf {round_to}: {fee}",
        "indexed_by_table": "Anpassung ab {on} nach Index {month}: {index} ÷ {base}, gerundet auf {round_to}: {fee}",
        "index_within_threshold": "Index {month}: {index} ÷ {base} liegt unter der Schwelle; ab {on} weiter {fee}",
        "fee_of_period": "Pauschale {start} bis {end}: {fee} × {part} = {net}",
        "discount_of_period": "Nachlass {label} ({size}) {start} bis {end}: {net}",
        "variable_part": "Kennzahl {metric} ({use}): {value} × {size} = {net}",
        "hours": "Zeit: {seconds}",
        "percent_of": "{percent} von {base}",
    },
    "en": {
        "bank_opening": "Allowance {item}: opening balance {opening} (carried over: {lots})",
        "allowance_part": "Part {start} to {end}: {allowance} × {part}",
        "bank_granted": "Newly granted {granted}, so available {available}",
        "time_rounded": "Time rounding: {per} in steps of {minutes} minutes, {way}",
        "consumed": "{item} used: {used} (entries: {entries})",
        "consumed_role": "Used by {role}: {amount}{printed} × {price} = {net}",
        "entries_listed": "The entries are shown by: honorar timebank {agreement} --period {period}",
        "bank_overage": "Of that covered {covered} ({lots}), overage {overage}: {rule}",
        "bank_deducted": "Of that covered {covered} ({lots}), drawn from the next allowance {deducted}, "
        "overage {overage}: {rule}",
        "overage_price": "Overage: {amount}{printed} × {price} = {net}",
        "overage_tier": "Overage, tier {tier} of {tiers} ({mode}): {amount}{printed} × {price} = {net}",
        "charge_due": "Comes to {target}; billed before {billed}; due now {due}",
        "charge_gone": "{position} is gone: worth 0",
        "time_sum": "Time: {seconds} (time entries: {entries})",
        "rate": "Hourly rate {price} ({level}{of})",
        "time_priced": "{seconds}{printed} × {price} = {net}",
        "limited": "Not more than {limit} may be billed: instead of {whole} only {net}",
        "agreed_fee": "Fee agreed from {on}: {fee}",
        "indexed": "Changed from {on} by {change}, rounded to {round_to}: {fee}",
        "indexed_by_table": "Changed from {on} by the index of {month}: {index} ÷ {base}, rounded to {round_to}: {fee}",
        "index_within_threshold": "Index of {month}: {index} ÷ {base} is within the threshold; from {on} still {fee}",
        "fee_of_period": "Fee {start} to {end}: {fee} × {part} = {net}",
        "discount_of_period": "Discount {label} ({size}) {start} to {end}: {net}",
        "variable_part": "Metric {metric} ({use}): {value} × {size} = {net}",
        "hours": "Time: {seconds}",
        "percent_of": "{percent} of {base}",
    },
}

_WORDS = {
    "de": {
        "bill_now": "wird sofort berechnet",
        "bill_next": "wird mit der nächsten Rechnung berechnet",
        "deduct_next": "wird berechnet, soweit das nächste Kontingent nicht reicht",
        "absorb": "wird nicht berechnet",
        "hold": "wird nach Freigabe berechnet",
        "entry": "jeder Eintrag",
        "day": "jeder Tag je Person, Projekt, Tätigkeit und Position",
        "line": "die Summe",
        "up": "aufgerundet",
        "nearest": "kaufmännisch",
        "graduated": "gestaffelt",
        "volume": "erreichte Stufe für alles",
        "sum": "Summe",
        "last": "letzter Stand",
        "position": "Position",
        "person": "Person",
        "activity": "Tätigkeit",
        "project": "Projekt",
        "customer": "Kunde",
        "default": "allgemein",
    },
    "en": {
        "bill_now": "billed at once",
        "bill_next": "billed with the next invoice",
        "deduct_next": "billed as far as the next allowance falls short",
        "absorb": "not billed",
        "hold": "billed once approved",
        "entry": "each entry",
        "day": "each day per person, project, activity and position",
        "line": "the sum",
        "up": "up",
        "nearest": "to the nearest",
        "graduated": "graduated",
        "volume": "the tier reached for all",
        "sum": "sum",
        "last": "last reading",
        "position": "position",
        "person": "person",
        "activity": "activity",
        "project": "project",
        "customer": "customer",
        "default": "general",
    },
}
"""How rules, modes and levels are called."""


def money_text(text: str, language: str) -> str:
    """Return the text of an amount ('8333.33 EUR') as people write it."""
    amount, _, currency = text.partition(" ")
    return numbers.money(Money(Decimal(amount), currency), language)


def size_text(text: str, language: str) -> str:
    """Return the text of a percentage, an amount or a number as people write it."""
    if text.endswith("%"):
        return f"{_number(text.removesuffix('%').strip(), language)} %"
    return money_text(text, language) if " " in text else _number(text, language)


def grains_text(text: str, language: str) -> str:
    """Return the text of hours ('7:20 h'), of an amount or of units as people write it."""
    return text if text.endswith(" h") else size_text(text, language)


def _lots(text: str, language: str) -> str:
    """Return '01/2026 6:00 h, 02/2026 3:00 h' with the amounts as people write them; the sign for none as it is."""
    named = [lot.partition(" ") for lot in text.split(", ")]
    return ", ".join(
        f"{period_text(period)} {grains_text(left, language)}" if left else period for period, _, left in named
    )


def _printed(text: str, language: str) -> str:
    """Return ', rounded 2.33 hours' for hours that were rounded to be printed; '' for others."""
    if not text:
        return ""
    return f", {_ROUNDED[language]} {_number(text, language)} {numbers.unit(Unit.HOUR, language)}"


_ROUNDED = {"de": "gerundet", "en": "rounded"}


def _number(text: str, language: str) -> str:
    return numbers.number(Decimal(text), language)


def _word(text: str, language: str) -> str:
    return _WORDS[language].get(text, text)


CHARGE_VALUES: dict[str, Callable[[str, str], str]] = {
    **dict.fromkeys(("fee", "limit", "whole"), money_text),
    **dict.fromkeys(
        ("opening", "granted", "available", "allowance", "used", "covered", "deducted", "overage", "amount"),
        grains_text,
    ),
    **dict.fromkeys(("price", "round_to", "index", "base", "value"), _number),
    **dict.fromkeys(("size", "change"), size_text),
    **dict.fromkeys(("rule", "mode", "use", "level", "per", "way"), _word),
    "lots": _lots,
    "printed": _printed,
    "part": lambda text, language: numbers.share(Fraction(text), language),
    "of": lambda text, _: f" {text}" if text else "",
}
"""How a value of these steps is shown, by its name; others are shown as they are."""
