"""The clauses of a sentence and the names in them: what a clause says beside its numbers.

A clause is read from both ends: words that name nothing are taken off its left end, words that link
a name to its value off its right end, and what stays is the name. The words are data
(`clause_words.tsv`); nothing here knows any indicator.
"""

import re
from dataclasses import dataclass
from functools import cache

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.numbers.units import bound_words, bounds_before

KINDS = (
    "lead",
    "achieve",
    "change",
    "link",
    "up",
    "down",
    "above",
    "below",
    "rank",
    "adverb",
    "verbal",
    "cut",
    "head",
    "generic",
    "preposition",
    "nominal",
    "office",
    "division",
    "whole",
)
BOUNDARY = re.compile("[，,；;。！？!?：:\n—](?:(?<!—)|—)")
"""The marks that end a clause; a dash only where it is a long one (——)."""
_LIST = re.compile("[、和及与]|以及")
_PLACE_IN_BRACKETS = re.compile("[（(][^（()）]*[)）]")
_YEAR_LEAD = re.compile(
    r"(?:(?:到|至|截至|截止)?(?:(?:19|20)[0-9]{2}(?:[—-](?:19|20)?[0-9]{2})?年(?:以来|底|末|初|度|上半年|下半年)?|[0-9]{1,2}月(?:份|底|末)?前?|[“”一二三四五六七八九十]{3,5}(?:期间|末|时期|以来|收官之年)|[0-9一二两三四五六七八九十]{1,3}年(?:内|来|间)|多年(?:来)?))|“(?![^”]*”)|”|[（(](?![^）)]*[）)])|[）)、\s\u3000]|[一二三四五六七八九十]是"
)
_STATE = re.compile("并|进展|有序|顺利|加快|稳步|如期|正在|基本|扎实|相继|陆续|全部")
_OUTCOME = re.compile("开工建设|开工|竣工|投产|投用|投入使用|建成|开业|脱贫|上市")
_HONOUR = re.compile("入选|入围|获评|获批|荣获|列入|纳入|被评|被命名|被列|被认定|通过|跻身")
"""What is told of counted things as an honour or a step belongs to their name: 3个小镇入选全国名单 are not
all 小镇."""
_LONGEST_HONOUR = 24
_RELATIVE = re.compile(
    "列入|纳入|能够|在[^建册校营岗职读]|带|以[^上下内]|集|居住|具有|拥有|可[^再]|有[^机色线]|用于|从事|参加|享受|无"
)
REACHING = frozenset(
    ["覆盖", "惠及", "受益", "支持", "服务", "带动", "解决", "帮扶", "资助", "救助", "使"]
)
_BRACKET_END = re.compile("[（(][^（()）]*[)）]$")
_JOINT_END = re.compile("(?:和|及|与|以及|新)$")
_FOOTNOTE = re.compile(r"[\[〔【][0-9]+[\]〕】]")
_NEW_END = re.compile("(?<![创更革维翻刷])新$|(?:近|这)?[两三四五六七八九十]年(?:来|间)?$")
_HAVING = re.compile("(?:现|共|均)?拥有(?!量)|现有|共有|设有")
_CIRCUMSTANCE = re.compile("(?:在|受)[^，,；;]{2,20}?(?:下|影响)(?:仍|依然|还)?$")
_YEAR_BEGINS = frozenset("到至截0123456789“”一二两三四五六七八九十多（(）)、")
_SUFFIXES = ("率", "度", "量", "额", "费", "价", "者", "后", "总", "性", "型", "业")
_RECKONED = re.compile("按[^，,；;、]{2,14}(?:计算|口径)(?=完成|实现|达到|$)")
_CIRCUMSTANCE_ENDS = frozenset("下响仍然还\n")
_NEW_ENDS = frozenset("新来间年\n")
"""What the two patterns can end with; `$` also stands before a line break."""
_BEHIND_GROWTH = "到至为了约近过超逾于少均达突破月年人日天户亩"
"""The last characters of what may stand between a verb of growth and its number: nothing else needs
the long pattern."""
_QUANTIFIER = re.compile("(?:各类|各种|一批|一系列|多种(?!多样)|各级各类)(?!型)")
_ETC = re.compile("(?<![中高初同平均优一二三特甲乙不何相对])等(?!级|额|候|待|价|同|次|于|式|效)")


