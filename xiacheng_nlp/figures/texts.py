"""Titles, captions and names of the figures, in Chinese and English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from xiacheng_nlp.report.nodes import PART_NAMES as PART_NAMES


@dataclass(frozen=True, slots=True)
class FigureText:
    """What stands beside a figure, by language: its title, and a caption that says what is drawn
    and how to read it."""

    id: str
    title: Mapping[str, str]
    caption: Mapping[str, str]


def _text(
    id: str, title_zh: str, title_en: str, caption_zh: str, caption_en: str
) -> tuple[str, FigureText]:
    return id, FigureText(
        id,
        MappingProxyType({"zh": title_zh, "en": title_en}),
        MappingProxyType({"zh": caption_zh, "en": caption_en}),
    )


VERDICT_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "agrees": {"zh": "相符", "en": "agrees"},
        "agrees after rounding": {"zh": "舍入后相符", "en": "agrees after rounding"},
        "does not agree": {"zh": "不符", "en": "does not agree"},
    }
)
"""The verdicts of the audit, the best first."""

RULE_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "difference-of-growth": {"zh": "增速之差", "en": "difference of growth"},
        "share-of-levels": {"zh": "两数之比", "en": "ratio of levels"},
        "share-of-count": {"zh": "个数之比", "en": "share of a count"},
        "parts-of-whole": {"zh": "部分不超过整体", "en": "part within whole"},
        "stock-and-share": {"zh": "存量与占比", "en": "stock and share"},
    }
)
"""The rules of the audit by their names in figures."""

_SETTINGS = {
    "lexicon": "有词典",
    "no lexicon": "无词典",
    "stop list": "有停用词表",
    "no stop list": "无停用词表",
}


def setting_name(name: str, lang: str) -> str:
    """A setting as a figure shows it, from its name in a table: what is chosen, with commas
    between.

    >>> setting_name("jieba, lexicon, no stop list", "zh")  # jieba with the lexicon and without a stop list
    'jieba·有词典·无停用词表'
    """
    pieces = name.split(", ")
    return "·".join(_SETTINGS.get(piece, piece) for piece in pieces) if lang == "zh" else name


TEXTS: Mapping[str, FigureText] = MappingProxyType(
    dict(
        [
            _text(
                "fig-report-structure",
                "报告的结构：各节所占篇幅",
                "Structure of the report: share of each section",
                "条形为各节自身字数（不含其下级各节）占全文的比例，按报告原有次序排列，颜色表示所属部分。",
                "Bars give each section's own characters, without those of its subsections, as a share of the text, in the report's order; "
                "colours tell its parts.",
            ),
            _text(
                "fig-top-terms",
                "高频词及其分布均匀程度",
                "Most frequent terms and how evenly they are spread",
                "条形为频次，括号内为每万词频次；圆点为离散度 DP（Gries 2008），0 表示在全文均匀分布，1 表示集中于一处。",
                "Bars give counts, with the rate per 10,000 tokens in brackets; dots give the deviation of proportions DP (Gries 2008), "
                "from 0, spread evenly over the text, to 1, all in one place.",
            ),
            _text(
                "fig-word-cloud",
                "词云",
                "Word cloud",
                "字的面积与频次成正比；位置没有含义。要比较频次，请看高频词图及其数据表。",
                "The area of a character is in proportion to the count of its word; places mean nothing. "
                "To compare counts, see the most frequent terms and their table.",
            ),
            _text(
                "fig-rank-frequency",
                "词频与排名",
                "Frequency against rank",
                "每个圆点为一个词型，两轴均为对数刻度；曲线为齐普夫–曼德博定律的拟合。",
                "Each dot is a type; both axes are logarithmic. The line is the fit of the Zipf–Mandelbrot law.",
            ),
            _text(
                "fig-terms-by-section",
                "各节的特征词",
                "What each section is about",
                "每小图为一节中 TF-IDF 权重最高的词，各图同一刻度，颜色表示所属部分。",
                "Each panel gives the terms of greatest TF-IDF weight in a section, all on one scale; colours tell the parts.",
            ),
            _text(
                "fig-keyness",
                "部署与回顾的主题词对比",
                "Terms that set the plan against the review",
                "条形为对数比（Log Ratio，以 2 为底）：每增加 1，相对频率相差一倍，频次 0 按 0.5 计；旁注为两部分的频次。"
                "右侧圆点为对数似然值 G²，"
                "虚线为 p = 0.05 的临界值（单次检验）。",
                "Bars give the Log Ratio, to base 2: each unit doubles the ratio of relative frequencies, "
                "and a count of 0 is taken as 0.5; the counts in both parts stand beside. "
                "Dots give the log-likelihood G²; the dashed line marks p = 0.05 of a single test.",
            ),
            _text(
                "fig-dispersion-strips",
                "词在报告中的分布",
                "Where terms stand in the report",
                "每条竖线为该词的一次出现，自左至右为报告全文，颜色表示所属部分；右侧为频次。",
                "Each stroke is one occurrence, from the beginning of the report at the left to its end; "
                "colours tell the parts. Counts stand at the right.",
            ),
            _text(
                "fig-collocation-network",
                "词的搭配网络",
                "The company that words keep",
                "线连接节点词（粗体）与其搭配词，线越粗越深，搭配强度越高；位置由弹簧模型求得，只表示远近。",
                "Lines join a node (bold) and its collocates: the thicker and darker, the higher the score. "
                "Places come from a spring model and "
                "mean no more than nearness.",
            ),
            _text(
                "fig-robustness",
                "结果对设置的稳健性",
                "Robustness to settings",
                "左下为两种设置下的秩相关系数（Spearman），右上为两份词表的重合率（Jaccard）；颜色越深，越一致。",
                "Below the diagonal the rank correlation of two settings (Spearman), above it the overlap of their lists (Jaccard); "
                "the darker, the closer they agree.",
            ),
            _text(
                "fig-theme-attention",
                "各主题的关注度",
                "Attention to each theme",
                "条形与圆点为各主题占正文字数的比例，横线为以段落为单位重抽样（自助法）得到的区间；"
                "区间反映文本的不确定性，不反映编码误差。",
                "Bars and dots give each theme's share of the text, in characters; "
                "lines give its interval by the bootstrap over paragraphs. "
                "The interval tells what the text bears, not the error of the coding.",
            ),
            _text(
                "fig-theme-section",
                "各节的主题构成",
                "Themes of each section",
                "每列为一节，颜色深浅为各主题占该节字数的比例；列上方色带表示所属部分，节名列于下方。",
                "Each column is a section; shades give each theme's share of its characters. "
                "The band above tells the part; titles of the sections stand below.",
            ),
            _text(
                "fig-attention-shift",
                "关注度的变化：从回顾到部署",
                "Shift of attention from the review to the plan",
                "左：各主题在回顾（空心）与部署（实心）中的占比；右：两者之差及以段落重抽样得到的区间。三角为显著上升或下降（段落置换检验，"
                "经多重检验校正），圆点为未见显著变化。",
                "Left: each theme's share in the review (rings) and in the plan (dots). "
                "Right: the difference with its bootstrap interval over paragraphs. "
                "Triangles mark a significant gain or loss (permutation of paragraphs, p corrected for the number of themes); "
                "dots no significant change.",
            ),
            _text(
                "fig-theme-instrument",
                "主题与政策工具",
                "Themes and policy instruments",
                "数字为各主题使用各类工具的句数，颜色深浅为其占该主题句数的比例；"
                "“+”“−”表示明显多于或少于两者无关时的期望（调整后标准化残差超过 ±2）。",
                "Numbers count the sentences of a theme by instrument; shades give their share of the theme. "
                "+ and − mark more or fewer than if themes and instruments were unrelated (adjusted standardised residual beyond ±2).",
            ),
            _text(
                "fig-co-word-network",
                "共词网络",
                "Co-word network",
                "连线表示两词同句出现的次数多于随机（关联强度），线越粗越强；"
                "形状与颜色表示社群（Louvain 算法），字越大词频越高。位置只表示远近。",
                "Lines join terms that share sentences more often than chance has it (association strength): the thicker, the stronger. "
                "Shapes and colours tell communities (Louvain), the size of a word its count. Places mean no more than nearness.",
            ),
            _text(
                "fig-topics",
                "话题与主题编码的对照",
                "Topics against the codebook",
                "每列为一个由非负矩阵分解得到的话题，颜色深浅为该话题各段落所属主题的比例；"
                "下方为话题的高权重词、段落数与稳定性（0 至 1）。",
                "Each column is a topic by non-negative matrix factorisation; shades give the themes of its paragraphs. "
                "Below stand each topic's heaviest terms, its paragraphs and its stability, from 0 to 1.",
            ),
            _text(
                "fig-growth-rates",
                "各项指标的增长率",
                "Growth rates of the indicators",
                "圆点为报告所述上一年的同比增长率，由高到低排列，红色为下降；三角表示超出坐标范围，数值见右侧原文。",
                "Dots give growth over the year before as the report tells it, the highest above, decreases in red; "
                "a triangle stands for a rate beyond the scale. The rates stand at the right as written.",
            ),
            _text(
                "fig-actual-vs-target",
                "本年目标与上年实绩",
                "This year's targets against last year's outcomes",
                "空心圆为上年实绩（100%），实心圆为本年目标与之相比的百分数，对数刻度；红色为目标的要求低于实绩，右侧为报告原文数值。"
                "应降低的指标（上限或下降）按其自身方向判断。",
                "Rings stand for last year's outcome (100 %), dots for this year's target as a percentage of it, on a logarithmic scale; "
                "red where the target asks for less than was done. Values stand at the right as written. "
                "A ceiling or a decrease is judged in its own direction.",
            ),
            _text(
                "fig-target-growth",
                "本年增长目标与上年增速",
                "This year's growth targets against last year's growth",
                "空心圆为上年增速，实心圆为本年增长目标（粗线为区间）；红色为目标的要求低于上年，下降指标按其自身方向判断。",
                "Rings give last year's growth, dots the growth asked of this year (a thick line for a range); "
                "red where less is asked than was done. A decrease is judged in its own direction.",
            ),
            _text(
                "fig-ranks",
                "报告所称的位次",
                "Ranks that the report claims",
                "按报告次序列出位次、指标及其比较范围；“–”表示原文未说明范围。",
                "Rank, indicator and the group in which it is ranked, in the report's order; a dash where the text names no group.",
            ),
            _text(
                "fig-commitments",
                "各节的量化目标数",
                "Numeric targets of each section",
                "条形为各节提出的量化目标数，按数值是否为确数、上限或下限、约数或区间分段；没有量化目标的部署章节也列出。",
                "Bars give how many numeric targets a section sets, divided by whether the number is exact, a limit, or approximate; "
                "sections of the plan without any are listed too.",
            ),
            _text(
                "fig-audit",
                "报告数字的内部核对",
                "The report's own arithmetic, checked",
                "每行为一项可由报告其他数字推算的陈述：报告所述、依据、算得的数与结论；不符者在前。",
                "Each row is a statement that follows from others in the report: what is stated, what it rests on, what was computed, "
                "and the verdict; what does not agree comes first.",
            ),
            _text(
                "fig-accuracy",
                "本软件包的准确度",
                "How accurate the package is",
                "圆点为本软件包在下城区2014年报告上的得分，横线为以句为单位重抽样（自助法）的 95% 区间，"
                "菱形为对照：jieba 及其原有词典、数字加单位的正则表达式、全部用最常见的编码。"
                "标准由语言模型依同一准则判读，规则也参照过本报告，得分偏高。",
                "Dots give the package's score on the Xiacheng report of 2014, lines its 95 % bootstrap interval over sentences, "
                "diamonds what is reached by jieba as it comes, by a pattern of number and unit, and by the most frequent code. "
                "The standard was read by language models from one guideline, "
                "and rules were made with this report at hand: expect less elsewhere.",
            ),
            _text(
                "fig-accuracy-by-construction",
                "各类指标的准确度",
                "Accuracy by construction",
                "圆点为各类指标中所有字段都读对的比例，横线为 95% 得分区间（Wilson 1927），菱形为正则表达式；括号内为个数。"
                "一项指标可属于数类。",
                "Dots give the share of indicators read with every field right, lines the 95 % score interval (Wilson 1927), "
                "diamonds the plain pattern; counts in brackets. An indicator may belong to several kinds.",
            ),
            _text(
                "fig-indicator-series",
                "同一指标在各地历年的实绩与目标",
                "One indicator by place and year, outcomes and targets",
                "每小图为一个地方，圆点与连线为次年报告所述的实绩，空心圆（区间为竖线）为当年报告提出的目标，各图同一刻度。",
                "Each panel is a place: dots and lines give the outcome that the next year's report tells, "
                "rings (a stroke for a range) the target of the year's own; all on one scale.",
            ),
            _text(
                "fig-kept-promises",
                "目标是否兑现",
                "Were the targets kept?",
                "每行为一项指标的年度目标数，按次年报告所述的实绩分为兑现、未兑现、无法判定与次年未提及；右侧为可判定目标中兑现的个数。",
                "Each row counts the yearly targets of an indicator by what the next year's report tells: kept, missed, undecided, "
                "or not reported. At the right, how many of the decided ones were kept.",
            ),
            _text(
                "fig-panel-attention",
                "各主题关注度的历年变化",
                "Attention to the themes by year",
                "颜色深浅为各主题占正文比例的平均，每份报告权重相同；下方为各年的报告数。",
                "Shades give each theme's share of the text, as the mean over reports, each of the same weight; "
                "below stands how many reports each year has.",
            ),
            _text(
                "fig-report-keyness",
                "本报告与其余报告的主题词对比",
                "Terms that set this report against the others",
                "条形为对数比（Log Ratio，以 2 为底）：每增加 1，相对频率相差一倍，频次 0 按 0.5 计；"
                "旁注为本报告与其余报告的频次。右侧圆点为对数似然值 G²，"
                "虚线为 p = 0.05 的临界值（单次检验）。",
                "Bars give the Log Ratio, to base 2: each unit doubles the ratio of relative frequencies, "
                "and a count of 0 is taken as 0.5; the counts in this report and in the others stand beside. "
                "Dots give the log-likelihood G²; the dashed line marks p = 0.05 of a single test.",
            ),
        ]
    )
)
"""Title and caption of every figure by its id."""


def note_line(
    *,
    source: str,
    n: int,
    unit: str = "",
    options: Mapping[str, str] = MappingProxyType({}),
    lacking: Sequence[str] = (),
    lang: str = "zh",
) -> str:
    """The line below a figure: source, n and its unit, the options that were chosen, and characters
    that the font lacks.

    >>> note_line(source="2014年下城区政府工作报告", n=3412, unit="个词", options={"停用词": "开"})  # "tokens", "stop words: on"
    '来源：2014年下城区政府工作报告。n = 3,412 个词。停用词：开。'
    >>> note_line(source="Work report of Xiacheng, 2014", n=3412, unit="tokens", options={"stop words": "on"}, lang="en")
    'Source: Work report of Xiacheng, 2014. n = 3,412 tokens. stop words: on.'
    """
    zh = lang == "zh"
    colon, stop, joint = ("：", "。", "；") if zh else (": ", ".", "; ")
    said = [f"{'来源' if zh else 'Source'}{colon}{source}", f"n = {n:,} {unit}".rstrip()]
    if options:
        said.append(joint.join(f"{name}{colon}{value}" for name, value in options.items()))
    if lacking:
        said.append(
            f"{'字体缺字，以码点代替' if zh else 'Not in the font, shown as code points'}{colon}{' '.join(lacking)}"
        )
    return (stop if zh else f"{stop} ").join(said) + stop
