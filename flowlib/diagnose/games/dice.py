"""
How much comes out of five people in a row, when each can do 3.5 a round on average?

Each person throws a die: that is what he or she could do this round. They go in turn,
first to last, and move at most what waits in the bowl before them. The first never runs
out of work. A bowl may have a cap: then nobody puts more into it than it has room for.

The game is E. M. Goldratt's ("The Goal", 1984, chapter 14), with bowls in place of
matches. With D(s, n) for all that person s has moved by round n, and X for the throws:
D(s, n) = min(D(s, n - 1) + X(s, n), D(s - 1, n)). All counts are pieces of work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import need, whole
from flowlib.diagnose.games.typed import MOST_ROWS, whole_rows
from flowlib.simulation.draws import Luck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["STATIONS", "DiceGame", "Odds", "odds", "play", "throws"]

STATIONS, ROUNDS = 5, 20
FEWEST, MOST_STATIONS = 2, 10
MOST_THROW = 100  # pieces in one throw
MOST_THROWS = 20_000_000  # in all the games of one `odds`: about a second
GAMES = 40_000
ODDS_SEED = 20  # any number: the odds are the same each time they are asked
MIDDLE = (2.5, 97.5)  # per cent of games: 95 in 100 lie between


@dataclass(frozen=True, eq=False)
class DiceGame:
    """One game: what was thrown, moved, and left waiting."""

    throws: Ints  # pieces each could move, rounds × stations
    moved: Ints  # pieces each did move, rounds × stations
    bowls: Ints  # pieces that wait between stations at the end of each round, rounds × (stations - 1)
    cap: int | None  # pieces that a bowl holds at most; None where it holds any number

    @property
    def rounds(self) -> int:
        """Rounds played."""
        return len(self.throws)

    @property
    def out(self) -> int:
        """Pieces that left the last station."""
        return int(self.moved[:, -1].sum())

    @property
    def waiting(self) -> int:
        """Pieces in all bowls at the end."""
        return int(self.bowls[-1].sum())

    @property
    def unused(self) -> Ints:
        """Of what each station threw, the pieces that it could not move, one number a station."""
        return np.asarray((self.throws - self.moved).sum(axis=0))

    def table(self) -> pd.DataFrame:
        """A row a round: `round`, each throw, each move, each bowl, `out`, `out so far`."""
        parts = {"round": np.arange(1, self.rounds + 1)}
        stations = range(self.throws.shape[1])
        parts |= {f"throw {s + 1}": self.throws[:, s] for s in stations}
        parts |= {f"moved {s + 1}": self.moved[:, s] for s in stations}
        parts |= {f"waiting for {s + 2}": self.bowls[:, s] for s in range(self.bowls.shape[1])}
        parts |= {"out": self.moved[:, -1], "out so far": np.cumsum(self.moved[:, -1])}
        return pd.DataFrame(parts)

    def last_round(self) -> pd.DataFrame:
        """A row a station: `person`, `threw`, `passed on`, and `waits before`, which is missing for the first."""
        stations = self.throws.shape[1]
        return pd.DataFrame(
            {
                "person": np.arange(1, stations + 1),
                "threw": self.throws[-1],
                "passed on": self.moved[-1],
                "waits before": pd.array([None, *self.bowls[-1].tolist()], dtype="Int64"),
            }
        )

    def sentence(self) -> str:
        """The game in plain words, without the reason: a class is to find that itself."""
        rounds = "1 round" if self.rounds == 1 else f"{self.rounds} rounds"
        return (
            f"After {rounds}, {_pieces(self.out)} came out and {_waits(self.waiting)}. "
            f"The last person threw {self.throws[:, -1].sum()} in all, and passed on {self.out}."
        )


@dataclass(frozen=True, eq=False)
class Odds:
    """What many games with the same rules bring."""

    rounds: int
    games: int
    mean: float  # pieces out of one game
    lower: float  # 95 in 100 games bring this or more, up to...
    upper: float  # ...this
    mean_waiting: float  # pieces in all bowls at the end of a game
    promised: float  # pieces, if every round brought the mean throw
    out: Ints  # pieces out, one number a game

    @property
    def a_round(self) -> float:
        """Pieces out in a round, on average."""
        return self.mean / self.rounds

    @property
    def standard_error(self) -> float:
        """Of the mean, in pieces."""
        return float(self.out.std(ddof=1) / np.sqrt(self.games))

    def sentence(self) -> str:
        """The range of games in plain words."""
        return (
            f"In {self.games:,} games like this, {self.mean:.0f} pieces come out on average. "
            f"95 games in 100 bring {self.lower:.0f} to {self.upper:.0f}."
        )


def throws(
    rounds: int = ROUNDS, *, stations: int = STATIONS, low: int = 1, high: int = 6, game: int = 1
) -> NDArray[np.int64]:
    """
    What each station throws, rounds × *stations*, each from *low* to *high*.

    The same *game*, a number of 0 or more, gives everybody the same throws. More rounds or stations leave the
    others' throws as they are, and so does another die: a high throw stays a high one.
    Raises a `Refusal` for fewer than 2 or more than 10 stations, more than 200 rounds, and a die without faces.

    >>> throws(3, game=7).shape, throws(2, game=7).tolist() == throws(3, game=7)[:2].tolist()
    ((3, 5), True)
    """
    stations, low, high = _rules(stations, low, high)
    rounds = whole("The number of rounds", rounds, 1)
    need(rounds <= MOST_ROWS, f"A game has at most {MOST_ROWS} rounds; {rounds} came. Play fewer.")
    return _thrown(Luck(whole("The game number", game), 0), rounds, stations, low, high)


def play(thrown: object, *, cap: int | None = None) -> DiceGame:
    """
    The game that follows from what was *thrown*, rounds × stations: whole numbers of 0 or more.

    *cap* is the number of pieces that each bowl may hold, 1 or more; None lets it hold any number.

    >>> game = play([[6, 1, 4], [2, 5, 3]])
    >>> game.moved.tolist(), game.bowls.tolist(), game.out
    ([[6, 1, 1], [2, 5, 3]], [[5, 0], [2, 2]], 4)
    """
    table = whole_rows(thrown, high=MOST_THROW)
    _rules(table.shape[1], 0, MOST_THROW)
    moved, bowls = _moved(table[:, :, None], _cap(cap))
    return DiceGame(table, moved[:, :, 0], bowls[:, :, 0], cap)


def odds(
    rounds: int = ROUNDS,
    *,
    stations: int = STATIONS,
    low: int = 1,
    high: int = 6,
    cap: int | None = None,
    games: int = GAMES,
) -> Odds:
    """
    What comes out of many *games* of so many *rounds*, each begun with empty bowls.

    Other parameters are as for `throws` and `play`. The chance is always the same, so that
    rules can be compared. Raises a `Refusal` for more than 20 million throws in all.

    >>> found = odds()
    >>> round(found.mean), found.lower, found.upper, found.promised
    (52, 41.0, 62.0, 70.0)
    """
    stations, low, high = _rules(stations, low, high)
    rounds, games = whole("The number of rounds", rounds, 1), whole("The number of games", games, 2)
    many = rounds * games * stations
    need(many <= MOST_THROWS, f"That takes {many:,} throws; at most {MOST_THROWS:,} are dealt. Ask for fewer games.")
    thrown = _thrown(Luck(ODDS_SEED, 0), rounds * games, stations, low, high)
    thrown = thrown.reshape(games, rounds, stations).transpose(1, 2, 0)
    moved, bowls = _moved(thrown, _cap(cap))
    out = moved[:, -1].sum(axis=0)
    lower, upper = np.percentile(out, MIDDLE)
    promised = rounds * (low + high) / 2
    waits = float(bowls[-1].sum(axis=0).mean())
    return Odds(rounds, games, float(out.mean()), float(lower), float(upper), waits, promised, out)


def _rules(stations: object, low: object, high: object) -> tuple[int, int, int]:
    number = whole("The number of stations", stations, FEWEST)
    need(number <= MOST_STATIONS, f"A game has at most {MOST_STATIONS} stations; {number} came. Take some away.")
    least, most = whole("The lowest throw", low), whole("The highest throw", high)
    need(
        least <= most <= MOST_THROW and most > 0,
        f"A die must run upwards, to {MOST_THROW} at most; {least} to {most} came. Change its lowest or highest throw.",
    )
    return number, least, most


def _cap(cap: object) -> int | None:
    return None if cap is None else whole("The cap of a bowl", cap, 1)


def _thrown(luck: Luck, count: int, stations: int, low: int, high: int) -> Ints:
    """*count* throws of each station, under a name of its own."""
    faces = high - low + 1
    each = [luck.uniforms(count, "dice", station) for station in range(stations)]
    return np.asarray(low + np.floor(faces * np.stack(each, axis=1)), dtype=np.int64)


def _moved(thrown: Ints, cap: int | None) -> tuple[Ints, Ints]:
    """What each moves, and the bowls after each round, of throws by rounds × stations × games."""
    rounds, stations, games = thrown.shape
    moved = np.empty_like(thrown)
    bowls = np.empty((rounds, stations - 1, games), dtype=np.int64)
    now = np.zeros((stations - 1, games), dtype=np.int64)
    for turn in range(rounds):
        for station in range(stations):
            move = thrown[turn, station]
            if station > 0:
                move = np.minimum(move, now[station - 1])
            if station < stations - 1:
                move = move if cap is None else np.minimum(move, cap - now[station])
                now[station] += move
            if station > 0:
                now[station - 1] -= move
            moved[turn, station] = move
        bowls[turn] = now
    return moved, bowls


def _pieces(count: int) -> str:
    return "1 piece" if count == 1 else f"{count} pieces"


def _waits(count: int) -> str:
    return "1 waits in a bowl" if count == 1 else f"{count or 'none'} wait in bowls"
