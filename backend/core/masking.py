"""How a personal number is shown where the whole of it is not needed (national.md 1.5)."""


def masked_phone(number: str) -> str:
    """`13812345678` becomes `138****5678`; shorter numbers keep their last two digits."""
    if len(number) >= 11:
        return f"{number[:3]}****{number[-4:]}"
    return "*" * max(0, len(number) - 2) + number[-2:]
