"""Whether two requests are about one problem. Pure: texts and facts in, judgements with their reasons out."""

from __future__ import annotations

from sportello.duplicates.rules.facts import Known, Report
from sportello.duplicates.rules.model import Model, Ranked, shipped_model
from sportello.duplicates.rules.ranking import rank

__all__ = ["Known", "Model", "Ranked", "Report", "rank", "shipped_model"]
