"""A report that tries to be more than text, for the tests of what shows a report."""

from xiacheng_nlp.report.report import Report

NAME = '"><img src=x onerror="alert(1)">&amp;.txt'
ATTACK = (
    "<script>alert(2)</script>\"'><img src=x "
    "onerror=alert(3)>&lt;b&gt;\u2028</style></title><!--<script>"
)
TEXT = f"""{ATTACK}2022年政府工作报告
各位代表：
现在，我代表县人民政府，向大会报告工作，请予审议。
一、2021年工作回顾{ATTACK}
全年完成{ATTACK}固定资产投资87.9亿元，同比增长8.1%。=1+1 {ATTACK}
二、2022年工作安排</script><script>alert(4)</script>
今年预期目标是：javascript:alert(5)投资增长9%。{{{{ 7 * 7 }}}}{{% raw %}}
"""


def hostile_report() -> Report:
    """The report; its name cannot be that of a file on every system, but nothing keeps it from
    being one."""
    return Report.parse(TEXT, name=NAME)
