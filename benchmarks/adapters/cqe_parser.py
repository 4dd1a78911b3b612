"""The syntax for CQE, in spaCy 2.3's environment: words in, tags, heads and entities out.

Each line of standard input is ``[words, spaces]``; each answer names what ``spacy.tokens.Doc`` of
spaCy 3 takes, with the processor seconds and peak kilobytes of this process so far.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from typing import Any

from adapters.harness import peak_kilobytes


def parsed(doc: Any) -> dict[str, list[Any]]:
    """A parsed document as the keyword arguments of spaCy 3's ``Doc``."""
    return {
        "tags": [token.tag_ for token in doc],
        "pos": [token.pos_ for token in doc],
        "deps": [token.dep_ for token in doc],
        "heads": [token.head.i for token in doc],
        "lemmas": [token.lower_ if token.lemma_ == "-PRON-" else token.lemma_ for token in doc],
        "ents": [
            "O" if token.ent_iob_ in ("O", "") else f"{token.ent_iob_}-{token.ent_type_}"
            for token in doc
        ],
    }


def main() -> None:
    """Answer every line of standard input."""
    warnings.filterwarnings("ignore", message=r"\[W031\]")
    import en_core_web_sm
    from spacy.tokens import Doc

    model = en_core_web_sm.load()
    for line in sys.stdin:
        words, spaces = json.loads(line)
        doc = Doc(model.vocab, words=words, spaces=spaces)
        for _, component in model.pipeline:
            doc = component(doc)
        cost = {"seconds": time.process_time(), "peak": peak_kilobytes()}
        print(json.dumps({"doc": parsed(doc), **cost}), flush=True)


if __name__ == "__main__":
    main()
