"""Random and mutated reports through every step, in one process: python tests/fuzz.py [--command]
[--part K/N] [COUNT] [SEED]

Each input of up to 500 characters (as bytes of one of the formats that are read) must give a report
or a `ReportError` of one line; of a report every step must give spans that hold what they say. At
the end some inputs are repeated 32 times and 256 times and the steps are timed: times that grow
faster than the length are shown, and fail. The tests run a part of this, without the times.

With --part 1/2 every second input is tried, with --part 2/2 the others: on two cores at the same
time. With --command each input is a file, and goes through the command line: a whole table of each
form in turn, or one line that says why not.
"""

import argparse
import contextlib
import csv
import io
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from xiacheng_nlp.cli import main as main_of_the_command
from xiacheng_nlp.errors import ReportError
from xiacheng_nlp.observations.numbers_of_report import report_quantities
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.text import flow
from xiacheng_nlp.themes.coding import code_themes

LONGEST = 500
REPEATED = 32
TIMES = 8
ALLOWED = 24
"""How many times as long a step may take on text eight times as long: thrice the length, for the
noise of short times."""


def structure(report: Report) -> None:
    """Paragraphs and sentences lie in order, hold their text, and cover the body but for blanks."""
    place = report.start
    for paragraph in report.paragraphs:
        assert place <= paragraph.start < paragraph.end <= report.end
        assert not report.reading(place, paragraph.start)[0].strip()
        assert report.reading(paragraph.start, paragraph.end)[0] == paragraph.text
        assert "".join("".join(s.text.split()) for s in paragraph.sentences) == "".join(
            paragraph.text.split()
        )
        inner = paragraph.start
        for sentence in paragraph.sentences:
            assert sentence.start == inner < sentence.end
            inner = sentence.end
        assert inner == paragraph.end
        place = paragraph.end
    assert not report.reading(place, report.end)[0].strip()
    for section in report.walk():
        assert section.start <= section.heading_start < section.heading_end <= section.end
    for note in report.notes:
        assert 0 <= note.start <= note.end <= len(report.text)


def quantities(report: Report) -> None:
    """Every number has its surface at its span, and the spans run forward."""
    place = 0
    for quantity in report_quantities(report):
        assert place <= quantity.start < quantity.end
        # Before the speech the text is read as it stands.
        surface = flow(report.text[quantity.start : quantity.end])
        assert quantity.text in (surface, report.reading(quantity.start, quantity.end)[0])
        place = quantity.end


def observations(report: Report) -> None:
    """Every observation has its surface at its span, inside its sentence, and an id of its own."""
    found = indicators(report)
    assert len({o.id for o in found}) == len(found)
    for o in found:
        assert report.reading(o.start, o.end)[0] == o.text
        assert o.sentence_start <= o.start < o.end <= o.sentence_end


def themes(report: Report) -> None:
    """Every sentence is coded or counted as left out, and every phrase lies in its sentence and is
    what stands there."""
    table = code_themes(report)
    assert len(table) + sum(table.attrs["left_out"].values()) == len(report.sentences)
    for row in table[["start", "end", "text", "themes", "evidence"]].to_dict("records"):
        assert report.reading(row["start"], row["end"])[0] == row["text"]
        assert 1 <= len(row["themes"]) <= 3
        for found in row["evidence"]:
            assert row["start"] <= found["start"] < found["end"] <= row["end"]
            assert report.reading(found["start"], found["end"])[0] == found["text"]


STEPS: Mapping[str, Callable[[Report], None]] = {
    "structure": structure,
    "quantities": quantities,
    "indicators": observations,
    "themes": themes,
}
"""What every report is led through; a new step of the package is added here, and the tests run it
too."""

