"""From frame to frame: one schema for every input, under pandas, Dask and Spark."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import aidledger as al

ROOT = Path(__file__).parent.parent
SPARK = {"PYSPARK_SUBMIT_ARGS": "--master local[1] --conf spark.ui.enabled=false pyspark-shell"}
TEXT = "Washington will send four more HIMARS to Ukraine, part of a $625 million package."


def texts(rows: int = 4) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"doc {row}" for row in range(rows)],
            "text": [f"{TEXT} On Monday, {row + 2} tanks were delivered." for row in range(rows)],
            "published": ["2022-10-03"] * rows,
            "other": range(rows),
        }
    )


def schema(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in frame.dtypes.items()}


def test_the_figures_are_those_of_extract() -> None:
    frame = texts()
    figures = [
        figure
        for name, text, published in frame[["id", "text", "published"]].values.tolist()
        for figure in al.extract(text, source_id=name, published=published)
    ]
    assert len(figures) == 12
    assert_frame_equal(al.extract_frame(frame), al.to_frame(figures))


@pytest.mark.parametrize(
    "frame",
    [
        texts(),
        texts(0),
        pd.DataFrame({"text": ["No figure."]}),
        pd.DataFrame({"text": [None, float("nan"), " ", TEXT]}),
        pd.DataFrame({"text": pd.Series([], dtype="object")}),
        pd.DataFrame({"text": [TEXT], "id": [7], "title": [None], "published": [pd.NaT]}),
    ],
)
def test_every_input_gives_the_same_schema(frame: pd.DataFrame) -> None:
    found = al.extract_frame(frame)
    assert schema(found) == al.FRAME_SCHEMA
    assert list(found.index) == list(range(len(found)))


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2022-10-04", "2022-10-04"),
        ("4 October 2022", "2022-10-04"),
        (date(2022, 10, 4), "2022-10-04"),
        (datetime(2022, 10, 4, 23, 59), "2022-10-04"),
        (pd.Timestamp("2022-10-04"), "2022-10-04"),
        ("soon", None),
        (None, None),
    ],
)
def test_a_date_of_any_kind_is_read(published: object, day: str | None) -> None:
    frame = pd.DataFrame({"text": ["Today Poland sent 14 tanks."], "published": [published]})
    (found,) = al.extract_frame(frame)["date"]
    assert found == day or (day is None and pd.isna(found))


def test_the_date_is_found_as_readers_find_it(tmp_path: Path) -> None:
    said = "Today Poland sent 14 tanks."
    rows = [
        {"text": said, "url": "https://example.org/2022/10/04/tanks"},
        {"text": f"WARSAW, Oct. 5, 2022 - {said}", "url": None},
        {"text": said, "url": "https://example.org/tanks"},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    read = [figure for _, figures in al.extract_all([path]) for figure in figures]
    assert [figure.date for figure in read] == ["2022-10-04", "2022-10-05", None]
    assert_frame_equal(al.extract_frame(pd.DataFrame(rows)), al.to_frame(read))


def test_a_frame_without_texts_is_refused() -> None:
    with pytest.raises(ValueError, match="no column 'text' among body"):
        al.extract_frame(pd.DataFrame({"body": [TEXT]}))
    with pytest.raises(ValueError, match="more than one column 'id'"):
        al.extract_frame(pd.DataFrame([[TEXT, "a", "b"]], columns=["text", "id", "id"]))


def test_the_schema_is_what_dask_takes() -> None:
    dd = pytest.importorskip("dask.dataframe")
    frame = texts(6)
    parts = dd.from_pandas(frame, npartitions=3).map_partitions(
        al.extract_frame, meta=al.FRAME_SCHEMA
    )
    assert schema(parts._meta) == al.FRAME_SCHEMA
    found = parts.compute(scheduler="synchronous").reset_index(drop=True)
    assert_frame_equal(found, al.extract_frame(frame))


def test_the_example_under_spark_gives_the_same_figures(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("no java, which Spark runs on")
    frame = texts(6)
    frame.to_parquet(tmp_path / "texts.parquet")
    subprocess.run(
        [sys.executable, ROOT / "examples" / "spark.py", tmp_path / "texts.parquet",
         tmp_path / "figures.parquet"],
        check=True, capture_output=True, timeout=300, env=os.environ | SPARK,
    )  # fmt: skip
    found = pd.read_parquet(tmp_path / "figures.parquet")
    expected = al.extract_frame(frame)
    assert list(found.columns) == list(expected.columns)
    by = ["source_id", "start", "figure_id"]
    found = found.astype(al.FRAME_SCHEMA).sort_values(by, ignore_index=True)
    assert_frame_equal(found, expected.sort_values(by, ignore_index=True))
