"""Fit how sure the trained coder of themes says it is: `python tools/calibrate_themes.py`.

From the tenths of its scores by cross-validation, which `coder.npz` holds, it makes the three
numbers of a beta calibration (Kull, Silva Filho & Flach 2017) and writes them beside them. The
reports of which totals alone are known have no say: how far it holds on them is printed.
`tools/train_themes.py` does the same when it trains.
"""

import json

import numpy as np
from train_themes import TARGET, calibration, error, stored


def main() -> None:
    with np.load(TARGET) as found:
        arrays = {name: found[name] for name in found.files}
    about = json.loads(bytes(arrays["about"]))
    scores = about["scores"]
    about["calibration"] = calibration(scores["reliability"])
    for name, told in (("cross-validation", scores), ("totals only", scores["totals"])):
        before, after = (
            error(told["reliability"], bends) for bends in ((1, 1, 0), about["calibration"])
        )
        print(f"{name}: expected calibration error {before:.3f} before, {after:.3f} after")
    arrays["about"] = np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8)
    stored(TARGET, arrays)


if __name__ == "__main__":
    main()
