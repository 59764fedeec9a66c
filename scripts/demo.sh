#!/usr/bin/env bash
# Six months of the example agency, in the commands a user types. Typed again, it only shows that nothing is due.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
tenant=build/demo

say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }

# Exit code 1 means that some documents are held and the rest is done, which a month of the example shows on purpose.
show() {
    say "$@"
    "$@" || [ $? -eq 1 ]
}

if [ ! -e "$tenant/connector.toml" ]; then
    say honorar init --example "$tenant"
    honorar init --example "$tenant" | tail -n 1
fi
show honorar check --config "$tenant"

paid() { show honorar paid "$1" --on "$2" --as-of "$day" --config "$tenant"; }

# In April somebody finds out that a booking of January was too short: the retainer corrects what was billed.
edit_a_booking_of_january() {
    say "sed -i '/^Z-0248;/s/;1:30;/;3:00;/' $tenant/data/time.csv"
    sed -i '/^Z-0248;/s/;1:30;/;3:00;/' "$tenant/data/time.csv"
}

# The winery pays ahead; its final invoice in June deducts what was paid.
what_happened_before() {
    case "$1" in
        2026-03-31) paid RE-2026-0012 2026-03-12 ;;
        2026-04-30) paid RE-2026-0022 2026-04-10; edit_a_booking_of_january ;;
        2026-05-31) paid RE-2026-0030 2026-05-15 ;;
    esac
}

done_so_far=$(honorar documents --config "$tenant" --json)
for day in 2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30; do
    case "$done_so_far" in
        *"\"issue_date\": \"$day\""*) echo "$day: billed by an earlier demo" ;;
        *)
            what_happened_before "$day"
            show honorar run --config "$tenant" --as-of "$day"
            ;;
    esac
done
show honorar run --config "$tenant" --as-of 2026-06-30
show honorar documents --config "$tenant"
show honorar explain RE-2026-0001 --config "$tenant"
show honorar explain RE-2026-0031.2 --config "$tenant"
show honorar timebank care --period 2026-02 --as-of 2026-04-30 --config "$tenant"
printf '\nThe files for the tax adviser:\n'
ls "$tenant"/out/datev/EXTF_*.csv