PIECES = (
    *(
        "各位代表：",
        "一、2013年工作回顾",
        "（一）",
        "1.",
        "第一，",
        "——",
        "二、2014年政府工作",
        "名词解释",
        "附件1",
        "\n",
        "\n\n",
        "\r\n",
        "　　",
        "。",
    ),
    *(
        "地区生产总值",
        "增长7.8%",
        "643.57亿元",
        "同比增长",
        "左右",
        "以上",
        "5-10年",
        "三分之二",
        "0.1.2",
        "１９９６年",
        "一百二十三",
        "万",
        "%",
        "‰",
        "个百分点",
    ),
    *(
        "全市第一",
        "力争",
        "其中",
        "分别",
        "和",
        "，",
        "；",
        "“",
        "”",
        "（",
        "）",
        "[3]",
        "《",
        "》",
        "-",
        "+",
        "～",
        "至",
        "比上年",
        "达到",
        "为",
        "的",
        "十二五",
    ),
    *(
        "\u202e",
        "\u200f",
        "\u200b",
        "\ufeff",
        "\x85",
        "\u2028",
        "\U00020000",
        "👍",
        "é",
        "A",
        "PM2.5",
        "\t",
        "\x1b",
        "\xa0",
        "⒈",
        "①",
        "Ⅱ",
    ),
    *(
        "<p>",
        "</p>",
        "<br>",
        "<table><tr><td>",
        "</td>",
        "<script>",
        "<!--",
        "&nbsp;",
        "&#0;",
        "<html>",
        "<a href=x>",
    ),
)
REFUSED = ("\x00", "\ud800", "%PDF-1.4", "PK\x03\x04", "{\\rtf1")
"""What makes most inputs no text: one input in ten holds one."""


def text_of(chooser: random.Random, seed: str) -> str:
    """Up to `LONGEST` characters: a stretch of the seed with pieces put in and taken out, or pieces
    alone."""
    if chooser.random() < 0.1:
        return (chooser.choice(REFUSED) + text_of(chooser, seed))[:LONGEST]
    if chooser.random() < 0.5:
        return "".join(chooser.choice(PIECES) for _ in range(chooser.randrange(1, 90)))[:LONGEST]
    start = chooser.randrange(len(seed))
    text = list(seed[start : start + chooser.randrange(1, LONGEST)])
    for _ in range(chooser.randrange(30)):
        place = chooser.randrange(len(text) + 1)
        if chooser.random() < 0.6:
            text[place:place] = chooser.choice(PIECES)
        else:
            del text[place : place + chooser.randrange(1, 12)]
    return "".join(text)[:LONGEST]


def bytes_of(chooser: random.Random, text: str) -> bytes:
    """The text in some encoding or format, now and then with bytes changed."""
    encoding = chooser.choice(("utf-8", "utf-8", "utf-8", "gb18030", "utf-16"))
    if chooser.random() < 0.25:
        text = (
            f"<html><meta charset={encoding}><div>"
            + text.replace("\n", chooser.choice(("<p>", "<br>", "</div><div>")))
            + "</div>"
        )
    data = bytearray(text.encode(encoding, "surrogatepass" if encoding != "gb18030" else "replace"))
    if chooser.random() < 0.2:
        for _ in range(chooser.randrange(1, 6)):
            place = chooser.randrange(len(data) + 1)
            data[place : place + chooser.randrange(3)] = bytes(
                chooser.randrange(256) for _ in range(chooser.randrange(3))
            )
    return bytes(data)


def try_one(data: bytes | str) -> str:
    """What became of an input: read, or refused. Raises `AssertionError`, or whatever a step raised
    that it should not."""
    try:
        report = (
            Report.read(data, name="r") if isinstance(data, bytes) else Report.parse(data, name="r")
        )
    except ReportError as error:
        message = str(error)
        assert message.startswith("r: ")
        assert len(message.splitlines()) == 1
        return "refused"
    for step in STEPS.values():
        step(report)
    return report.format


FORMS = ("jsonl", "csv", "tsv", "parquet", "xlsx")
WHOLE: Mapping[str, Callable[[bytes], object]] = {
    "jsonl": lambda data: [json.loads(line) for line in data.decode("utf-8").split("\n") if line],
    "csv": lambda data: list(
        csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    ),
    "tsv": lambda data: list(
        csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter="\t", strict=True)
    ),
    "parquet": lambda data: pq.read_table(io.BytesIO(data)),
    "xlsx": lambda data: openpyxl.load_workbook(io.BytesIO(data), read_only=True),
    "json": json.loads,
    "text": lambda data: data.decode("utf-8"),
}
"""Reads what the command wrote in a form, and raises where it is not whole."""

COMMANDS: Sequence[tuple[str, ...]] = (
    *(
        (command, "--format", form)
        for command in ("quantities", "indicators", "themes", "tokens")
        for form in FORMS
    ),
    ("outline", "--format", "text"),
    ("outline", "--format", "json"),
)


