"""What the benchmarks share: texts, the other extractors, timed runs, coded ledgers, tables."""
