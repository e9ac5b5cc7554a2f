"""Tells strings and comments in source code from the code around them, in one pass.

The scanner jumps from one character that may begin something to the next. Strings into which expressions are
put, and elements of JSX, hold code again, so it keeps a stack of what it is in. It never goes back by more
than a few characters, so it is linear; it stops at a depth that nobody writes, and where a string of several
lines never ends.
"""

from __future__ import annotations

import re

from archlint.finding.regex import regex
from archlint.model.sources.languages import CHARACTER, Form, plain_pattern, text_pattern
from archlint.model.sources.special import (
    heredoc_opening,
    jsx_opening,
    last_lines,
    pattern_end,
    percent_literal,
)
from archlint.model.sources.tokens import LONGEST_PREFIX, Collector, Found, Frame, Inside, TokenKind

DEEPEST = 60
"""Strings in strings, above which a file is not read on."""

_CHARACTER = regex(CHARACTER)
_FORMAT_END = regex(r"[{}\n]")
_TAG_STOP = regex(r"[\"'{>/]")
_CHILD_STOP = regex(r"[<{]")
_WORD = regex(r"[^\s\\]+")
_RUBY_CHARACTER = regex(r"\?[!-~](?!\w)")
_PHP_TAG = regex(r"<\?(?:php\b|=)", re.IGNORECASE)


