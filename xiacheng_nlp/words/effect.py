"""What the token table says of its own words: those learned from the report, and those that could
not take effect."""

import pandas as pd


def learned_words(tokens: pd.DataFrame) -> pd.DataFrame:
    """The words learned from the report itself, with their evidence, the most frequent first.

    Columns: `word`, `source` (annex, quoted, title, ending, recurrent), `count` (places that show
    it), `start`, `end` of the first of these places in `report.text`. Empty where learning was
    switched off.

    >>> from xiacheng_nlp.report.report import Report
    >>> from xiacheng_nlp.words.segmentation import tokenize
    >>> report = Report.parse("各位代表:\\n全面启动“智能武林”项目,打造“智能武林”。")  # "start the project Smart Wulin in full"
    >>> learned_words(tokenize(report))[["word", "source", "count"]].values.tolist()
    [['智能武林', 'quoted', 2]]
    """
    columns = ["word", "source", "count", "start", "end"]
    rows = [
        (
            found["word"],
            found["source"],
            found["count"],
            *(found["spans"][0] if found["spans"] else (None, None)),
        )
        for found in tokens.attrs.get("learned", [])
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["count", "word"], ascending=[False, True], ignore_index=True)


def words_without_effect(tokens: pd.DataFrame) -> pd.DataFrame:
    """The listed words that the report holds and that the segmentation nowhere keeps: `word`,
    `source`, `count`, `reason`.

    Of a list of one's own (`extra`) also those that stand nowhere in the report; `count` is then 0.

    >>> from xiacheng_nlp.report.report import Report
    >>> from xiacheng_nlp.words.segmentation import tokenize
    >>> words_without_effect(tokenize(Report.parse("各位代表:\\n完成任务。"))).empty  # "complete the task"
    True
    """
    return pd.DataFrame(
        tokens.attrs.get("without_effect", []), columns=["word", "source", "count", "reason"]
    )
