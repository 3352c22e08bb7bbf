"""How often the package was right on what was checked."""

from collections.abc import Mapping, Sequence

import pandas as pd

from xiacheng_nlp.statistics import wilson


def shares_right(judged: Mapping[str, Sequence[bool]]) -> pd.DataFrame:
    """A row a field: `field`, `n`, `right`, `share` (0 to 1, null where n is 0), and `low`, `high`,
    its 95 % interval (Wilson 1927).

    >>> shares_right({"period": [True, True, False]})[["field", "n", "right"]].values.tolist()
    [['period', 3, 2]]
    """
    rows = []
    for field, hits in judged.items():
        low, high = wilson(sum(hits), len(hits))
        share = sum(hits) / len(hits) if hits else None
        rows.append((field, len(hits), sum(hits), share, float(low), float(high)))
    return pd.DataFrame(rows, columns=["field", "n", "right", "share", "low", "high"])
