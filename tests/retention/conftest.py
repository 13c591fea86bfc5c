"""Registers on both engines, as the operations' tests have them."""

from tests.operations.conftest import opened, registers, store

__all__ = ["opened", "registers", "store"]
