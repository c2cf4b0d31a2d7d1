/** The leads' recovery papers: a key cut into shares, each written as digits; the same as core/sealing/recovery_papers.py. No page. */

import { bech32 } from "@scure/base";
import { hash } from "@stablelib/sha256";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { combine, split } from "shamir-secret-sharing";
import { concat, hex, utf8 } from "../bytes.ts";
import { damm, digitsOf } from "../receipt/digits.ts";
import { isSigned } from "./keyring.ts";
import { checkedStatement, joinedStatement, type PublicKeys, papersStatement } from "./statements.ts";
import type { Judged } from "./trust.ts";

const SHARE_BYTES = 33;
const ROWS = 4;
const ROW_DIGITS = 20;
const GROUP = 3;
const IDENTITY = "AGE-SECRET-KEY-";
/** At so many places a share can be taken: every byte but zero, where the secret stands. */
const PLACES = 255;
const [FEWEST, MOST] = [2, 15];
const HASH = /^[0-9a-f]{64}$/;

/** What everyone may know of recovery papers: the recipient, how many are needed, and by which hash each is known. */
export interface Papers {
  readonly recipient: string;
  readonly needed: number;
  readonly papers: readonly string[];
}

/** The entry of the record that made some. */
export interface PapersEntry {
  readonly index: number;
  readonly data: Papers & {
    readonly maker: string;
    readonly certs: readonly { readonly seat: string; readonly signature: string }[];
  };
}

/** Papers that one lead made and signed, and that wait for a second one. */
export interface PapersAsked extends Papers {
  readonly seat: string;
  readonly signature: string;
}

/** A row of a paper that was typed and is wrong; how many digits it has, null where something else stands in it. */
export interface Wrong {
  readonly row: number;
  readonly digits: number | null;
}

/** How many digits a row has, the last of which checks it. */
export const IN_A_ROW = ROW_DIGITS + 1;

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

/** Join as many papers as are needed, and say whether each hash is of a paper of this key: whoever joins some tries all. */
export async function areOfOneKey(
  typed: readonly Uint8Array[],
  { recipient, needed, papers }: Papers,
): Promise<boolean> {
  const shares = typed.slice(0, needed);
  const key = shares.length === needed && (await joined([...shares], recipient).catch(() => null));
  if (!key || (await opensWithFewer(shares, recipient))) return false;
  const known = new Set<string>();
  for (let at = 1; at <= PLACES; at += 1) {
    const share = await shareAt(shares, at);
    known.add(knownBy(share));
    share.fill(0);
  }
  return papers.every((paper) => known.has(paper));
}

/** Say whether one paper fewer opens it, too: a maker can cut along a flatter curve than she says. */
async function opensWithFewer(shares: readonly Uint8Array[], recipient: string): Promise<boolean> {
  const [one, ...fewer] = shares as [Uint8Array, ...Uint8Array[]];
  const elsewhere = Uint8Array.from([...one.slice(0, -1), one.at(-1) === 1 ? 2 : 1]);
  const flat = [one.slice(), elsewhere]; // of two papers, each would be the key itself
  return joined(fewer.length > 1 ? fewer : flat, recipient).then(
    () => true,
    () => false,
  );
}

/** Compute the share at a place from as many others as are needed: the curve is moved until that place is its zero, and joined there. */
async function shareAt(shares: readonly Uint8Array[], at: number): Promise<Uint8Array> {
  const own = shares.find((share) => share.at(-1) === at);
  if (own) return own.slice();
  const moved = shares.map((share) => Uint8Array.from([...share.slice(0, -1), (share.at(-1) as number) ^ at]));
  const values = await combine(moved);
  const share = Uint8Array.from([...values, at]);
  for (const one of [...moved, values]) one.fill(0);
  return share;
}

/** Name a set of papers so that people can compare it: the end of its public key, which the log has too. */
export function setOf({ recipient }: Pick<Papers, "recipient">): string {
  return recipient.slice(-6);
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
    if (digits?.length !== IN_A_ROW || damm(`${at + 1}${digits}`))
      return { row: at + 1, digits: digits?.length ?? null };
    number += digits.slice(0, -1);
  }
  const value = BigInt(number);
  if (value >> BigInt(8 * SHARE_BYTES)) return { row: 1, digits: IN_A_ROW };
  const written = value.toString(16).padStart(2 * SHARE_BYTES, "0");
  return Uint8Array.from(written.match(/../g) as string[], (byte) => Number.parseInt(byte, 16));
}

/** Say whether what the site tells of papers is what was signed: a line that holds two would read as something else. */
function areWhole({ recipient, needed, papers }: Papers): boolean {
  const areHashes = Array.isArray(papers) && papers.every((one) => typeof one === "string" && HASH.test(one));
  if (!areHashes || typeof recipient !== "string" || !Number.isInteger(needed)) return false;
  return FEWEST <= needed && needed <= papers.length && papers.length <= MOST && new Set(papers).size === papers.length;
}

/**
 * Give the papers in force: the last that two leads signed since their keys were founded, if their maker's key is the same still.
 *
 * A server cannot add some; it can hold the newest back.
 */
export function inForce(made: readonly PapersEntry[], judged: Judged, origin: string): PapersEntry | undefined {
  const since = judged.founders.at(-1)?.index ?? Number.POSITIVE_INFINITY;
  const good = made.filter((one) => one.index > since && isMadeByTwo(one, judged, origin));
  const last = good.sort((one, other) => one.index - other.index).at(-1);
  if (!last) return undefined;
  const { maker } = last.data;
  const then = keysAt(last.index, judged)?.get(maker)?.signKey;
  return judged.keys.get(maker)?.signKey === then ? last : undefined;
}

function keysAt(index: number, { past }: Judged): ReadonlyMap<string, PublicKeys> | undefined {
  return past.filter((since) => since.index < index).at(-1)?.keys;
}

function isMadeByTwo({ index, data }: PapersEntry, judged: Judged, origin: string): boolean {
  if (!areWhole(data)) return false;
  const keys = keysAt(index, judged);
  const signed = data.certs.filter(({ seat, signature }) => {
    const own = keys?.get(seat);
    const statement = (seat === data.maker ? papersStatement : joinedStatement)(origin, data);
    return own !== undefined && isSigned(own.signKey, statement, signature);
  });
  const seats = new Set(signed.map(({ seat }) => seat));
  return seats.size === 2 && seats.has(data.maker);
}

/** Say whether the lead who made papers signed them: nobody else may have a second lead sign theirs. */
export function isAsked(asked: PapersAsked, { keys }: Judged, origin: string): boolean {
  const own = keys.get(asked.seat);
  return areWhole(asked) && own !== undefined && isSigned(own.signKey, papersStatement(origin, asked), asked.signature);
}

/** Write what a lead signs who typed a paper, numbered from 1. */
export function checkOf(origin: string, { recipient, papers }: Papers, paper: number): Uint8Array {
  return checkedStatement(origin, recipient, paper, papers[paper - 1] as string);
}
