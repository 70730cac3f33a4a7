"""A message while it is being understood: its blocks so far, and who says them."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.blocks import Block, Code, NotUnderstood, Output, Plain
from app.core.loose import Json, mapping, strings
from app.core.messages.citations.rewriting import Gathered, rewrite, without_private
from app.core.messages.context import Context
from app.core.messages.prose import gathered_blocks, prose_blocks
from app.core.messages.visibility import TOOL_ROLES, recipient_of, role_of
from app.core.text import lines


def words(value: object) -> str:
    """Return a field that should be a string; of anything else, the strings it holds."""
    return value if isinstance(value, str) else "\n".join(strings(value))


class Draft:
    """Collects blocks; `say` gives a text the form that suits its speaker."""

    def __init__(self, node: str, message: Json, context: Context) -> None:
        self.node = node
        self.message = message
        self.context = context
        self.metadata = mapping(message.get("metadata"))
        self.role = role_of(message)
        self.recipient = recipient_of(message)
        self.gathered = Gathered()
        self.blocks: list[Block] = []
        self.unknown: list[str] = []

    def add(self, *blocks: Block) -> None:
        """Append blocks."""
        self.blocks += blocks

    def say(self, text: str) -> None:
        """Append a text as what its speaker writes: Markdown, plain text, output."""
        if self.role == "assistant" and self.recipient == "all":
            self.answer(text, self.metadata)
            return
        block: type[Output] | type[Code] | type[Plain] = Plain
        if self.role in TOOL_ROLES:
            block, text = Output, without_private(text)
        elif self.role == "assistant":
            block = Code
        fit = lines(text)
        if fit.strip():
            self.add(block(fit))

    def answer(self, text: str, metadata: Json) -> None:
        """Append Markdown whose citations ``metadata`` resolves."""
        self.blocks += prose_blocks(rewrite(text, metadata, self.node, self.context, self.gathered))

    def not_understood(self, content_type: str, rest: object) -> None:
        """Append what is not understood, with every string it holds."""
        name = lines(content_type).strip()[:200] or "no type"
        self.unknown.append(name)
        self.add(NotUnderstood(name, lines("\n".join(strings(rest)))))

    def finish(self) -> Iterable[Block]:
        """Return all blocks, what the texts brought up at the end."""
        return [*self.blocks, *gathered_blocks(self.gathered)]
