"""
Are these people's names?

Wards are called Rose and Victoria, and steps X Ray, so one word tells nothing. A column
of names has cells of a name's shape, of which a share holds known given names; under a
header that says name, or with titles, less is needed. One cell among others is a name
beyond doubt only by a title, or by a given and a family name that are both known and
are no ordinary words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from flowlib.core.given_names import GIVEN_NAMES
from flowlib.core.privacy.family_names import EVERYDAY, FAMILY_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["STEP_HEADER", "name_in", "names", "titled_in", "whole_name"]

MOST = 0.5  # share of cells that must look alike
KNOWN_IN_A_LONG_LIST, KNOWN_IN_A_SHORT = 0.2, 0.6  # share with a known given name; "X Ray" is no person
WITH_A_COMMA = 0.1  # share that must be known where a comma stands between surname and given name
SURE = 0.6  # share with both names known that tells people even where a ward is named
LONG_LIST = 10  # different names
PEOPLE_AT_LEAST, PEOPLE_PER_ROW = 5, 0.15  # different names under a header of wards, and of its rows
FEWEST_INITIALS = 3
FEWEST_ALONE, SURE_ALONE = 7, 0.7  # different family names with nothing beside them, and the share that is known
SOME, FEWEST_AMONG_OTHERS = 0.05, 3  # of a column, and different names, where codes stand between them
FIGURE = re.compile(r"\d")
# What is written where no name is known.
NOTHING_SAID = frozenset(
    [
        "yes", "no", "y", "n", "true", "false", "not known", "unknown", "not stated", "not given", "not recorded",
        "not applicable", "see notes", "see note", "none", "other", "refused", "declined", "various", "tbc", "tba",
        "as above", "pending", "done", "ok", "x",
    ]
)  # fmt: skip
LETTERS = r"[^\W\d_]"
WORD = rf"{LETTERS}[^\W\d_'’`-]*(?:['’`-]{LETTERS}+)*\.?"
TITLE = r"(?:mr|mrs|ms|miss|mx|dr|doctor|prof|professor|sir|dame|lady|lord|rev|revd|master|sister|fr|cllr)\b\.?\s*"
PERSON_NAME = re.compile(
    rf"(?:{TITLE})?{WORD}(?:[,;]\s*|\s+){WORD}(?:\s+{WORD}){{0,2}}(?:,?\s*\(?{TITLE}\)?)?", re.IGNORECASE
)
SOME_INITIALS = rf"(?:(?-i:[A-Z]{{2,3}})\b|(?:{LETTERS}\b\.?\s?){{1,3}})"
INITIALS = re.compile(
    rf"(?:{TITLE})?(?:(?:{LETTERS}\.\s?|{LETTERS}\s){{1,3}}{LETTERS}[\w'’-]+|{LETTERS}[\w'’-]+(?:,\s*|\s+){SOME_INITIALS})",
    re.IGNORECASE,
)
MIDDLE_INITIAL = re.compile(rf"{LETTERS}[\w'’-]+\s(?:{LETTERS}\.?\s){{1,2}}{LETTERS}[\w'’-]+", re.IGNORECASE)
JOINED = re.compile(rf"{LETTERS}{{2,}}[\^._/|]+{LETTERS}{{2,}}(?:[\^._/|]+{LETTERS}*)*", re.IGNORECASE)
CAMEL = re.compile(r"(?!Mc|Mac)([A-Z][a-z]+)([A-Z][a-z]+)")  # JohnSmith
SINGLE_WORD = re.compile(rf"{WORD}(?<=..)")
TITLED = re.compile(rf"{TITLE}(?:{LETTERS}\.?\s+){{0,3}}(?P<name>{LETTERS}[\w'’-]+)", re.IGNORECASE)
WORDS = re.compile(rf"{LETTERS}+(?:['’`]{LETTERS}+)*")
PLACE = re.compile(
    r"\b(?:wards?|units?|suite|clinics?|team|cent(?:re|er)|house|lodge|court|surgery|room|bay|hospital|department|theatre"
    r"|practice|wing|floor|block|building|hub|hospice|infirmary|care|service|services|school|college|trust|road|street)\b",
    re.IGNORECASE,
)
NAME_HEADER = re.compile(
    r"\b(?:surname|forenames?|christian|(?:first|last|given|family|full|patient|client|person|service user|nok) ?name"
    r"|names?|next of kin|nok|carer)\b"
)
SURNAME_HEADER = re.compile(r"\b(?:surname|forenames?|(?:first|last|given|family|patient|client) ?name)\b")
STEP_HEADER = re.compile(
    r"step|\bward|activity|event|team|service(?! user)|\bloc\b|location|department|\bdept|unit|place\b|\bsite|clinic"
    r"|concept|dest|transfer|\bto\b|\bfrom\b|\bbay\b|\bbed\b|\bzone|\barea|hospital|\bhosp|practice|provider|\btrust|speciality"
    r"|specialty|drug|procedure|\btest|stage|discharged|next|disposal|outcome|status|setting|home\b"
)
SURE_TITLES = re.compile(
    rf"\b(?:mrs|miss|mr|ms|mx)\b\.?\s+(?:{LETTERS}\.?\s+){{0,3}}(?P<name>{LETTERS}[\w'’-]+)", re.IGNORECASE
)
DOCTOR = re.compile(
    rf"\b(?:dr|doctor|prof|professor|sister|nurse|son|daughter|wife|husband|pt|patient|gp|carer)\b\.?\s+(?:{LETTERS}\.?\s+){{0,3}}(?P<name>{LETTERS}[\w'’-]+)",
    re.IGNORECASE,
)
PAIR = re.compile(rf"(?=\b(?P<one>{LETTERS}[\w'’-]+)(?P<gap>,\s*|\s+(?:{LETTERS}\.?\s+)?)(?P<two>{LETTERS}[\w'’-]+))")
# Words that stand after Miss, Ms or MR in a hospital, and are no names.
AFTER_TITLES = frozenset(
    """
    angiogram angio appointment appt arthrogram brain breast cardiac clinic cholangiogram dose elbow enterography foot
    hand head hip knee liver lumbar mdt neck nurse ordered pelvis prostate rectum referral scan scans sinus shoulder
    small specialist spine spinal team the urogram venogram whole wrist imaging mri request requested and or at
    """.split()  # noqa: SIM905 - a list of so many quoted words would be harder to read
)
FAMILY_LIKE = re.compile(r"(?:mc|o')[a-z]{3,}|[a-z]{3,}(?:wski|wska|wicz|czyk|enko|opoulos|sdottir|oglu|escu|ovic)")


def names(header: str, texts: Sequence[str]) -> bool:
    """Whether these cells are people's names, or those are that codes and words like "yes" leave."""
    return _names(header, texts) or _among_others(header, texts)


