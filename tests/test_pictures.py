"""Every chart of 0, 1, 2 and 40 series against its stored picture in ``tests/baseline``.

After a change that is meant: ``pytest tests/test_pictures.py --mpl-generate-path tests/baseline``,
and look at what it made.
"""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from drawings import PLOTS, SERIES, draw
from reports.charts.canvas import STYLE


@pytest.mark.mpl_image_compare(
    savefig_kwargs={"dpi": 60, "metadata": {"Software": "aidledger"}},
    style=str(STYLE),
    backend="agg",
    tolerance=4,  # of 255, root mean square: smoothing may differ, a moved label may not
)
@pytest.mark.parametrize("number", SERIES)
@pytest.mark.parametrize("plot", PLOTS)
def test_the_chart_looks_as_it_did(plot: str, number: int) -> Figure:
    figure = draw(plot, number).get_figure(root=True)
    assert figure is not None
    return figure
