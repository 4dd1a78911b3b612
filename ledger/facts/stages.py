"""Stages of one package: asked for, authorized, committed, delivered.

Each stage is a fact of its own and counted in its own column; what is kept is which fact took up
which. A text may say so: it tells a number again at another stage, or a gift as part of an
authority. Else an announcement that uses an authority, and a delivery of what was committed, agree
with it in donor, recipient, unit, value and what they are of, and follow it within the time that it
takes.
"""

from __future__ import annotations

import pandas as pd

from ledger.series import purpose

STAGES = ("requested", "authorized", "committed", "delivered")
_RANK = {status: rank for rank, status in enumerate(STAGES)}
_EARLY = pd.Timedelta(days=3)  # an announcement may precede the authority that it uses
_WITHIN = {  # from a stage to the next that is told
    ("requested", "authorized"): 180,
    ("requested", "committed"): 180,
    ("authorized", "committed"): 14,
    ("authorized", "delivered"): 180,
    ("committed", "delivered"): 180,
}


def at_stages(one: pd.Series[str], other: pd.Series[str]) -> pd.Series[bool]:
    """Which statuses, row by row, are two stages of one package."""
    return one.map(_RANK).notna() & other.map(_RANK).notna() & one.ne(other)


def earlier_stage(facts: pd.DataFrame, again: pd.DataFrame) -> pd.Series[str]:
    """For every fact the id of the one before it in its package's way, NaN where none is told.

    ``facts`` has ``fact_id``, ``dimension``, ``basis``, ``status``, ``donor``, ``recipient``,
    ``unit``, ``item``, ``aid_type``, ``value``, ``part_of`` and ``date_end``. ``again``: pairs of
    facts (ids, ``one`` and ``other``) of which a text says that they are one. What texts say comes
    first, then the nearest stage before a fact counts; a fact is taken up once a status.
    """
    alone = again.empty and facts["part_of"].isna().all()
    found = facts["part_of"].copy() if alone else _told(facts, again)  # alone: none of either
    of = ["donor", "recipient", "unit", "kind", "value"]
    staged = facts["status"].isin(STAGES) & facts["basis"].eq("delta") & facts["donor"].notna()
    told = facts[staged]
    if told["status"].nunique() < 2:  # stages are of two statuses: most decisions end here
        return found
    told = told.assign(kind=purpose(told), fact=told.index)
    told = told.dropna(subset=["value", "date_end"])
    told = told[told.duplicated(of, keep=False)]
    reached = set(told["status"])
    for later in STAGES[1:]:
        for earlier in reversed(STAGES[: STAGES.index(later)]):
            if (earlier, later) in _WITHIN and {earlier, later} <= reached:
                pairs = _pairs(told, of, earlier, later, found)
                found.loc[pairs["fact_later"]] = pairs["fact_id"].to_numpy()
    return found


def _told(facts: pd.DataFrame, again: pd.DataFrame) -> pd.Series[str]:
    """The stages before that texts tell: by a number told again, else by the whole of a part."""
    rank = pd.Series(facts["status"].map(_RANK).to_numpy(), index=facts["fact_id"].to_numpy())
    both = pd.concat([again, again.rename(columns={"one": "other", "other": "one"})])
    unit = pd.Series(facts["unit"].to_numpy(), index=facts["fact_id"].to_numpy())
    wholes = facts.loc[facts["part_of"].map(unit).eq(facts["unit"]), ["fact_id", "part_of"]]
    pairs = pd.concat([both, wholes.set_axis(["one", "other"], axis="columns")])
    pairs = pairs.assign(of=pairs["one"].map(rank), before=pairs["other"].map(rank))
    pairs = pairs[pairs["before"] < pairs["of"]]
    pairs = pairs.sort_values("before", ascending=False, kind="stable").drop_duplicates("one")
    return facts["fact_id"].map(pairs.set_index("one")["other"]).astype("str")


def _pairs(
    told: pd.DataFrame, of: list[str], earlier: str, later: str, found: pd.Series[str]
) -> pd.DataFrame:
    """Each fact of a status with the nearest of the earlier one, none of them twice."""
    one = told[told["status"].eq(earlier)].sort_values("date_end", kind="stable")
    other = told[told["status"].eq(later) & found[told["fact"]].isna().to_numpy()]
    other = other.assign(until=other["date_end"] + _EARLY).sort_values("until", kind="stable")
    pairs = pd.merge_asof(
        other[[*of, "until", "date_end", "fact"]].rename(columns={"date_end": "day"}),
        one[[*of, "date_end", "fact_id"]],
        left_on="until",
        right_on="date_end",
        by=of,
        tolerance=pd.Timedelta(days=_WITHIN[earlier, later]) + _EARLY,
    ).dropna(subset=["fact_id"])
    pairs = pairs.assign(apart=(pairs["day"] - pairs["date_end"]).abs())
    pairs = pairs.sort_values(["apart", "day", "fact_id"]).drop_duplicates("fact_id")
    return pairs.rename(columns={"fact": "fact_later"})