def _among_others(header: str, texts: Sequence[str]) -> bool:
    """
    Whether names stand among codes, as where only some people's were written down.

    What is no name's shape, holds a figure or says that nothing is known is left out;
    what is left must be several different cells, and a share of the column.
    """
    left = [text for text in texts if not FIGURE.search(text) and text.lower() not in NOTHING_SAID]
    if len(left) == len(texts) or len(left) < SOME * len(texts) or len(set(left)) < FEWEST_AMONG_OTHERS:
        return False
    return _names(header, left)


def _names(header: str, texts: Sequence[str]) -> bool:
    """Whether these cells, all of them, are people's names."""
    cells = [CAMEL.sub(r"\1 \2", text) for text in texts if not PLACE.search(text)]
    if len(cells) <= MOST * len(texts):
        return False
    different = sorted(set(cells))
    varied = len(different) > MOST * len(cells)
    known = _share(different, _holds_known)
    full = _share(cells, _name_shaped)
    comma = _share(cells, lambda text: "," in text and PERSON_NAME.fullmatch(text))
    many = len(different) >= max(PEOPLE_AT_LEAST, PEOPLE_PER_ROW * len(cells))
    if (
        _titled(cells) > MOST
        or (comma > MOST and known > (WITH_A_COMMA if varied else KNOWN_IN_A_SHORT))
        or (full > MOST and many and _share(different, whole_name) > SURE)
        or _with_initials(header, cells)
    ):
        return True
    needed = KNOWN_IN_A_LONG_LIST if varied and len(different) >= LONG_LIST else KNOWN_IN_A_SHORT
    if STEP_HEADER.search(header):  # wards are called Rose and Victoria
        return full > MOST and varied and known > needed and len(different) >= PEOPLE_AT_LEAST
    single = _share(cells, SINGLE_WORD.fullmatch)
    by_header = NAME_HEADER.search(header) is not None and varied and (known > 0 or len(different) >= LONG_LIST)
    by_header = by_header or (SURNAME_HEADER.search(header) is not None and len(different) > 1)
    enough = varied or len(different) >= LONG_LIST or full > MOST
    either = full > MOST and _share(different, _holds_either) > SURE
    enough = enough or (many and single > MOST)
    alone = single > MOST and many and len(different) >= FEWEST_ALONE and _share(different, _holds_other) > SURE_ALONE
    told = max(full, single) > MOST and ((known > needed and enough) or by_header)
    return either or alone or told


def whole_name(text: str) -> bool:
    """
    Whether a whole cell is a given and a family name that are both known, in any order.

    >>> whole_name("OKAFOR, Aisha"), whole_name("Smith-Jones J"), whole_name("Rose Ward"), whole_name("X Ray")
    (True, False, False, False)
    """
    if PLACE.search(text) or not _name_shaped(text):
        return False
    words = _plain_words(re.sub(rf"^{TITLE}", "", text, flags=re.IGNORECASE))
    long = [word for word in words if len(word) > 1]
    pairs = ((long[0], long[-1]), (long[-1], long[0])) if len(long) > 1 else ()
    return any(_given(one) and _family(two) for one, two in pairs)


def titled_in(text: str) -> bool:
    """
    Whether Mr, Mrs, Ms or Miss and a name stand in a text, where wards are named too.

    >>> titled_in("under Mr Fairweather"), titled_in("MR Head"), titled_in("Florence Nightingale")
    (True, False, False)
    """
    return any(_after_title(found) for found in SURE_TITLES.finditer(text))


