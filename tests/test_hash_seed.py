"""No table hangs on the order of sets, which Python chooses anew for each process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

# "development economy community services, …": ties throughout.
TERMS = """
from xiacheng_nlp import terms
from xiacheng_nlp.terms import stability
words = "发展 经济 社区 服务 ， 创新 民生 改善 发展 服务 。 "
plan = words * 2 + "服务 社区 改善 创新 。 " * 2
tokens = terms.token_table([("review", "1", words * 3), ("plan", "2", plan)])
for function in (terms.term_frequency, terms.tf_idf, terms.dispersion, terms.ngrams, terms.zipf):
    print(function(tokens).to_csv())
print(terms.keyness(tokens, target="plan", reference="review").to_csv())
print(terms.collocations(tokens).to_csv())
print(terms.textrank(tokens, pos=None).to_csv())
stability.tokenize = lambda report, **options: tokens
stability._icu = lambda: None
found = terms.robustness(None)
print(found.agreement.to_csv(), found.top_terms.to_csv(), found.key_terms.to_csv())
"""
SHARES = """
from test_shares import *
print(attention(SMALL, by="part").to_csv(), attention_shift(SMALL).to_csv())
print(agenda_diversity(SMALL).to_csv(), theme_by_instrument(SMALL).to_csv())
print(instrument_mix(SMALL, by="part").to_csv())
coded = code_themes(REPORT)
print(instrument_phrases(coded).to_csv(), theme_by_section(coded, REPORT).to_csv())
"""
NETWORK = """
from test_network import *
words = "学校 教师 课程 学生 河道 水质 截污 绿化 楼宇 企业 投资 改革".split()
text = "\\n".join(" ".join(words[(i * k) % 12] for k in range(1, 6)) for i in range(1, 40))
found = network(text, min_strength=0.5)
print(found.nodes.to_json(), found.edges.to_json())
"""
TOPICS = """
from test_topics import *
found = model(k=4)
print(found.topics.to_json(), found.matches.to_json())
"""
ALL = {"shares": SHARES, "network": NETWORK, "topics": TOPICS, "terms": TERMS}
"""What prints tables, with how many lines at least; the terms last, since they take the place of
functions."""
LINES = {"shares": 20, "network": 1, "topics": 1, "terms": 50}
END = "\n-- next --\n"


@pytest.fixture(scope="module")
def printed() -> list[dict[str, str]]:
    """What each prints, in processes of three seeds."""
    beginning = "import sys, warnings\nsys.path[:0] = ['tests', 'tests/themes']\n"
    beginning += "warnings.simplefilter('ignore')\n"
    code = beginning + f"print({END!r})\n".join(ALL.values())
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        for seed in ("1", "42", "77")
    ]
    return [dict(zip(ALL, run.stdout.split(END), strict=True)) for run in runs]


@pytest.mark.parametrize("name", ALL)
def test_no_table_hangs_on_the_hash_seed(name: str, printed: list[dict[str, str]]) -> None:
    assert len({of_one[name] for of_one in printed}) == 1
    assert printed[0][name].count("\n") >= LINES[name]
