/** What the reader asks of the server: by a token held in memory, never by cookie; the address is the page's to say. */

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

/** The server's doors, for one lead. */
export class Server {
  readonly api: string;
  readonly seat: string;
  readonly origin: string;
  #token: string;

  constructor(api: string, seat: string, origin: string, token = "") {
    this.api = api;
    this.seat = seat;
    this.origin = origin;
    this.#token = token;
  }

  /** Sign in by answering a challenge with the lead's own key. */
  async signIn(keyring: Keyring): Promise<void> {
    const { challenge } = await this.get<{ challenge: string }>(`challenge?seat=${this.seat}`);
    const signature = sign(keyring, challengeStatement(this.origin, this.seat, challenge));
    this.#token = (await this.post<{ token: string }>("session", { challenge, signature })).token;
  }

  /** Ask for something. */
  get<T>(path: string): Promise<T> {
    return this.#ask<T>(path, { method: "GET" });
  }

  /** Send something. */
  post<T>(path: string, body: object): Promise<T> {
    return this.#ask<T>(path, { method: "POST", body: JSON.stringify(body) });
  }

  async #ask<T>(path: string, more: RequestInit): Promise<T> {
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