_GUARDED = {
    "高标准": "高标准(?!农田|基本农田)",
    "加强": "加强(?!针|型)",
    "基本": "基本(?!养老|医疗|医保|公共|农田|药物|公卫|生活|单元|水利)",
    "集中": "集中(?!式|度|连片|供养)",
    "成功": "成功(?!率)",
    "计划": "计划(?!生育)",
    "预算": "预算(?!总?[收支内外])",
    "全面": "全面(?!小康|深化)",
    "为": "为(?<![行作成认因]为)(?![民企农])",
    "增": "增(?<!新增)",
    "增加": "增加(?<!新增加)",
    "增长": "增长(?<![稳促保]增长)",
    "是": "是(?<![于但]是)",
    "共": "共(?<!公共)(?![享同建产青治富和济])",
    "已": "已(?!经)",
    "再": "再(?!生|就业|造|制造)",
    "均": "均(?<![人户亩日]均)(?!衡)",
    "都": "都(?!市|江)",
    "少": "少(?<![至不]少)",
    "多": "多(?<![至许]多)",
    "还": "还(?!建|款|贷|林|草|清)",
    "和": "和(?![谐美平])",
    "并": "并(?![购网轨])",
    "将": "将(?!军)",
    "要": "要(?![素客闻])",
    "与": "与(?!会)",
    "使": "使(?!用|馆|命)",
    "让": "让(?!利)",
    "超": "超(?![长高级大前市算额低净0-9一二两三四五六七八九十百千万亿])",
    "用": "用(?![于电水地工户海林能气药品])",
    "重点": "重点(?=抓|推|培育|打造|支持|发展|实施|做好|扶持|引进|加强|突出|围绕|整治|治理|完成|解决|开展|$)",
    "比": "比(?<!占比)(?!重|例|率)",
}
"""Words that are often the end or the beginning of another word (行为, 新增, 集中式), with what must not
stand beside them.

Each begins with its own character, so that a search can pass over the characters that begin no
word.
"""


@cache
def vocabulary(kind: str) -> frozenset[str]:
    """The words of one kind in `clause_words.tsv`."""
    words: set[str] = set()
    for row in read_table(
        packaged("observations/clause_words.tsv"), columns=("kind", "words"), optional=("note",)
    ):
        if row["kind"] not in KINDS:
            raise row.error(f"kind must be one of {', '.join(KINDS)}", "kind")
        if marks := sorted(set("()[]?|*+\\") & set(row["words"])):
            raise row.error(
                f"words stand as they are, without {' '.join(marks)}: what must not follow one is told in clauses.py",
                "words",
            )
        if row["kind"] == kind:
            words.update(row["words"].split())
    return frozenset(words)


def one_of(*kinds: str, without: frozenset[str] = frozenset()) -> str:
    """A regular expression for any word of these kinds, the longest first; words with one beginning
    share a branch, for speed."""
    words = sorted(
        set().union(*(vocabulary(kind) for kind in kinds)) - without,
        key=lambda word: (-len(word), word),
    )
    branches: dict[str, list[str]] = {}
    for word in words:
        branches.setdefault(word[0], []).append(
            _GUARDED.get(word, re.escape(word)).removeprefix(word[0])
        )
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in branches.items())


def _begins(kind: str) -> frozenset[str]:
    """The characters that the words of a kind begin with: a look at one character saves most
    matches."""
    return frozenset(word[0] for word in vocabulary(kind))


def _ends(*kinds: str) -> frozenset[str]:
    """The characters that the words of these kinds end with."""
    return frozenset(word[-1] for kind in kinds for word in vocabulary(kind))


