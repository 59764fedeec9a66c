"""Speed and memory, each held against a floor in the same run: `make bench`, kept in docs/performance.md."""
