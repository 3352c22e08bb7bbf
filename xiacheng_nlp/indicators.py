"""The former place of `observations`: a module must not bear the name of the package's function `indicators`."""

from xiacheng_nlp.observations import Observation, indicators, observation_table

__all__ = ["Observation", "indicators", "observation_table"]
