"""From which address others see this process, and whether it is one of those that were declared.

Others keep allow lists of addresses. What a run comes from is decided by a network that no code of
ours sees, so it is asked of services outside, and of the warehouse, which lets nobody else in.
"""

from utilities.egress.asking import Patience, Sighting, ask_services
from utilities.egress.declared import Declared, read_declared
from utilities.egress.judgement import judge, require_declared
from utilities.egress.services import read_services
from utilities.egress.warehouse import WarehouseAnswer, ask_warehouse

__all__ = [
    "Declared",
    "Patience",
    "Sighting",
    "WarehouseAnswer",
    "ask_services",
    "ask_warehouse",
    "judge",
    "read_declared",
    "read_services",
    "require_declared",
]
