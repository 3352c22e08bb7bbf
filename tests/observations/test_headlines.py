"""Headline indicators, by the names that reports and tables give them."""

from xiacheng_nlp.observations.headlines import headline_of, headlines, is_ceiling


def test_a_headline_is_known_by_its_own_name() -> None:
    for headline in headlines():
        assert headline_of(headline.indicator) == headline
        assert is_ceiling("~", None, headline.indicator, falls=False) == headline.lower
