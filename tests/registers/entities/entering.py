"""One entity entered by hand, with the usual values of every column that is asked for."""

from backend.foundation.permissions.actor import Actor
from backend.registers.entities.entering import enter_entity
from backend.registers.entities.models import Entity
from tests.registers.sheets import credit_code


def enter(actor: Actor, number: int, **changed: str) -> Entity:
    """The entity of this number, with these texts changed."""
    entered = {
        "name": f"示例市样例第{number:03d}机械有限公司",
        "code": credit_code(number),
        "kind": "企业",
        "address": "示例市样例区示例路1号",
        "principal": "张样例",
        "phone": "13800000001",
        "status": "在册",
    }
    return enter_entity(actor, {**entered, **changed})