@dataclass(frozen=True, slots=True)
class Patterns:
    """The compiled patterns that the vocabulary gives."""

    lead: re.Pattern[str]
    lead_begins: frozenset[str]
    change_begins: frozenset[str]
    change_ends: frozenset[str]
    achieve_begins: frozenset[str]
    achieve: re.Pattern[str]
    change: re.Pattern[str]
    change_one: re.Pattern[str]
    change_last: re.Pattern[str]
    inner: re.Pattern[str]
    link: re.Pattern[str]
    link_ends: frozenset[str]
    growth: re.Pattern[str]
    growth_ends: frozenset[str]
    comparison: re.Pattern[str]
    share: re.Pattern[str]
    rank: re.Pattern[str]
    verbal: re.Pattern[str]
    verbal_begins: frozenset[str]
    nominal: re.Pattern[str]
    cut: re.Pattern[str]
    head: re.Pattern[str]
    from_value: re.Pattern[str]
    to_value: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """The patterns, compiled once."""
    change, adverb = one_of("change"), one_of("adverb")
    bounds = bounds_before()
    up, down = one_of("up"), one_of("down")
    reference = (
        r"(?P<reference>(?:(?:(?<![占贷入倍数同环])比(?!重|例|率)|较)[^，,；;、]{1,14}?|在[^，,；;、]{1,10}?(?:基础上|的基础上))(?="
        + adverb
        + "|"
        + up
        + "|"
        + down
        + r"))?"
    )
    return Patterns(
        lead=re.compile(one_of("lead")),
        lead_begins=_begins("lead"),
        change_begins=_begins("change"),
        change_ends=_ends("change"),
        achieve_begins=_begins("achieve"),
        achieve=re.compile(one_of("achieve")),
        change=re.compile(f"(?:(?:{change})(?:(?:和|、|并|及|与)?(?:{change}))*)"),
        change_one=re.compile(change),
        change_last=re.compile(f"(?:{change})$"),
        inner=re.compile(
            "实现(?!程度|率|值)|完成(?!率|度)|达到(?!或|国家|省|标准)|组队参加|参加|获得|取得|约为|累计|共有|力争|预计|全年|共(?<!公共)(?!同|享|产|青|建|治|富|和|空间)|分别(?!为|达)|已(?!经)"
        ),
        link=re.compile(f"(?:{one_of('link')})+$"),
        link_ends=_ends("link"),
        growth=re.compile(
            rf"{reference}(?P<adverb>(?:{adverb})*)(?:(?P<up>{up})|(?P<down>{down}))(?P<to>到|至|为)?(?:了|{bounds}|人均|达到|达|每[月年人日天户亩])*$"
        ),
        growth_ends=_ends("up", "down")
        | frozenset(_BEHIND_GROWTH)
        | {word[-1] for word in bound_words("before")},
        comparison=re.compile(
            f"(?:(?P<above>{one_of('above')})|(?P<below>{one_of('below')}))(?P<other>[^，,；;]{{0,24}}?)(?:{bounds})?$"
        ),
        share=re.compile(
            "占(?!地面积|地[0-9约近]|用|有率|道|比)(?P<whole>[^，,；;]{1,30}?)(?P<of>的?比重|的?比例|总数|总量|的|份额)?(?:均)?(?:"
            + bounds
            + "|为|达到|达|了|到|仅|上升到|提高到|上升至|提高至|提升至|提升到|已|分别|将)*$"
        ),
        rank=re.compile(f"(?P<subject>.*)(?:{one_of('rank')})(?P<among>[^，,；;]{{0,22}})$"),
        verbal=re.compile(one_of("verbal")),
        verbal_begins=_begins("verbal"),
        nominal=re.compile(one_of("nominal")),
        cut=re.compile(one_of("cut")),
        head=re.compile(f"(?:{one_of('head')})$"),
        from_value=re.compile(
            r"(?:由(?!市)|从(?!业|事|严|此|优))(?P<when>[^，,；;]{0,12}?)(?:的)?(?:约|不足)?$"
        ),
        to_value=re.compile(
            f"(?:进一步)?(?:{up}|{down}|发展|变|调整|改|扩|升|减|降|缩|压)?(?:到|至|为)(?:了|约|近|目前的|现在的|今年的|去年的|全年的|年末的|年底的|的|[0-9]{{4}}年的|[0-9]{{4}}年)*$"
        ),
    )


