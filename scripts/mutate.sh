#!/usr/bin/env bash
# Mutation testing of the billing rules: changes them a little, one place at a time, and lists what no test notices.
# What is changed stands in pyproject.toml under tool.mutmut. All of it takes a quarter of an hour; a pattern such as
# 'connector.core.vat.*' takes seconds. A survivor is shown by: cd build/mutation/work; ../venv/bin/mutmut show NAME
set -euo pipefail
cd "$(dirname "$0")/.."
place=build/mutation

if [ ! -x $place/venv/bin/mutmut ]; then
    python3 -m venv $place/venv
    $place/venv/bin/pip install --quiet --constraint constraints.txt mutmut pytest hypothesis python-dateutil
fi
rm -rf $place/work
mkdir -p $place/work/connector $place/work/tests
cp -r connector/__init__.py connector/core $place/work/connector
cp -r tests/__init__.py tests/conftest.py tests/core $place/work/tests
cp pyproject.toml $place/work
cp scripts/plain_properties.py $place

cd $place/work
../venv/bin/python ../plain_properties.py connector/core/*.py
../venv/bin/mutmut run --max-children 1 "$@"
../venv/bin/mutmut results