def try_command(data: bytes | str, words: Sequence[str], folder: Path) -> str:
    """What became of an input as a file, and of the command's output. Raises `AssertionError`, or
    what the command should not raise."""
    source, output = folder / "r.txt", folder / "out" / "table"
    source.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    said, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        status = main_of_the_command([*words[:1], str(source), *words[1:], "-o", str(output)])
    lines = told.getvalue().splitlines()
    assert said.getvalue() == ""
    assert all(line.startswith("xiacheng-nlp: ") for line in lines), lines
    assert len(lines) <= 1, lines
    # Nothing but the table, and that alone where there is one.
    assert [path.name for path in folder.rglob("*") if path.is_file() and path != source] == (
        ["table"] if status == 0 else []
    )
    if status:
        assert (status, len(lines)) == (1, 1)
        return "refused"
    WHOLE[words[-1]](output.read_bytes())
    output.unlink()
    return words[0]


def inputs(count: int, number: int) -> "list[bytes | str]":
    """The inputs of one seed, half of them as files, half as text."""
    chooser = random.Random(number)
    seed = load_report().text
    texts = [text_of(chooser, seed) for _ in range(count)]
    return [bytes_of(chooser, text) if n % 2 else text for n, text in enumerate(texts)]


def growth(text: str) -> dict[str, float]:
    """How many times as long each step takes on a text `TIMES` times as long, where that takes long
    enough to tell."""
    found = {}
    try:
        shorter, longer = (
            Report.parse(repeated(text, times), name="r") for times in (REPEATED, TIMES * REPEATED)
        )
    except ReportError:
        return {}
    for name, step in {"parse": lambda report: Report.parse(report.text), **STEPS}.items():
        long = best(step, longer)
        if long > 0.3:
            found[name] = long / max(best(step, shorter), 1e-4)
    return found


def best(step: Callable[[Report], object], report: Report) -> float:
    """The shortest of three times that this process takes, in seconds."""
    times = []
    for _ in range(3):
        start = time.process_time()
        step(report)
        times.append(time.process_time() - start)
    return min(times)


def repeated(text: str, times: int) -> str:
    """The text again and again, with a character of its own before each, so that no copy of the
    report is found."""
    return "".join(chr(0x4E00 + n) + text for n in range(times))


def tried(one: Callable[[int, bytes | str], str], options: argparse.Namespace) -> int:
    """How many of the inputs of this part fail; the first of them are shown."""
    told: Counter[str] = Counter()
    failures = 0
    started = time.process_time()
    part, parts = options.part
    numbered = list(enumerate(inputs(options.count, options.seed)))[part - 1 :: parts]
    for n, data in tqdm(numbered, unit="input", mininterval=5, miniters=1):
        try:
            told[one(n, data)] += 1
        except Exception:
            failures += 1
            if failures <= 10:
                print(f"input {n}: {data!r}\n{traceback.format_exc(limit=-3)}", flush=True)
    seconds = time.process_time() - started
    print(
        f"{len(numbered):,} inputs, seed {options.seed}, {seconds:.0f} s: {dict(told)}, "
        f"{failures} failures",
        flush=True,
    )
    return failures


def part_of(text: str) -> tuple[int, int]:
    """Which part of how many, as in 1/2."""
    part, parts = (int(number) for number in text.split("/"))
    if not 1 <= part <= parts:
        raise ValueError(text)
    return part, parts


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int, nargs="?", default=20_000)
    parser.add_argument("seed", type=int, nargs="?", default=2014)
    parser.add_argument("--command", action="store_true", help="through the command line")
    parser.add_argument(
        "--part",
        type=part_of,
        default=(1, 1),
        metavar="K/N",
        help="each Nth input, from the Kth on",
    )
    options = parser.parse_args(words)
    if options.command:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            return min(
                1,
                tried(
                    lambda n, data: try_command(data, COMMANDS[n // 2 % len(COMMANDS)], place),
                    options,
                ),
            )
    failures = tried(lambda _, data: try_one(data), options)
    for text in inputs(80, options.seed + 1):
        if isinstance(text, str):
            for name, times in growth(text).items():
                if times > ALLOWED:
                    failures += 1
                    print(f"{name}: {times:.0f} times as long on eight times the text: {text!r}")
    return min(1, failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
