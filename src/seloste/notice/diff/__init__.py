"""Two versions of a notice compared: what changes for people, and what the change asks of the controller."""

from seloste.notice.diff.compare import compare
from seloste.notice.diff.model import AREAS, EFFECTS, Change, Difference

__all__ = ["AREAS", "EFFECTS", "Change", "Difference", "compare"]
