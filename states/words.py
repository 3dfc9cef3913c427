"""What money, dates and numbers look like on Vietnamese paper."""

from datetime import date

MILLION = 10**6
BILLION = 10**9

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ((MILLION, "triệu"), (10**3, "nghìn"), (1, ""))


def amount_in_words(amount: int) -> str:
    """Spell an amount in lower case, the way decisions print it after the figures.

    A group of three zeros is left out; a group after a spoken one always says its hundreds, so that
    1.005 cannot be heard as 1.500. Above a billion the spelling repeats: 10**18 is "một tỷ tỷ".
    Raises ValueError for a negative amount: no paper prints one, and `reading` refuses to read one.
    """
    if amount < 0:
        raise ValueError(f"a negative amount has no spelling: {amount}")
    return " ".join(_spell(amount)) or DIGITS[0]


def amount_in_words_dong(amount: int) -> str:
    """Spell an amount as the line under the figures: capital first letter, "đồng" at the end."""
    words = amount_in_words(amount)
    return f"{words[0].upper()}{words[1:]} đồng"


def format_number(number: int) -> str:
    """Print a number with a dot between groups of three digits."""
    return f"{number:,}".replace(",", ".")


def format_dong(amount: int) -> str:
    """Print an amount in đồng; a difference may be negative and then starts with a hyphen."""
    return f"{format_number(amount)} đồng"


def format_trieu(amount: int) -> str:
    """Print an amount of đồng in million đồng, exactly: decimals appear as far as needed, none is rounded."""
    whole, rest = divmod(abs(amount), MILLION)
    sign = "-" if amount < 0 else ""
    decimals = f",{rest:06d}".rstrip("0") if rest else ""
    return f"{sign}{format_number(whole)}{decimals} triệu đồng"


def format_date(day: date) -> str:
    """Print a date as dd/MM/yyyy."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_date_long(day: date) -> str:
    """Print a date as the head of a paper writes it."""
    return f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year:04d}"


def whole_percent(part: int, whole: int) -> int:
    """The share in whole percent, halves up; never 100 before the whole is reached: 2 of 3 is 67, 999 of 1000 is 99."""
    rounded = (part * 200 + whole) // (2 * whole)
    return min(rounded, 99) if part < whole else rounded


def _spell(amount: int) -> list[str]:
    billions, rest = divmod(amount, BILLION)
    words = [*_spell(billions), "tỷ"] if billions else []
    for scale, name in GROUPS:
        group, rest = divmod(rest, scale)
        if group:
            words += _spell_group(group, after_another=bool(words))
            words += [name] if name else []
    return words


def _spell_group(group: int, *, after_another: bool) -> list[str]:
    hundreds, below = divmod(group, 100)
    tens, ones = divmod(below, 10)
    words = [DIGITS[hundreds], "trăm"] if hundreds or after_another else []
    if tens == 0:
        linh = ["linh"] if words else []
        return [*words, *linh, DIGITS[ones]] if ones else words
    words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    if ones == 1 and tens > 1:
        return [*words, "mốt"]
    if ones == 5:
        return [*words, "lăm"]
    return [*words, DIGITS[ones]] if ones else words
