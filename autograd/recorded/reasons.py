"""Why a place at which a function decides is a guard, in words; and whether what runs is what its source says."""

from __future__ import annotations

import linecache
from collections.abc import Iterable
from types import CodeType
from typing import Any

from autograd.branches.decisions import Decisions
from autograd.sources.definitions import CHANGED, UNREADABLE, definition_of

__all__ = ["is_other", "why_guard"]

DECIDED = "what a comparison gives is needed as True or False itself"
ELSEWHERE = "it compares in what is called there, by in or beside :=, which is not rewritten"


def why_guard(decisions: Decisions, line: tuple[str, int], codes: Iterable[Any]) -> str:
    """Why a line is a guard still; "" if nobody has tried to merge it.

    Args:
        decisions: What is merged, and what could not be.
        line: Its file and number.
        codes: The code of functions that have made a guard there.
    """
    refused = [*decisions.unsafe.items(), *decisions.given_up.items(), *decisions.refused.items()]
    for exactly in (True, False):  # a statement over several lines has guards on any of them
        for site, reason in refused:
            if site.file == line[0] and (site.line == line[1] if exactly else site.line <= line[1] <= site.end):
                return reason
    for code in codes:
        if getattr(code, "co_qualname", "") in decisions.unread:
            return decisions.unread[code.co_qualname]
        if found := is_other(code, decisions):
            return found
    if not decisions.every and line not in decisions.lines | decisions.tried:
        return ""
    return DECIDED if line in decisions.decided else ELSEWHERE


def is_other(code: Any, decisions: Decisions) -> str:
    """In which way the file of a function has something else where it was, if that can be told; "" if not."""
    if not isinstance(code, CodeType):
        return ""  # it came along as data
    if not linecache.getlines(code.co_filename):
        return UNREADABLE
    if decisions.texts or code.co_name.startswith("<"):
        return ""  # it was looked at when it was rewritten
    found = definition_of(code)
    return found if isinstance(found, str) and found.startswith(CHANGED) else ""