def strip_lead(text: str) -> str:
    """The text without the words at its left end that name nothing.

    >>> strip_lead("全年累计完成固定资产投资")  # "over the year in total completed: investment in fixed assets"
    '完成固定资产投资'
    """
    p = patterns()
    begins, length = p.lead_begins, len(text)
    position = 0
    while position < length:
        c = text[position]
        match = p.lead.match(text, position) if c in begins else None
        if match is None and (c in _YEAR_BEGINS or c.isspace()):
            match = _YEAR_LEAD.match(text, position)
        if match is None:
            break
        position = match.end()
    return text[position:] if position else text


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it was read: `verb` is the verb of change that belongs to it, `core` the noun."""

    verb: str
    core: str

    @property
    def full(self) -> str:
        """The verb and the noun."""
        return self.verb + self.core


def read_left(text: str) -> Name:
    """The name in the words before a value: verbs of achieving dropped, verbs of change kept, long
    lists cut to their head.

    >>> read_left("开工创新大厦、地铁广场等项目").full  # "projects started, such as … tower and … square"
    '开工项目'
    >>> read_left("目标楼宇实现税收").full  # "the tax that target buildings yielded"
    '目标楼宇税收'
    """
    verb, text = _split_verbs(strip_lead(text))
    shorter = _without_examples(text)
    if not verb and len(shorter) < len(text) and "、" not in text:
        # 河道治理等工程 names works by a noun that ends in a verb; only a verb with an object tells what
        # is done.
        examples = text[: len(text) - len(shorter)].removesuffix("等")
        inner = [
            match for match in patterns().change.finditer(examples) if match.end() < len(examples)
        ]
        verb = inner[-1][0] if inner else ""
    text = _RECKONED.sub("", _without_inner_verbs(shorter))
    if not verb:
        verb, text = _split_verbs(text)
    text = _clean(text)
    return Name(
        verb,
        _QUANTIFIER.sub("", text, count=1)
        if "各" in text or "一" in text or "多" in text
        else text,
    )


def read_right(text: str, left: str) -> Name:
    """The name in the words behind a counted number, with the verb of change that stands before it.

    >>> read_right("低碳社区,", "新增").full  # "low-carbon communities, newly"
    '新增低碳社区'
    """
    noun = _JOINT_END.sub("", _clean(_counted_noun(text)))
    stripped = strip_lead(left).removesuffix("了")
    last = (
        patterns().change_last.search(stripped) if stripped[-1:] in patterns().change_ends else None
    )
    verb = ""
    if last:
        before = strip_lead(_split_verbs(stripped[: last.start()])[1])
        if not before and len(stripped) <= 10 and patterns().change.match(stripped):
            return Name("" if noun.startswith(stripped) else stripped, noun)
        verb = (
            before + last[0]
            if 0 < len(before) <= 10 and last[0] in REACHING and "、" not in before
            else last[0]
        )
    if not verb:
        verb = _split_verbs(stripped)[0]
    return Name("" if noun.startswith(verb) else verb, noun)


def _split_verbs(text: str) -> tuple[str, str]:
    """The verbs at the left end: those of achieving dropped, the verb of change handed back."""
    p = patterns()
    while text:
        change = p.change.match(text) if text[0] in p.change_begins else None
        achieve = p.achieve.match(text) if text[0] in p.achieve_begins else None
        if change and (not achieve or change.end() >= achieve.end()):
            rest = text[change.end() :]
            one = p.change_one.match(text)
            if rest[:1] in _SUFFIXES and one is not None and one.end() < change.end():
                change, rest = one, text[one.end() :]
            if rest[:1] in _SUFFIXES:
                return "", text
            return change[0], rest.removeprefix("了")
        if not achieve:
            return "", text
        if (
            text[achieve.end() : achieve.end() + 1] in ("率", "度", "量", "额", "费", "价")
            and text[achieve.end() :]
        ):
            return "", text
        text = strip_lead(text[achieve.end() :]).lstrip("了")
    return "", text


def _without_examples(text: str) -> str:
    """A、B等项目 names projects; the examples go."""
    if "等" not in text:
        return text
    for match in reversed(list(_ETC.finditer(text))):
        tail = text[match.end() :]
        if tail.strip() and not tail.startswith(("，", ",")):
            return tail
        return text[: match.start()]
    return text


def _without_inner_verbs(text: str) -> str:
    """目标楼宇实现税收: subject and object without the verb of achieving between them."""
    if (
        "有" in text
        and (having := _HAVING.search(text))
        and "每" not in text
        and 0 < having.start() <= 16
    ):
        text = text[: having.start()] + text[having.end() :]
    while match := patterns().inner.search(text):
        before, after = text[: match.start()], text[match.end() :]
        if not after:
            return before
        if not before or len(before) > 16:
            text = after
        elif after.startswith(("率", "度", "量", "额")):
            return text
        else:
            text = before + strip_lead(after)
    return text


def _counted_noun(text: str) -> str:
    """The noun at the left end of `text`: its relative clause and the predicate behind it go, an
    outcome (开工, 竣工) stays."""
    cut = patterns().cut.search(text, 2)
    if cut and _HONOUR.match(text, cut.start()) and len(text) <= _LONGEST_HONOUR:
        cut = None
    if cut and (cut.start() > 3 or _STATE.match(text, cut.start())):
        outcome = _OUTCOME.search(text, cut.end())
        text = text[: cut.start()] + (outcome[0] if outcome else "")
    relative = text.rfind("的", 0, len(text) - 2)
    if relative >= 0 and (len(text) > 16 or _RELATIVE.match(text)):
        text = text[relative + 1 :]
    return _BRACKET_END.sub("", text) if text.endswith(("）", ")")) else text


def _clean(text: str) -> str:
    # Most names hold nothing of what the patterns take off; a look at one character tells.
    if "[" in text or "〔" in text or "【" in text:
        text = _FOOTNOTE.sub("", text)
    if text[-1:] in _NEW_ENDS:
        text = _NEW_END.sub("", text)
    if text[-1:] in _CIRCUMSTANCE_ENDS:
        text = _CIRCUMSTANCE.sub("", text)
    unpaired = "“" in text or "”" in text
    return (
        text.strip(
            "，,、；;：:。的了 \u3000\n—“"
            if unpaired and text.count("“") != text.count("”")
            else "，,、；;：:。了 \u3000\n—"
        )
        .removesuffix("的")
        .removeprefix("的")
    )


_PAIRS = (("城乡", "城镇", "农村"), ("存贷款", "存款", "贷款"))
"""Contractions of two subjects: 城乡 is 城镇 and 农村."""
_THREE_INDUSTRIES = re.compile("全?[国省市县区]?(?:三次产业|一二三次?产业|一、二、三次?产业)")
SOWN = re.compile("(?:播种|种植|养殖|栽培)$")
"""What is done with a crop, at the end of its name: 粮食播种 (面积)."""
_OWN_HEAD = re.compile("[数率额量度值]$")
_RATIO_HEADS = ("比重", "占比", "比例", "增速", "增幅", "降幅", "涨幅")


def split_subjects(text: str, count: int, *, alike: bool = True) -> list[str] | None:
    """The `count` subjects of a list, each with the head that the last one shares; None where there
    are more or fewer.

    Subjects that are not `alike`, told in units of different kinds, share no head.

    >>> split_subjects("新能源汽车、集成电路产量", 2)  # "output of new-energy cars, integrated circuits"
    ['新能源汽车产量', '集成电路产量']
    """
    if count == 2:
        for both, first, second in _PAIRS:
            if both in text and "、" not in text:
                return [text.replace(both, first, 1), text.replace(both, second, 1)]
    industries = _THREE_INDUSTRIES.match(text) if count == 3 else None
    if industries:
        return [f"第{number}产业{text[industries.end() :]}" for number in "一二三"]
    pieces = _split_list(text, count)
    if pieces is not None and not alike:
        # 粮食播种面积、产量: a noun without a subject of its own has that of the first.
        stem = SOWN.sub("", patterns().head.sub("", pieces[0]))
        return [
            pieces[0],
            *(
                stem + piece if piece in vocabulary("head") and stem != pieces[0] else piece
                for piece in pieces[1:]
            ),
        ]
    if pieces is None:
        return None
    head = patterns().head.search(pieces[-1])
    stem = patterns().head.sub("", pieces[0])
    others_are_heads = all(piece in vocabulary("head") for piece in pieces[1:])
    if (
        head is not None
        and len(pieces[-1]) <= 4 <= len(stem)
        and stem != pieces[0]
        and not stem.startswith(pieces[-1][:2])
        and (others_are_heads or pieces[-1] not in vocabulary("head"))
    ):
        return [pieces[0], *(stem + piece for piece in pieces[1:])]
    if head is None:
        curt = (
            all(len(piece) <= 4 for piece in pieces)
            and len(pieces[-1]) >= 4
            and len({piece[-1] for piece in pieces}) == count
        )
        return [piece + pieces[-1][-2:] for piece in pieces[:-1]] + [pieces[-1]] if curt else pieces
    shared = head[0]
    if shared in _RATIO_HEADS:
        return [piece if piece.endswith(_RATIO_HEADS) else piece + shared for piece in pieces]
    short = len(pieces[0])
    if (
        short <= 3
        and all(len(piece) == short for piece in pieces[:-1])
        and len(pieces[-1]) > short + len(shared)
    ):
        return [piece + pieces[-1][short:] for piece in pieces[:-1]] + [pieces[-1]]
    contrast = re.match("农村|农民|乡村", pieces[-1])
    if contrast and pieces[0].startswith(("城镇", "城市")) and len(pieces[0]) <= 4:
        shared = pieces[-1][contrast.end() :]
    return [
        piece
        if (len(piece) > 2 and (patterns().head.search(piece) or _OWN_HEAD.search(piece)))
        or piece in vocabulary("head")
        else piece + shared.removeprefix(piece)
        for piece in pieces[:-1]
    ] + [pieces[-1]]


def _split_list(text: str, count: int) -> list[str] | None:
    for separators in ("、", "、和", "、和及与"):
        pieces = [
            p
            for p in re.split(
                f"[{separators}]|以及" if len(separators) > 2 else f"[{separators}]",
                _PLACE_IN_BRACKETS.sub("", text),
            )
            if p
        ]
        if len(pieces) == count:
            return pieces
    return None
