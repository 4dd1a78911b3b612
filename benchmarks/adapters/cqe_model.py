"""A spaCy 3 "model" for CQE whose syntax comes from spaCy 2.3 in a process of its own.

CQE loads its model by the name of a module with a ``load`` function. A model for spaCy 3 comes from
no package registry, en_core_web_sm 2.2.5 does; so CQE keeps its own tokenizer, and the words go to
``cqe_parser.py``, which tags and parses them.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc


class Parser:
    """The process in spaCy 2.3's environment, and what it has cost so far."""

    def __init__(self) -> None:
        python = Path(os.environ["PEERS"]) / "spacy" / "bin" / "python"
        self.process = subprocess.Popen(
            [str(python), "-m", "adapters.cqe_parser"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seconds = 0.0
        self.peak = 0

    def __call__(self, doc: Doc) -> Doc:
        """The same words with their syntax."""
        if not len(doc):
            return doc
        words = [token.text for token in doc]
        spaces = [bool(token.whitespace_) for token in doc]
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([words, spaces]) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.seconds, self.peak = answer["seconds"], answer["peak"]
        return Doc(doc.vocab, words=words, spaces=spaces, **answer["doc"])


PARSER = Parser()


@Language.component("parsed_elsewhere")
def parsed_elsewhere(doc: Doc) -> Doc:
    """The component that stands for tagger, parser and entity recognizer."""
    return PARSER(doc)


def load(**_: Any) -> Language:
    """The blank English pipeline of spaCy 3 with the parser above; called by CQE."""
    model = spacy.blank("en")
    model.add_pipe("parsed_elsewhere")
    return model
