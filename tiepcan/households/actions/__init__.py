"""What is done to households: each thing that a person can do is one function and one transaction."""

from tiepcan.households.actions.keeping import (
    add,
    edit,
    keep_member,
    keep_sensitive,
    succeed,
    take_member_off,
)
from tiepcan.households.actions.merging import (
    keep_apart,
    merge,
    reconsider,
    seek,
    tell_apart,
    unmerge,
    why_not_unmerge,
)
from tiepcan.households.actions.moving import come_back, leave, move, split
from tiepcan.households.actions.reviewing import (
    keep_as_before,
    lock_round,
    not_reviewed,
    reopen_round,
    review,
    start_round,
    why_not_kept,
)

__all__ = [
    "add",
    "come_back",
    "edit",
    "keep_apart",
    "keep_as_before",
    "keep_member",
    "keep_sensitive",
    "leave",
    "lock_round",
    "merge",
    "move",
    "not_reviewed",
    "reconsider",
    "reopen_round",
    "review",
    "seek",
    "split",
    "start_round",
    "succeed",
    "take_member_off",
    "tell_apart",
    "unmerge",
    "why_not_kept",
    "why_not_unmerge",
]
