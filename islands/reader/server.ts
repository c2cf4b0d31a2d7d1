/** What the reader asks of the server: by a token held in memory, never by cookie; a token that ended is renewed. */

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

/** The token ended, and signing in again with the same keyring did not help. */
export class Lapsed extends Refused {}

const NO_TOKEN = 401;
const GET: RequestInit = { method: "GET" };

/** The server's doors, for one lead. */
export class Server {
  readonly api: string;
  readonly seat: string;
  readonly origin: string;
  #token: string;
  #keyring: Keyring | null = null;
  #renewing: Promise<void> | null = null;

  constructor(api: string, seat: string, origin: string, token = "") {
    this.api = api;
    this.seat = seat;
    this.origin = origin;
    this.#token = token;
  }

  /** Sign in by answering a challenge with the lead's own key, and stay signed in by the same key. */
  async signIn(keyring: Keyring): Promise<void> {
    const { challenge } = await this.#once<{ challenge: string }>(`challenge?seat=${this.seat}`, GET);
    const signature = sign(keyring, challengeStatement(this.origin, this.seat, challenge));
    this.#token = (await this.#once<{ token: string }>("session", sent({ challenge, signature }))).token;
    this.#keyring = keyring;
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
    const token = this.#token;
    try {
      return await this.#once<T>(path, more);
    } catch (error) {
      if (!isLapsed(error) || !this.#keyring) throw error;
    }
    try {
      if (token === this.#token) await this.#renew(this.#keyring);
      return await this.#once<T>(path, more);
    } catch (error) {
      throw isLapsed(error) ? new Lapsed(error.words, error.status) : error;
    }
  }

  /** Sign in again, once for all who wait. */
  #renew(keyring: Keyring): Promise<void> {
    this.#renewing ??= this.signIn(keyring).finally(() => {
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

function isLapsed(error: unknown): error is Refused {
  return error instanceof Refused && error.status === NO_TOKEN;
}
