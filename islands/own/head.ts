/** The signed head of a log, as c2sp.org/tlog-checkpoint has it: what core/ledger writes and checks. */

import { hash } from "@stablelib/sha256";
import { base64, concat, fromBase64, hex, utf8 } from "../lib/bytes.ts";
import { isSigned } from "../lib/leads/keyring.ts";

/** What a log signed: its name, how many entries it has, and the root over them (hex). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
}

const ED25519 = 1;
const SIZE = /^(0|[1-9]\d{0,14})$/;

/** Open a signed head with the key of its log, as one line of text; null where that key did not sign it, or it is none. */
export function openHead(note: string, vkey: string): Checkpoint | null {
  const [, name = "", id, encoded = ""] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey) ?? [];
  const end = note.lastIndexOf("\n\n") + 1;
  const text = note.slice(0, end);
  const [origin = "", size = "", root = ""] = text.split("\n");
  try {
    const key = fromBase64(encoded);
    const isKey = key[0] === ED25519 && id === hex(hash(concat(utf8(`${name}\n`), key)).slice(0, 4));
    const isNote = end > 0 && origin === name && SIZE.test(size) && fromBase64(root).length === 32;
    if (!isKey || !isNote) return null;
    const own = note
      .slice(end + 1)
      .split("\n")
      .filter((line) => line.startsWith(`\u2014 ${name} `))
      .map((line) => fromBase64(line.slice(name.length + 3)));
    const lines = own.filter((raw) => hex(raw.slice(0, 4)) === id);
    const areGood = lines.every((raw) => isSigned(hex(key.slice(1)), utf8(text), base64(raw.slice(4))));
    return lines.length > 0 && areGood ? { origin, size: Number(size), root: hex(fromBase64(root)) } : null;
  } catch (_) {
    return null;
  }
}
