"""The figures of a table of texts, extracted by Spark: ``python spark.py TEXTS FIGURES``.

``TEXTS`` is Parquet with a column ``text`` and, where there are any, ``id``, ``title``, ``url``,
``publisher`` and ``published``; ``FIGURES`` is the folder of Parquet that is written. On a cluster,
aidledger must be installed where the executors run: see ``docs/scale.md``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pandas as pd
from pyspark.sql import SparkSession

import aidledger as al


def figures_of(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The figures of each batch of texts."""
    return map(al.extract_frame, frames)


def main(texts: str, figures: str) -> None:
    """Read the texts, write their figures."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # that aidledger is installed for
    spark = SparkSession.builder.appName("aidledger").getOrCreate()
    found = spark.read.parquet(texts).mapInPandas(figures_of, schema=al.frame_ddl())
    found.write.mode("overwrite").parquet(figures)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
