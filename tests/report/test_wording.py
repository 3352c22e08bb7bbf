"""The wording of reports: every pattern of the data file is asked for, and says what it takes."""

import re
from pathlib import Path

import pytest

import xiacheng_nlp
from xiacheng_nlp.report.wording import pattern, wording


def test_every_role_is_asked_for_by_name() -> None:
    room = Path(xiacheng_nlp.__file__).parent / "report"
    code = "".join(path.read_text(encoding="utf-8") for path in room.glob("*.py"))
    assert {role for role in wording() if f'"{role}"' not in code} == set()


def test_each_style_of_numbering_has_one_group_for_its_numeral() -> None:
    assert {style: each.groups for style, each in wording()["style"]} == dict.fromkeys(
        ["第一章", "第一", "一是", "一、", "（一）", "1.", "(1)"], 1
    )


@pytest.mark.parametrize(
    ("role", "taken", "refused"),
    [
        ("congress", "杭州市下城区第十四届人民代表大会第三次会议", "第十四届全国运动会"),
        ("day", "二〇一四年二月十九日", "2014年2月"),
        ("month", "第一次会议 2014年2月）", "2014年2月起施行"),
        ("reported", "关于2013年政府工作情况的报告", "关于2013年上半年工作情况的报告"),
        (
            "hears",
            "向第六届全国人民代表大会第一次会议作报告",
            "自第六届全国人民代表大会第一次会议以来",
        ),
        ("governed", "去年，青溪新区管委会", "我们设立新区基金，向新区管委会报告"),
        ("attached", "附件1 2020年民生实事", "附件1"),
        ("speaker", "下城区人民政府区长　吴才敏", "下城区人民政府"),
        ("title", "2014年下城区政府工作报告", "2014年下城区政府工作"),
        ("speaks", "我代表青溪县第九届人民政府", "我代表全体与会同志"),
        ("titled", "2014年下城区政府工作报告", "政府工作报告"),
        ("titled", "香港特别行政区行政长官2023年施政报告", "行政长官施政报告"),
        ("stem", "杭州市下城区", "唐县"),
        ("salutation", "各位代表：", "各位代表，现在我代表区人民政府"),
        ("dangling", "优环境、惠及", "优环境。"),
        ("bullet", "——粮食产量", "粮食——产量"),
        ("inner_stop", "加强领导：抓好落实", "加强领导："),
        ("clause", "投资增长，工业回升", "投资 工业"),
        ("amount", "4%以内", "2024年目标"),
        ("up_to", "增长到 ", "到了"),
        ("problems", "同时，我们清醒看到，发展还存在不少困难", "我们要看清形势"),
        ("glossary", "附件：名词解释", "名词解释如下所列各条"),
        ("site", "版权所有：某区人民政府", "版权登记：指对作品权利的登记。"),
        ("site", "某区人民政府办公室版权所有", "依法保护版权所有者的利益。"),
        ("site", "版权所有，未经许可不得转载。", "鼓励原创，尊重版权所有、打击盗版。"),
        ("site", "阅读原文", "阅读原文可知：指原意。"),
        ("site", "- END -", "END指终点。"),
        ("site", "声明：本文为转载，如有侵权请联系删除。", "声明：我们反对侵略。"),
        ("page", "[1][2]下一页", "翻开下一页"),
        ("site", "地址：某区某路1号", "地址：指住处所在"),
        ("site", "建议使用新版浏览器", "建议使用新能源，减少排放。"),
    ],
)
def test_what_a_pattern_takes_and_what_it_refuses(role: str, taken: str, refused: str) -> None:
    assert pattern(role).search(taken)
    assert not pattern(role).search(refused)


def test_pieces_are_put_in() -> None:
    assert not any(
        re.search("[A-Z]{3,}", e.pattern) for rows in wording().values() for _, e in rows
    )
