/** What a lead's page asks of the server: by a token held in memory, never by cookie; a token that ended is renewed. */

import { type Keyring, sign } from "./keyring.ts";
import { challengeStatement } from "./statements.ts";

/** The server said no; `words` is a sentence for the page, empty where the server could not be reached. */
export class Refused extends Error {
  readonly words: string;
  readonly status: number;

  constructor(words: string, status: number) {
    super(words);
    this.words = words;
    this.status = status;
  }
}

/** How the server answers once a token ended, and what to say where signing in again with the same keyring does not help. */
export interface Ended {
  readonly status: number;
  readonly words: string;
}

const GET: RequestInit = { method: "GET" };

/** The server's doors, for one lead. */
export class Server {
  readonly api: string;
  readonly seat: string;
  readonly origin: string;
  #token: string;
  #kept: { readonly keyring: Keyring; readonly ended: Ended } | null = null;
  #renewing: Promise<void> | null = null;

  constructor(api: string, seat: string, origin: string, token = "") {
    this.api = api;
    this.seat = seat;
    this.origin = origin;
    this.#token = token;
  }

  /** Sign in by answering a challenge with the lead's own key, and stay signed in by the same key. */
  async signIn(keyring: Keyring, ended: Ended): Promise<void> {
    const { challenge } = await this.#once<{ challenge: string }>(`challenge?seat=${this.seat}`, GET);
    const signature = sign(keyring, challengeStatement(this.origin, this.seat, challenge));
    this.#token = (await this.#once<{ token: string }>("session", sent({ challenge, signature }))).token;
    this.#kept = { keyring, ended };
  }

  /** Ask for something. */
  get<T>(path: string): Promise<T> {
    return this.#ask<T>(path, GET);
  }

  /** Send something. */
  post<T>(path: string, body: object): Promise<T> {
    return this.#ask<T>(path, sent(body));
  }

  /** Ask once; where the token ended nothing was done, so sign in again and ask once more. */
  async #ask<T>(path: string, more: RequestInit): Promise<T> {
    const [token, kept] = [this.#token, this.#kept];
    if (!kept) return this.#once<T>(path, more);
    const hasEnded = (error: unknown): boolean => error instanceof Refused && error.status === kept.ended.status;
    try {
      return await this.#once<T>(path, more);
    } catch (error) {
      if (!hasEnded(error)) throw error;
    }
    try {
      if (token === this.#token) await this.#renew(kept.keyring, kept.ended);
      return await this.#once<T>(path, more);
    } catch (error) {
      throw hasEnded(error) ? new Refused(kept.ended.words, kept.ended.status) : error;
    }
  }

  /** Sign in again, once for all who wait. */
  #renew(keyring: Keyring, ended: Ended): Promise<void> {
    this.#renewing ??= this.signIn(keyring, ended).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #once<T>(path: string, more: RequestInit): Promise<T> {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${this.#token}` };
    const asked = fetch(this.api + path, { ...more, headers, credentials: "omit", cache: "no-store" });
    const reply = await asked.catch(() => {
      throw new Refused("", 0);
    });
    const body = await reply.json().catch(() => ({}));
    if (!reply.ok) throw new Refused(body.words ?? "", reply.status);
    return body as T;
  }
}

function sent(body: object): RequestInit {
  return { method: "POST", body: JSON.stringify(body) };
}
