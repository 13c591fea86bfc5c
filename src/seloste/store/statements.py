"""The fixed statements by which an operation settles and judges, of one register on one engine."""

from __future__ import annotations

from collections.abc import Mapping

from seloste.compiler.judge import Judgement, judgements
from seloste.compiler.marks import Marks, marks
from seloste.compiler.register import Register
from seloste.lazily import cached_property
from seloste.store.engine import Dialect


class Statements:
    """The fixed statements of a register on one engine, rendered when first asked for."""

    def __init__(self, register: Register, dialect: Dialect) -> None:
        self.register = register
        self.dialect = dialect

    @cached_property
    def marks(self) -> Marks:
        return marks(self.register, self.dialect)

    @cached_property
    def judgements(self) -> Mapping[str, Judgement]:
        return judgements(self.register, self.dialect)
