/** Bech32 without a length limit (BIP 173), to read and write the recipients of age. */

const LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Read an `age1...` recipient as 32 bytes; throws where it is not one. */
export function recipientBytes(text: string): Uint8Array {
  const values = text
    .slice(4)
    .split("")
    .map((letter) => LETTERS.indexOf(letter));
  if (text.slice(0, 4) !== "age1" || values.indexOf(-1) >= 0 || polymod(expanded().concat(values)) !== 1) {
    throw new Error("A letter of the key is wrong; copy it again.");
  }
  const bytes = regroup(values.slice(0, -6), 5, 8, false);
  if (bytes?.length !== 32) throw new Error("A key is 32 bytes; copy it whole.");
  return new Uint8Array(bytes);
}

/** Write 32 bytes as an `age1...` recipient. */
export function recipientText(raw: ArrayLike<number>): string {
  const values = regroup(raw, 8, 5, true) as number[];
  const check = polymod(expanded().concat(values, [0, 0, 0, 0, 0, 0])) ^ 1;
  for (let place = 5; place >= 0; place--) values.push((check >>> (5 * place)) & 31);
  return `age1${values.map((value) => LETTERS[value]).join("")}`;
}

function expanded(): number[] {
  const codes = [97, 103, 101]; // "age"
  return codes
    .map((code) => code >> 5)
    .concat(
      0,
      codes.map((code) => code & 31),
    );
}

function polymod(values: number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((factor, place) => {
      if ((top >>> place) & 1) check ^= factor;
    });
  }
  return check;
}

function regroup(values: ArrayLike<number>, have: number, want: number, pad: boolean): number[] | null {
  const out: number[] = [];
  let pool = 0;
  let bits = 0;
  for (let at = 0; at < values.length; at++) {
    pool = (pool << have) | (values[at] as number);
    bits += have;
    while (bits >= want) {
      bits -= want;
      out.push((pool >> bits) & ((1 << want) - 1));
    }
    pool &= (1 << bits) - 1;
  }
  if (pad && bits) out.push((pool << (want - bits)) & ((1 << want) - 1));
  return !pad && (bits >= have || pool) ? null : out;
}
