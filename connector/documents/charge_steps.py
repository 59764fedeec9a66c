"""The sentences that explain retainers and time and materials, in German and English (domain 4, 5, 6, 11).

One template per rule of a `Step` that a charge's reason may have; `explain` shows its values.
"""

CHARGE_STEPS = {
    "de": {
        "agreed_fee": "Pauschale ab {on} vereinbart: {fee}",
        "indexed": "Anpassung ab {on} um {change}, gerundet auf {round_to}: {fee}",
        "indexed_by_table": "Anpassung ab {on}: Index {index} ({month}) ÷ Basis {base}, gerundet auf {round_to}: {fee}",
        "index_within_threshold": "Ab {on} keine Anpassung: Index {index} ({month}) zu Basis {base} unter der "
        "Schwelle, weiterhin {fee}",
        "fee_of_period": "Pauschale {start} bis {end}: {fee} × {part} = {net}",
        "discount_of_period": "Nachlass „{label}“ {start} bis {end}: {size} = {net}",
        "bank_opening": "{item}: Anfangsstand {opening} (Überträge: {lots})",
        "bank_granted": "Kontingent {granted}, verfügbar {available}",
        "consumed_role": "{role}: {amount} × {price} = {net}",
        "consumed": "{item}: verbraucht {used} ({entries} Einträge)",
        "bank_overage": "Verbraucht {used}: gedeckt {covered}, vom nächsten Kontingent abgezogen {deducted}, "
        "Mehraufwand {overage} (Regel {rule})",
        "overage_tier": "Mehraufwand, Stufe {tier} ({mode}): {amount} × {price} = {net}",
        "variable_part": "Kennzahl {metric} ({use}): {value} zu {size} = {net}",
        "time_sum": "Zeit: {seconds} ({entries} Einträge)",
        "rate": "Satz {price} je Stunde ({level} {of})",
        "time_priced": "Stunden × Satz = {net}",
        "limited": "Obergrenze {limit}: von {whole} bleiben {net}, der Rest wartet",
        "charge_gone": "{position}: nichts mehr zu berechnen",
        "charge_due": "Nach heutigem Stand {target}; bisher fakturiert {billed}; jetzt fällig {due}",
    },
    "en": {
        "agreed_fee": "Fee agreed from {on}: {fee}",
        "indexed": "Changed from {on} by {change}, rounded to {round_to}: {fee}",
        "indexed_by_table": "Changed from {on}: index {index} ({month}) ÷ base {base}, rounded to {round_to}: {fee}",
        "index_within_threshold": "No change from {on}: index {index} ({month}) to base {base} is below the "
        "threshold, still {fee}",
        "fee_of_period": "Fee {start} to {end}: {fee} × {part} = {net}",
        "discount_of_period": "Discount “{label}” {start} to {end}: {size} = {net}",
        "bank_opening": "{item}: opening {opening} (carried over: {lots})",
        "bank_granted": "Allowance {granted}, available {available}",
        "consumed_role": "{role}: {amount} × {price} = {net}",
        "consumed": "{item}: used {used} ({entries} entries)",
        "bank_overage": "Used {used}: covered {covered}, drawn from the next allowance {deducted}, "
        "overage {overage} (rule {rule})",
        "overage_tier": "Overage, tier {tier} ({mode}): {amount} × {price} = {net}",
        "variable_part": "Metric {metric} ({use}): {value} at {size} = {net}",
        "time_sum": "Time: {seconds} ({entries} entries)",
        "rate": "Rate {price} per hour ({level} {of})",
        "time_priced": "Hours × rate = {net}",
        "limited": "Limit {limit}: {net} of {whole} remain, the rest waits",
        "charge_gone": "{position}: nothing left to charge",
        "charge_due": "By today's knowledge {target}; billed before {billed}; due now {due}",
    },
}