def name_in(text: str) -> bool:
    """
    Whether a text names a person beyond doubt: by a title, or by both names.

    >>> name_in("spoke to Mrs Adeyemi"), name_in("rang daughter Jane Cooper"), name_in("MR Head"), name_in("Dr review")
    (True, True, False, False)
    """
    if titled_in(text) or any(_known_capital(found["name"]) for found in DOCTOR.finditer(text)):
        return True
    return any(_pair(found["one"], found["two"]) for found in PAIR.finditer(text)) and not PLACE.search(text)


def _after_title(found: re.Match[str]) -> bool:
    """Whether what stands after Mr, Mrs, Ms or Miss is a name."""
    title, name = found[0].split()[0].strip("."), found["name"]
    plain = _plain(name)
    if plain in AFTER_TITLES or plain.split("-")[0] in AFTER_TITLES:
        return False
    if title.lower() == "mrs" or (title in {"Mr", "Ms", "Miss", "Mx"} and name[:1].isupper()):
        return True
    return _known(plain) and plain not in EVERYDAY


def _known_capital(name: str) -> bool:
    plain = _plain(name)
    return name[:1].isupper() and (_given(plain) or _family(plain))


def _pair(one: str, two: str) -> bool:
    """Whether two words in a text are a given and a family name, both written as names."""
    if not (one[:1].isupper() and two[:1].isupper()):
        return False
    first, last = _plain(one), _plain(two)
    return (_given(first) and _family(last)) or (_family(first) and _given(last) and one.isupper())


def _titled(cells: Sequence[str]) -> float:
    """The share of cells that begin with a title, where enough of those hold a known name."""
    found = [_plain(match["name"]) for text in cells if (match := TITLED.match(text)) and _name_shaped(text)]
    real = [name for name in found if name not in AFTER_TITLES]
    known = _share(real, lambda name: name not in EVERYDAY and _known(name))
    return len(real) / len(cells) if known > KNOWN_IN_A_LONG_LIST else 0.0


def _with_initials(header: str, cells: Sequence[str]) -> bool:
    """Whether most cells are initials beside many different words, some of them family names; wards are A and B."""
    if _share(cells, MIDDLE_INITIAL.fullmatch) > MOST:
        return len(set(cells)) > 2  # noqa: PLR2004 - more than a pair
    short = {text for text in cells if INITIALS.fullmatch(text)}
    if sum(text in short for text in cells) <= MOST * len(cells):
        return False
    words = {max(_plain_words(text), key=len) for text in short}
    letters = {min(_plain_words(text), key=len) for text in short}
    if len(letters) < max(FEWEST_INITIALS, len(words) / 2):  # left and right, morning and afternoon
        return False
    known = sum(_family(word) for word in words) / len(words)
    if STEP_HEADER.search(header):
        return len(words) >= PEOPLE_AT_LEAST and len(short) > MOST * len(cells)
    return len(words) >= PEOPLE_AT_LEAST or known > 0 or all("." in text for text in short)


def _name_shaped(text: str) -> bool:
    return any(form.fullmatch(text) for form in (PERSON_NAME, INITIALS, JOINED))


def _holds_known(text: str) -> bool:
    """Whether a cell holds a given name, or initials or a title beside a family name."""
    words = _plain_words(text)
    if any(word in GIVEN_NAMES and word not in EVERYDAY for word in words) or whole_name(text):
        return True
    if len(words) > 1 and all(_given(word) or _family(word) for word in words):
        return True
    short = INITIALS.fullmatch(text) is not None or TITLED.match(text) is not None
    return short and any(_family(word) for word in words)


def _holds_either(text: str) -> bool:
    """Whether a cell of a name's shape holds a known name that is no ordinary word."""
    return _name_shaped(text) and any(_given(word) or _family(word) for word in _plain_words(text))


def _holds_other(text: str) -> bool:
    """Whether a cell holds a given or a family name that is no ordinary word, whatever its shape."""
    return any(_given(word) or _family(word) for word in _plain_words(text))


def _plain(word: str) -> str:
    """A word in lower case without accents."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode() or word.lower()


def _plain_words(text: str) -> list[str]:
    found = [_plain(word.replace("’", "'").replace("`", "'")) for word in re.split(r"[^\w'’`]+|[\d_]+", text) if word]
    return [word for word in found if word]


def _given(word: str) -> bool:
    return word not in EVERYDAY and any(part in GIVEN_NAMES for part in (word, *word.split("-")))


def _family(word: str) -> bool:
    if word in EVERYDAY:
        return False
    return any(part in FAMILY_NAMES for part in (word, *word.split("-"))) or FAMILY_LIKE.fullmatch(word) is not None


def _known(word: str) -> bool:
    parts = (word, *word.split("-"))
    return any(part in GIVEN_NAMES or part in FAMILY_NAMES for part in parts) or FAMILY_LIKE.fullmatch(word) is not None


def _share(texts: Sequence[str], looks: Any) -> float:  # noqa: ANN401 - a function whose answer counts as true or false
    return sum(bool(looks(text)) for text in texts) / len(texts) if texts else 0.0
