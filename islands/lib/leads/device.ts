/** A device of a lead that opens the keyring after a fingerprint, a face or a PIN (WebAuthn's prf); core/sealing/devices.py locks the same. */

import { ChaCha20Poly1305 } from "@stablelib/chacha20poly1305";
import { hash } from "@stablelib/sha256";
import { base64, concat, fromBase64, type Random, random, utf8 } from "../bytes.ts";
import { hkdf } from "../kdf.ts";
import { type Keyring, readKeyring, written } from "./keyring.ts";
import { lines } from "./statements.ts";

const SALT = 16;
const ZERO_NONCE = new Uint8Array(12); // each key locks once: it is of a salt of its own
/** Ed25519, P-256, RSA: whichever the device has. Nobody ever checks what it signs. */
const ALGORITHMS = [-8, -7, -257];

/** Whose keyring it is that a device opens. */
export interface Whose {
  readonly origin: string;
  readonly seat: string;
  readonly recipient: string;
}

/** A keyring that is locked to a device, as the page has it from the server. */
export interface Locked {
  readonly seat: string;
  readonly recipient: string;
  readonly passkey: string;
  readonly sealed: string;
}

/** What a device gave: 32 bytes, null where it gives none, and under which credential. */
export interface Given {
  readonly passkey: string;
  readonly bytes: Uint8Array | null;
}

/** Compute what a device is asked with, which is also the account's id of its credential: a new one takes the place of an older. */
export function deviceSalt(origin: string, seat: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash(lines("alongside/device/v1", origin, seat)));
}

/** Lock a keyring with what a device gave; base64. */
export function lockToDevice(keyring: Keyring, given: Uint8Array, whose: Whose, draw: Random = random): string {
  const salt = draw(SALT);
  return base64(concat(salt, cipher(given, salt, whose).seal(ZERO_NONCE, utf8(written(keyring)))));
}

/** Open a keyring with what a device gave; null where it is of another device, seat, keyring or record, or was changed. */
export function openWithDevice(sealed: string, given: Uint8Array, whose: Whose): Keyring | null {
  try {
    const bytes = fromBase64(sealed);
    const text = cipher(given, bytes.subarray(0, SALT), whose).open(ZERO_NONCE, bytes.subarray(SALT));
    return text && readKeyring(new TextDecoder().decode(text));
  } catch (_) {
    return null;
  }
}

function cipher(given: Uint8Array, salt: Uint8Array, { origin, seat, recipient }: Whose): ChaCha20Poly1305 {
  const info = new TextDecoder().decode(lines("alongside/device-key/v1", origin, seat, recipient));
  return new ChaCha20Poly1305(hkdf(given, salt, info));
}

/** Say whether this browser can ask its device at all; where it does not say so itself, the six words stay. */
export async function canAsk(): Promise<boolean> {
  try {
    const able = await PublicKeyCredential.getClientCapabilities();
    return able["extension:prf"] === true && able.userVerifyingPlatformAuthenticator === true;
  } catch (_) {
    return false;
  }
}

/** Make a credential on this device, called so; null where it has one of these already. Throws where the person or the device says no. */
export async function makeOn(
  origin: string,
  seat: string,
  called: string,
  known: readonly Locked[],
): Promise<Given | null> {
  const salt = deviceSalt(origin, seat);
  try {
    const made = await navigator.credentials.create({
      publicKey: {
        rp: { name: location.hostname },
        user: { id: salt, name: called, displayName: called },
        challenge: fresh(),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: {
          authenticatorAttachment: "platform",
          residentKey: "required",
          userVerification: "required",
        },
        excludeCredentials: known.map(named),
        extensions: { prf: { eval: { first: salt } } },
      },
    });
    return givenIn(made as PublicKeyCredential);
  } catch (error) {
    if ((error as Error).name === "InvalidStateError") return null;
    throw error;
  }
}

/** Ask this device under one of these credentials. Throws where the person or the device says no. */
export async function askFor(
  origin: string,
  seat: string,
  known: readonly { readonly passkey: string }[],
): Promise<Given> {
  const asked = await navigator.credentials.get({
    publicKey: {
      challenge: fresh(),
      allowCredentials: known.map(named),
      userVerification: "required", // always: another kind of asking would give other bytes
      extensions: { prf: { eval: { first: deviceSalt(origin, seat) } } },
    },
  });
  return givenIn(asked as PublicKeyCredential);
}

/** Let the device forget a credential that opens nothing, where the browser can tell it to. */
export async function forgetOn(passkey: string): Promise<void> {
  try {
    await PublicKeyCredential.signalUnknownCredential({ rpId: location.hostname, credentialId: passkey });
  } catch (_) {
    // An older browser keeps it in its list, where the person can take it out.
  }
}

/** Know under which credential this browser opens the keyring of a seat: the last that was made here, and no older one that a server brings back. */
export function remember(origin: string, seat: string, passkey: string): void {
  try {
    localStorage.setItem(place(origin, seat), passkey);
  } catch (_) {
    // Full or forbidden: then the six words are asked for.
  }
}

/** Give the credential that this browser knows; empty where it knows none. */
export function remembered(origin: string, seat: string): string {
  try {
    return localStorage.getItem(place(origin, seat)) || "";
  } catch (_) {
    return "";
  }
}

function place(origin: string, seat: string): string {
  return `alongside.device ${origin} ${seat}`;
}

/** Draw a challenge that nobody checks: what counts is what the device gives. */
function fresh(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(random(32));
}

function named({ passkey }: { readonly passkey: string }): PublicKeyCredentialDescriptor {
  const id = fromBase64(
    passkey
      .replace(/-/g, "+")
      .replace(/_/g, "/")
      .padEnd(-4 * Math.floor(-passkey.length / 4), "="),
  );
  return { type: "public-key", id: new Uint8Array(id), transports: ["internal"] };
}

/** Take out what a device gave. Never by toJSON, over which some browsers stumble. */
function givenIn(made: PublicKeyCredential): Given {
  const first = made.getClientExtensionResults().prf?.results?.first;
  return { passkey: made.id, bytes: first ? new Uint8Array(first as ArrayBuffer).slice() : null };
}
