"""Cut segmented sentences by another segmenter: `cut_sentences.py SYSTEM SENTENCES OUT`.

SYSTEM is rjieba, pkuseg or LAC; SENTENCES has a line of JSON a sentence (report, start, end,
words); OUT gets them with its words, for tools/score_words.py. Those that are no dependency of this
package are each run in an environment of their own:

pkuseg: `pip install "numpy<2" cython setuptools wheel requests tqdm`, then
`pip install --no-build-isolation pkuseg==0.0.25`.

LAC: `pip install "paddlepaddle==2.6.2" "numpy<2" setuptools`, and the unpacked LAC-2.1.2.tar.gz on
PYTHONPATH: neither its set-up nor its first module runs, since they import what Paddle has dropped.
Its model is run by Paddle itself here, with the dictionaries, the pieces and the reader of LAC.
"""

import json
import sys
import types
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Cut = Callable[[str], list[str]]


def lac() -> Cut:
    """The model of words and parts of speech, which LAC takes where nothing else is asked."""
    spec = find_spec("LAC")
    folder = Path(spec.submodule_search_locations[0])  # type: ignore[union-attr, index]
    # The package itself imports what Paddle has dropped; its modules of dictionaries do not.
    package = types.ModuleType("LAC")
    package.__path__ = [str(folder)]
    sys.modules["LAC"] = package
    inference, conf = import_module("paddle.inference"), folder / "lac_model/conf"
    config = inference.Config(str(folder / "lac_model/model"))
    config.disable_glog_info()
    model = inference.create_predictor(config)
    names = {"word_dict_path": "word.dic", "label_dict_path": "tag.dic"}
    names["word_rep_dict_path"] = "q2b.dic"
    paths = {name: str(conf / file) for name, file in names.items()}
    data = import_module("LAC.reader").Dataset(types.SimpleNamespace(model="lac", **paths))
    pieces = import_module("LAC.segment").Segment(str(conf / "small_seg.dic"))

    def cut(text: str) -> list[str]:
        numbers, lengths = data.text_to_ids(pieces.fast_cut(text))
        labels = map(str, _run(model, numbers))
        return list(_joined(text, lengths, (data.id2label_dict[label] for label in labels)))

    return cut


def _run(model: Any, numbers: list[int]) -> list[int]:
    """The labels that the model gives to pieces, by number."""
    np: Any = import_module("numpy")
    given = model.get_input_handle(model.get_input_names()[0])
    given.reshape([len(numbers), 1])
    given.copy_from_cpu(np.array(numbers, np.int64).reshape(-1, 1))
    given.set_lod([[0, len(numbers)]])
    model.run()
    labels = model.get_output_handle(model.get_output_names()[0])
    return list(labels.copy_to_cpu().ravel().tolist())


def _joined(text: str, lengths: list[int], labels: Iterator[str]) -> Iterator[str]:
    """The pieces, each joined to what it goes on from."""
    start = end = 0
    for length, label in zip(lengths, labels, strict=True):
        if label.endswith(("B", "S")) and end > start:
            yield text[start:end]
            start = end
        end += length
    yield text[start:end]


SYSTEMS: dict[str, Callable[[], Cut]] = {
    "rjieba": lambda: import_module("rjieba").cut,
    "pkuseg": lambda: import_module("pkuseg").pkuseg().cut,
    "LAC": lac,
}


def main(system: str, sentences: str, target: str) -> None:
    cut = SYSTEMS[system]()
    lines = []
    for line in Path(sentences).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        words = cut("".join(row["words"]))
        lines.append(json.dumps(row | {"words": words}, ensure_ascii=False) + "\n")
    Path(target).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
