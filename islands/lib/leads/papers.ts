/** The leads' recovery papers: a key cut into shares, each written as digits; the same as core/sealing/papers.py. No page. */

import { bech32 } from "@scure/base";
import { hash } from "@stablelib/sha256";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { combine, split } from "shamir-secret-sharing";
import { concat, hex, utf8 } from "../bytes.ts";
import { damm, digitsOf } from "../receipt/digits.ts";
import { isSigned } from "./keyring.ts";
import { checkedStatement, papersStatement } from "./statements.ts";
import type { Judged } from "./trust.ts";

const SHARE_BYTES = 33;
const ROWS = 4;
const ROW_DIGITS = 20;
const GROUP = 3;
const IDENTITY = "AGE-SECRET-KEY-";

/** What everyone may know of recovery papers: the recipient, how many are needed, and by which hash each is known. */
export interface Papers {
  readonly recipient: string;
  readonly needed: number;
  readonly papers: readonly string[];
}

/** The entry of the record that made some. */
export interface PapersEntry {
  readonly index: number;
  readonly data: Papers & { readonly certs: readonly { readonly seat: string; readonly signature: string }[] };
}

/** Papers that one lead made and signed, and that wait for a second one. */
export interface PapersAsked extends Papers {
  readonly seat: string;
  readonly signature: string;
}

/** A row of a paper that was typed: what is wrong with it, and where. */
export interface Wrong {
  readonly row: number;
}

/** Make a recovery key and cut it; the key itself is kept nowhere. */
export async function cut(count: number, needed: number): Promise<Papers & { readonly shares: Uint8Array[] }> {
  const identity = await generateX25519Identity();
  const secret = bech32.decodeToBytes(identity).bytes;
  const shares = await split(Uint8Array.from(secret), count, needed);
  secret.fill(0);
  return { recipient: await identityToRecipient(identity), needed, papers: shares.map(knownBy), shares };
}

/** Give the recovery identity that papers were cut from; throws where they are not of one cut, or too few. */
export async function joined(shares: Uint8Array[], recipient: string): Promise<string> {
  const secret = await combine(shares);
  const identity = bech32.encodeFromBytes(IDENTITY, secret).toUpperCase();
  secret.fill(0);
  if ((await identityToRecipient(identity)) !== recipient) throw new Error("These papers give another key.");
  return identity;
}

/** Compute by which hash a paper is known. */
export function knownBy(share: Uint8Array): string {
  return hex(hash(concat(utf8("alongside/recovery-paper/v1\n"), share)));
}

/** Write a share as a paper shows it: four rows of seven groups of three digits, the last of which checks the row and its place. */
export function rowsOf(share: Uint8Array): string[] {
  const number = BigInt(`0x${hex(share)}`)
    .toString()
    .padStart(ROWS * ROW_DIGITS, "0");
  const cuts = number.match(new RegExp(`.{${ROW_DIGITS}}`, "g")) as string[];
  return cuts.map(
    (row, at) => `${row}${damm(`${at + 1}${row}`)}`.match(new RegExp(`.{${GROUP}}`, "g"))?.join(" ") ?? "",
  );
}

/** Read a paper from its four rows as a person typed them, in the digits of any script. */
export function readPaper(typed: readonly string[]): Uint8Array | Wrong {
  let number = "";
  for (const [at, row] of typed.entries()) {
    const digits = digitsOf(row);
    if (digits?.length !== ROW_DIGITS + 1 || damm(`${at + 1}${digits}`)) return { row: at + 1 };
    number += digits.slice(0, -1);
  }
  const value = BigInt(number);
  if (value >> BigInt(8 * SHARE_BYTES)) return { row: 1 };
  const written = value.toString(16).padStart(2 * SHARE_BYTES, "0");
  return Uint8Array.from(written.match(/../g) as string[], (byte) => Number.parseInt(byte, 16));
}

/** Give the papers in force: the last that two leads signed since their keys were founded. A server cannot add some. */
export function inForce(made: readonly PapersEntry[], judged: Judged, origin: string): PapersEntry | undefined {
  const since = judged.founders.at(-1)?.index ?? Number.POSITIVE_INFINITY;
  return made.filter((one) => one.index > since && isMadeByTwo(one, judged, origin)).at(-1);
}

function isMadeByTwo({ index, data }: PapersEntry, { past }: Judged, origin: string): boolean {
  const keys = past.filter((since) => since.index < index).at(-1)?.keys;
  const statement = papersStatement(origin, data);
  const signed = data.certs.filter(({ seat, signature }) => {
    const own = keys?.get(seat);
    return own !== undefined && isSigned(own.signKey, statement, signature);
  });
  return new Set(signed.map(({ seat }) => seat)).size === 2;
}

/** Say whether the lead who made papers signed them: nobody else may have a second lead sign theirs. */
export function isAsked(asked: PapersAsked, { keys }: Judged, origin: string): boolean {
  const own = keys.get(asked.seat);
  return own !== undefined && isSigned(own.signKey, papersStatement(origin, asked), asked.signature);
}

/** Write what a lead signs who typed a paper, numbered from 1. */
export function checkOf(origin: string, { recipient, papers }: Papers, paper: number): Uint8Array {
  return checkedStatement(origin, recipient, paper, papers[paper - 1] as string);
}
