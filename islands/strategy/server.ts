/** What a strategy's page asks of the server. To whoever has no token the doors are not there, so a lost one is renewed. */

import type { Keyring } from "../reader/keyring.ts";
import { Refused, type Server } from "../reader/server.ts";
import type { KeyEntry } from "../reader/trust.ts";

/** That a lead asked to destroy it; `alone_from` and `now` where they are the last lead in it. */
export interface Ending {
  readonly by: string;
  readonly on: string;
  readonly alone_from: string | null;
  readonly now: boolean;
}

/** Where a strategy stands, as the server tells it. */
export interface State {
  readonly id: string;
  readonly version: number;
  readonly members: readonly string[];
  readonly writer: string | null;
  readonly asked: string | null;
  readonly kept: number;
  readonly ending: Ending | null;
}

/** What the list holds. */
export interface Listing {
  readonly keys: readonly KeyEntry[];
  readonly able: readonly string[];
  readonly strategies: readonly { readonly id: string; readonly version: number; readonly saved_on: string }[];
}

/** A version beside, sealed. */
export interface Side {
  readonly id: string;
  readonly kept_on: string;
  readonly sealed: string;
}

/** What became of a save. */
export interface Saved {
  readonly version: number;
  readonly beside: string | null;
}

const NOT_HERE = 404;

/** The doors of strategies for one lead. */
export class Doors {
  readonly #server: Server;
  readonly #keyring: Keyring;
  readonly #gone: string;

  constructor(server: Server, keyring: Keyring, gone: string) {
    this.#server = server;
    this.#keyring = keyring;
    this.#gone = gone;
  }

  get<T>(path = ""): Promise<T> {
    return this.#ask(() => this.#server.get<T>(`strategies${path}`));
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.#ask(() => this.#server.post<T>(`strategies${path}`, body));
  }

  /** Ask once; where nothing seems to be there, sign in again and ask once more. */
  async #ask<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== NOT_HERE) throw error;
    }
    await this.#server.signIn(this.#keyring);
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Refused && error.status === NOT_HERE) throw new Refused(this.#gone, NOT_HERE);
      throw error;
    }
  }
}