class Scanner(Collector):
    """One run over a text, or over a part of it."""

    def read_to(self, limit: int) -> list[Found]:
        """All that is no plain code, by place, of the text up to ``reached``: about a limit, behind what is
        open there, or the end."""
        if self.pos == 0 and self.language.name == "php":
            self._leave_php()
        self.limit = limit
        self.is_paused = False
        self._read(0)
        if not self.is_paused:
            self.reached = len(self.text)
        self.found.sort()
        return self.found

    def _read(self, least: int) -> None:
        """Go on until the end, or until no more than so many things are open."""
        steps = (self._in_code, self._in_text, self._in_format, self._in_tag, self._in_children)
        while self.pos < self.end and least < len(self.stack) <= DEEPEST and not self.is_paused:
            steps[self.stack[-1].kind](self.stack[-1])

    # -- code

    def _in_code(self, frame: Frame) -> None:
        is_top = len(self.stack) == 1
        if is_top and self.language.simple and not self.bodies:
            self.go_on(self.language.simple)
            if self.is_paused or self.pos >= self.end:
                return
        stop = self.language.stop if is_top else self.language.stop_in_hole
        limit = self.end
        if self.bodies:
            limit = self.text.find("\n", self.pos, self.end)
            limit = self.end if limit < 0 else limit
        match = stop.search(self.text, self.pos, limit)
        if match is None:
            self.pos = limit
            if self.bodies:
                self._read_bodies(limit + 1)
            return
        at, sign = match.start(), match[0][0]
        if sign in "\"'`":
            self._quote(at, sign)
        elif sign == "/":
            self._slash(at)
        elif sign == "#":
            self._hash(at)
        elif sign == "\n":
            self._line_stop(at, match[0])
        elif sign in "()[]{}:":
            self._bracket(at, sign, frame)
        else:
            self._special(at, sign)

    def _bracket(self, at: int, sign: str, frame: Frame) -> None:
        self.pos = at + 1
        if sign in "([{":
            frame.brackets += 1
        elif sign != ":":
            if frame.brackets == 0 and sign == "}":
                self.leave_hole(frame, at)
            else:
                frame.brackets = max(0, frame.brackets - 1)
        elif frame.brackets == 0 and self.language.has_formats:
            if self.text.startswith("::", at):
                self.pos = at + 2
                return
            self.close_hole(at)
            self.stack[-1] = Frame(Inside.FORMAT)
            self.stack[-1].closers = frame.closers

    def _quote(self, at: int, sign: str) -> None:
        language = self.language
        if sign == "'" and language.has_characters:
            match = _CHARACTER.match(self.text, at, self.end)
            self.add_other(at, match.end()) if match else self.skip(at + 1)
            return
        if language.name == "ruby" and self.text[at - 1 : at] == "$":
            self.skip(at + 1)
            return
        for form in language.by_quote[sign]:
            match = form.opening.match(self.text, at, self.end)
            before = (
                form.before.search(self.text, max(self.pos, at - LONGEST_PREFIX), at) if form.prefix else None
            )
            if match is None or (form.prefix and before is None):
                continue
            self._open(form, before.start() if before else at, match)
            return
        self.skip(at + 1)

    def _open(self, form: Form, start: int, quote: re.Match[str]) -> None:
        inner = quote.end()
        plain = plain_pattern(form, quote[0]).match(self.text, inner, self.end)
        if plain:
            self.add_literal(start, plain.end(), (inner, plain.end() - len(quote[0])), ())
            return
        if not form.hole:
            # a string that never ends: what follows it on the line, or at all, cannot be told
            newline = -1 if form.has_lines else self.text.find("\n", inner, self.end)
            self.skip(self.end if newline < 0 else newline)
            return
        frame = Frame(Inside.TEXT, start, inner)
        is_raw = len(quote[0]) > 2 and not form.escape
        dollars = self.text.count("$", start, quote.start())
        frame.closers = dollars if form.hole == "{" and is_raw else 1
        frame.pattern = text_pattern(form, quote[0], frame.closers)
        self.stack.append(frame)
        self.pos = inner

    def _slash(self, at: int) -> None:
        following = self.text[at + 1 : at + 2]
        if following == "/" and "//" in self.language.line_comments:
            self._add_line_comment(at)
        elif following == "*" and self.language.has_blocks:
            self.add_comment(at, self._end_of_block(at))
        elif self.language.words_before_patterns and self.expects_value(at):
            end = pattern_end(self.text, at, self.end)
            self.add_other(at, end) if end else self.operator(at)
        else:
            self.operator(at)

    def _end_of_block(self, at: int) -> int:
        if not self.language.is_nesting:
            end = self.text.find("*/", at + 2, self.end)
            return self.end if end < 0 else end + 2
        depth, pos = 1, at + 2
        while depth:
            end = self.text.find("*/", pos, self.end)
            if end < 0:
                return self.end
            depth += self.text.count("/*", pos, end) - 1
            pos = end + 2
        return pos

    def _hash(self, at: int) -> None:
        if self.language.name == "php" and self.text.startswith("#[", at):
            self.skip(at + 1)
        else:
            self._add_line_comment(at)

    def _add_line_comment(self, at: int) -> None:
        end = self.text.find("\n", at, self.end)
        end = self.end if end < 0 else end
        if self.language.name == "php":
            tag = self.text.find("?>", at, end)
            end = end if tag < 0 else tag
        self.add_comment(at, end)

    # -- what only some languages have

    def _special(self, at: int, sign: str) -> None:
        if sign == "<" and self.language.has_markup:
            self._markup(at)
        elif sign == "<":
            self._heredoc(at)
        elif sign == "%":
            self._percent(at)
        elif self.language.name != "php":
            is_character = _RUBY_CHARACTER.match(self.text, at) and self.expects_value(at)
            self.add_other(at, at + 2) if is_character else self.operator(at)
        elif self.text.startswith("?>", at):
            self.token_end = self.pos = at + 2
            self._leave_php()
        else:
            self.operator(at)

    def _line_stop(self, at: int, text: str) -> None:
        """Comments that only the beginning of a line begins."""
        if "#" in text:
            self._add_line_comment(at + text.index("#"))
        elif text.startswith("\n__END__"):
            self.add_comment(at + 1, self.end)
        else:
            end = self.text.find("\n=end", at, self.end)
            newline = self.text.find("\n", end + 1, self.end) if end >= 0 else -1
            self.add_comment(at + 1, self.end if newline < 0 else newline)

    def _leave_php(self) -> None:
        """Go over what is no PHP, but text that is sent as it stands."""
        start = self.pos
        match = _PHP_TAG.search(self.text, start, self.end)
        end = match.end() if match else self.end
        self.add_comment(start, end)

    def _percent(self, at: int) -> None:
        end, is_words = percent_literal(self.text, at, self.end) if self.expects_value(at) else (0, False)
        if end < 0:
            self.pos = self.end  # it never ends
        elif not end:
            self.operator(at)
        elif is_words:
            for match in _WORD.finditer(self.text, at + 3, end - 1):
                self.add_literal(match.start(), match.end(), match.span(), ())
            self.pos = self.token_end = end
        else:
            inner = at + (3 if self.text[at + 1].isalpha() else 2)
            self.add_literal(at, end, (inner, end - 1), ())

    def _heredoc(self, at: int) -> None:
        is_php = self.language.name == "php"
        opening = heredoc_opening(self.text, at, is_php)
        if opening is None or not (is_php or opening.is_sure or self.expects_value(at)):
            self.operator(at)
            return
        if self.lines is None:
            self.lines = last_lines(self.text, is_php)
        if opening.name not in self.lines:
            self.operator(at)
            return
        self.after_value(opening.end)
        self.bodies.append((at, opening))

    def _read_bodies(self, start: int) -> None:
        """The texts that were announced on the line before."""
        announced, self.bodies = self.bodies, []
        for at, opening in announced:
            lines = self.lines[opening.name] if self.lines else []
            while lines and lines[-1][0] < start:
                lines.pop()
            if not lines or lines[-1][0] > self.end:
                return
            last, end = lines.pop()
            body = start, max(start, last - 1)
            holes = () if opening.is_plain else self._holes_between(*body)
            self.found.append(Found(at, opening.end, TokenKind.LITERAL, body, holes, self.strings_around))
            self.found.append(Found(start, end, TokenKind.BODY, body, (), 0))
            start = self.pos = end
            newline = self.text.find("\n", end, self.end)
            if len(announced) > 1 and newline >= 0:
                start = newline + 1

    def _holes_between(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Read what is put into a text that begins and ends at given places."""
        if self.depth > DEEPEST:
            return ()
        inside = Scanner(self.text, self.language, start, end)
        inside.depth = self.depth + self.strings_around
        inside.lines = self.lines
        frame = Frame(Inside.TEXT, start, start)
        form = Form('"', has_lines=True, hole="php" if self.language.name == "php" else "#")
        frame.pattern = text_pattern(form, "\0", 1)
        inside.stack.append(frame)
        inside._read(1)
        self.found += inside.found
        return tuple(frame.holes)

    # -- text of strings

    def _in_text(self, frame: Frame) -> None:
        assert frame.pattern is not None
        match = frame.pattern.search(self.text, self.pos, self.end)
        if match is None:
            self.pos = self.end
            return
        self.pos = match.end()
        what = match.lastgroup
        if what == "close":
            self.stack.pop()
            self.add_literal(frame.start, match.end(), (frame.inner, match.start()), tuple(frame.holes))
        elif what == "hole":
            self.enter_hole(match.end(), frame.closers)
        elif what == "name":
            sign = 0 if self.language.name == "php" else 1
            frame.holes.append((match.start() + sign, match.end()))
        elif what == "eol":
            self.stack.pop()
            self.skip(match.start())

    def _in_format(self, frame: Frame) -> None:
        match = _FORMAT_END.search(self.text, self.pos, self.end)
        if match is None:
            self.pos = self.end
        elif match[0] == "{":
            self.enter_hole(match.end())
        else:
            self.stack.pop()
            self.pos = match.start() + (frame.closers if match[0] == "}" else 0)

    # -- elements

    def _markup(self, at: int) -> None:
        opening = jsx_opening(self.text, at, self.language.name) if self.expects_value(at) else None
        if opening is None:
            self.operator(at)
            return
        self.stack.append(Frame(Inside.CHILDREN if self.text[opening - 1] == ">" else Inside.TAG, at))
        self.pos = opening

    def _in_tag(self, frame: Frame) -> None:
        match = _TAG_STOP.search(self.text, self.pos, self.end)
        if match is None:
            self.pos = self.end
            return
        at, sign = match.start(), match[0]
        self.pos = at + 1
        if sign in "\"'":
            end = self.text.find(sign, at + 1, self.end)
            if end < 0:
                self.pos = self.end
            else:
                self.add_literal(at, end + 1, (at + 1, end), ())
        elif sign == "{":
            self.enter_hole(at + 1)
        elif sign == ">":
            frame.kind = Inside.CHILDREN
        elif self.text.startswith("/>", at):
            self.stack.pop()
            self.after_value(at + 2)
        elif self.text.startswith(("//", "/*"), at):
            self._slash(at)

    def _in_children(self, frame: Frame) -> None:
        match = _CHILD_STOP.search(self.text, self.pos, self.end)
        if match is None:
            self.pos = self.end
            return
        at = match.start()
        if match[0] == "{":
            self.enter_hole(at + 1)
        elif self.text.startswith("</", at):
            end = self.text.find(">", at, self.end)
            self.stack.pop()
            self.after_value(self.end if end < 0 else end + 1)
        else:
            opening = jsx_opening(self.text, at, "javascript")
            if opening is None:
                self.pos = at + 1
            else:
                self.stack.append(Frame(Inside.CHILDREN if self.text[opening - 1] == ">" else Inside.TAG, at))
                self.pos = opening
