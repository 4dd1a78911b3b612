"""``python -m aidledger``: the same as the command."""

from aidledger.cli import main

main()
