"""Extracts such as a team brings: made by hand, day first, with a slip at midnight."""

import datetime as dt
import random

from openpyxl import Workbook

HEADERS = ("Patient", "Step", "Arrived", "Started", "Finished", "Consultant")


def ward_workbook(path, people=160):
    """
    A workbook of two steps with text dates, day first; row 5 ends before midnight on the wrong date.

    160 people over 26 weeks: Referral, then Memory clinic, which takes one person at a time.
    """
    draw = random.Random(7)  # noqa: S311 - made-up waits, no secret
    book = Workbook()
    sheet = book.active
    sheet.title = "Visits"
    sheet.append(HEADERS)
    free = came = dt.datetime(2026, 1, 5, 9)  # noqa: DTZ001 - wall clock, as people type it
    for number in range(1, people + 1):
        came += dt.timedelta(hours=draw.expovariate(1 / 27))
        read = came + dt.timedelta(hours=draw.uniform(0.5, 3))
        done = read + dt.timedelta(minutes=20)
        begins = max(free, done)
        ends = free = begins + dt.timedelta(hours=draw.uniform(10, 36))
        row = [f"M{number:03}", "Referral", *map(typed, (came, read, done)), "not to be kept"]
        sheet.append(row)
        sheet.append([f"M{number:03}", "Memory clinic", *map(typed, (done, begins, ends)), "not to be kept"])
    sheet["E5"] = typed(dt.datetime(2026, 1, 4, 0, 10))  # noqa: DTZ001 - the slip: it was the day after it began
    book.save(path)
    return path


def typed(moment):
    """A date and time as people type them here."""
    return f"{moment:%d/%m/%Y %H:%M}"
