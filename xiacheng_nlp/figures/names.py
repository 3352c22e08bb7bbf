"""What the values of an observation's columns are called in Chinese and in English, the same on
every page, figure and citation."""

from collections.abc import Mapping

MEASURE_NAMES: Mapping[str, Mapping[str, str]] = {
    "level": {"zh": "水平", "en": "level"},
    "growth": {"zh": "增长", "en": "growth"},
    "share": {"zh": "占比", "en": "share"},
    "difference": {"zh": "差", "en": "difference"},
    "multiple": {"zh": "倍数", "en": "multiple"},
    "rank": {"zh": "位次", "en": "rank"},
}
STATUS_NAMES: Mapping[str, Mapping[str, str]] = {
    "actual": {"zh": "实绩", "en": "actual"},
    "target": {"zh": "目标", "en": "target"},
    "definition": {"zh": "定义", "en": "definition"},
}
SIGN_NAMES: Mapping[str, Mapping[str, str]] = {
    "decrease": {"zh": "下降", "en": "decrease"},
    "below": {"zh": "低于", "en": "below"},
}
"""A growth below zero, and a difference to something that lies higher."""
