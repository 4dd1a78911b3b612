"""Charts of totals and of what stands behind them.

In: frames of totals, balances or figures. Out: the matplotlib axes that were drawn on;
``save_chart`` in :mod:`canvas` writes them to a file.

Without asking: ``aidledger.mplstyle``. Pictures of all charts are kept in ``tests/baseline/``.
"""
