"""A real browser for tests of pages: Chromium, spoken to over two pipes in its DevTools protocol.

It is used if ``CHROMIUM`` names it or it is on the path; ``.ci/run`` installs it. Keys and clicks are events
of the browser as from a person, the page runs under its own policy, and what it asks of any network is taken
down.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
ABSENT = "needs chromium, or its path in CHROMIUM"
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--no-first-run", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"),
)
_PATIENCE = 60
_KEYS = {"Enter": "\r", "Tab": "\t"}


class Browser:
    """One page in a browser that finds no host."""

    def __init__(self, folder: Path, *, width: int = 1400, height: int = 900, dark: bool = False) -> None:
        assert CHROMIUM
        ends = [*os.pipe(), *os.pipe()]
        to_browser, self._write, self._read, from_browser = (
            fcntl.fcntl(ends[at], fcntl.F_DUPFD, 20) for at in (0, 1, 2, 3)
        )
        for end in ends:
            os.close(end)

        def in_child() -> None:
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        arguments = [CHROMIUM, *_FLAGS, f"--user-data-dir={folder}", f"--window-size={width},{height}"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            arguments,
            stdout=quiet,
            stderr=quiet,
            preexec_fn=in_child,  # noqa: PLW1509 - no library call and no lock is in it
            pass_fds=(3, 4),
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self.console: list[str] = []
        """What the page and the browser complain about."""
        self.requests: list[str] = []
        """The addresses that the page asks for, itself aside."""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")
        self._ask("Performance.enable", timeDomain="threadTicks")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def open(self, path: Path) -> None:
        """Show a page, and wait until it says that it is ready."""
        self._ask("Page.navigate", url=path.as_uri())
        self.wait("document.documentElement?.dataset.ready")
        self.requests = [address for address in self.requests if address != path.as_uri()]

    def value(self, expression: str) -> Any:
        """What an expression is in the page; for promises what comes of them."""
        found = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def worked(self) -> float:
        """Seconds of CPU time that the page has taken."""
        found = self._ask("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in found if each["name"] == "TaskDuration"))

    def run(self, statement: str) -> None:
        """Run a statement in the page."""
        self.value(f"(() => {{ {statement}; }})()")

    def wait(self, expression: str) -> Any:
        """The value of an expression as soon as it is true."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if found := self.value(expression):
                return found
            time.sleep(0.02)
        raise AssertionError(f"{expression} did not come true; the page says {self.console}")

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            text = _KEYS.get(key, key if len(key) == 1 else "")
            code = {"Enter": 13, "Tab": 9, "Escape": 27}.get(key, ord(key) if len(key) == 1 else 0)
            given: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code}
            self._ask("Input.dispatchKeyEvent", type="keyDown", **given, **({"text": text} if text else {}))
            self._ask("Input.dispatchKeyEvent", type="keyUp", **given)

    def write(self, text: str) -> None:
        """Write into what has the focus."""
        self._ask("Input.insertText", text=text)

    def click(self, x: float, y: float) -> None:
        """Click at a point of the page."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = "none" if kind == "mouseMoved" else "left"
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=1)

    def picture(self, path: Path) -> None:
        """Write what is seen to a file."""
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"]))

    def _ask(self, method: str, **given: Any) -> dict[str, Any]:
        self._number += 1
        question: dict[str, Any] = {"id": self._number, "method": method, "params": given}
        if self._session:
            question["sessionId"] = self._session
        os.write(self._write, json.dumps(question).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer)
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], _PATIENCE)
            assert ready, "the browser does not answer"
            more = os.read(self._read, 1 << 20)
            assert more, "the browser has ended"
            self._buffer += more
        message, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def _note(self, event: dict[str, Any]) -> None:
        given = event.get("params", {})
        match event.get("method"):
            case "Runtime.consoleAPICalled":
                self.console.append(" ".join(str(each.get("value")) for each in given["args"]))
            case "Runtime.exceptionThrown":
                self.console.append(json.dumps(given["exceptionDetails"])[:500])
            case "Log.entryAdded":
                self.console.append(given["entry"]["text"])
            case "Network.requestWillBeSent":
                self.requests.append(given["request"]["url"])
