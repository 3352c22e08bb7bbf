"""Headline indicators, by the names that reports and tables give them."""

from xiacheng_nlp.observations.headlines import headline_of, headlines, is_ceiling


def test_a_headline_is_known_by_its_own_name() -> None:
    for headline in headlines():
        assert headline_of(headline.indicator) == headline
        assert is_ceiling("~", None, headline.indicator, falls=False) == headline.lower


def test_what_is_said_of_the_area_governed_is_said_of_the_place() -> None:
    for name in ("辖区地区生产总值", "新区地区生产总值", "本区生产总值"):
        assert getattr(headline_of(name), "indicator", None) == "地区生产总值"
    # With what the nation takes of it, and without.
    assert headline_of("辖区公共财政收入") is None
