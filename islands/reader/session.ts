/** What a lead who unlocked the reader has in hand: the engagements of the desk, one that is open, and what is written in it. */

import type { Part } from "../lib/leads/acts.ts";
import type { PapersEntry } from "../lib/leads/papers.ts";
import type { PublicKeys } from "../lib/leads/statements.ts";
import type { MadeEntry, Since } from "../lib/leads/trust.ts";
import type { Lead } from "../lib/leads/unlock.ts";
import type { Saving } from "./saving.ts";
import type { OpenedVoice, Reason } from "./voices.ts";

/** What a lead at the reader has in hand once unlocked. */
export interface Session extends Lead {
  readonly read: (engagement: Engagement) => Promise<void>;
  /** The slug of the engagement that the lead came here for, which is shown alone; empty once all are shown. */
  wanted: string;
  /** The seat with whose new key the lead came to share keys, which alone is done then; empty for all else. */
  sharing: string;
  /** The last key of each lead by seat, as signatures that were checked here tell them. */
  keys: ReadonlyMap<string, PublicKeys>;
  /** Which keys were in force, from entry to entry, as this device judged them. */
  past: readonly Since[];
  /** The recovery papers in force, as this device judged them. */
  papers: PapersEntry | undefined;
  /** The engagements whose key this lead can still lock to them. */
  toLock: Set<string>;
  /** Findings that were typed and not kept yet, by engagement: in memory alone. */
  readonly written: Map<string, Draft>;
  /** What saves itself in the engagement that is open. */
  readonly saves: Saving[];
}

/** An engagement as the desk shows it. */
export interface Engagement {
  readonly slug: string;
  readonly title: string;
  readonly promise: number | null;
  readonly recipient: string | null;
  /** The entry that made its key; what it says counts once this device has checked which lead signed it. */
  readonly made: MadeEntry | null;
  readonly holders: readonly string[];
  readonly tested: readonly string[];
  /** What opens a draft next, and who takes it: seats, or the name of the unit that signs; nobody where any lead does. */
  readonly next: readonly { readonly what: string; readonly who: readonly string[] }[];
  readonly destroyed: boolean;
  /** The seats to whose key in force this lead locked the key. */
  readonly given: readonly string[];
  readonly may_destroy: boolean;
  /** Who asked that the key be destroyed, by which of their places, why, and what they signed of it, where that waits for a second lead. */
  readonly asked: {
    readonly seat: string;
    readonly by: string;
    readonly ground: string;
    readonly lang: string;
    readonly part: Part | null;
  } | null;
  readonly taken: number;
  readonly cap: number;
  /** The seats of leads whom the bureau that is asked pays or employs. */
  readonly beside: readonly string[];
  /** The last day to speak, in words; empty where nobody can speak any more. */
  readonly until: string;
  /** The address of its room; empty for a former lead. */
  readonly room: string;
}

/** What all leads of an engagement share, sealed to its key: themes by id, the themes of each voice by its mark, and what they heard in it. */
export interface Notes {
  themes: { id: string; name: string }[];
  marked: { [mark: string]: string[] };
  /** What was spoken, as leads typed it: by mark, by question. */
  heard: { [mark: string]: { [question: string]: string } };
}

/** A question of the form that people answered. */
export interface Question {
  readonly id: string;
  readonly kind: string;
  readonly words: { readonly [lang: string]: string };
  readonly options?: readonly { readonly id: string; readonly words: { readonly [lang: string]: string } }[];
  /** What the first and the last step of a scale mean. */
  readonly ends?: readonly { readonly [lang: string]: string }[];
}

/** The public frame that voices are judged and shown by. */
export interface Frame {
  readonly slug: string;
  readonly promise: number;
  readonly form_hash: string;
  readonly notice: string;
  readonly form: { readonly questions: readonly Question[] };
  readonly languages: readonly string[];
  readonly lang: string;
  readonly k: number;
  readonly bands: readonly number[];
  readonly published: readonly string[];
  readonly until: string;
  readonly waiting: number;
  readonly aside: number;
  /** The entry of the last map of statements that people judged; null where none is drawn. */
  readonly map?: number | null;
}

/** What the server tells of an engagement that is read: of the promise the entries that were signed with it, from which all else of it follows. */
export interface ToRead extends Omit<Frame, "form_hash" | "notice" | "languages" | "k"> {
  readonly signed: readonly { readonly index: number; readonly entry: string }[];
}

/** What the list of voices needs, in the reader and where a file is read. */
export interface Listed {
  readonly session: Pick<Session, "host">;
  readonly view: HTMLElement;
  readonly frame: Pick<Frame, "form" | "lang" | "languages"> & Partial<Pick<Frame, "published">>;
  readonly identity: string;
  readonly opened: readonly OpenedVoice[];
  /** What was left out, by mark. */
  readonly left: ReadonlyMap<string, Reason>;
  readonly chosen: Set<string>;
  /** Voices that lie open, by mark. */
  readonly unfolded: Set<string>;
  /** What each voice is called here: its number, the same for all leads. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly notes: Notes;
  /** Give a voice with sounds, whole, as it was sealed; base64. */
  readonly whole: (mark: string) => Promise<string>;
}

/** Everything in hand while one engagement is read. */
export interface Reading extends Listed {
  readonly session: Session;
  readonly engagement: Engagement;
  readonly frame: Frame;
  notes: Notes;
  /** The notes as they are kept: what `notes` adds to them is this lead's own. */
  saved: Notes;
  revision: number;
  /** Whether the notes that are kept are those that this lead saved since the page was unlocked. */
  isNoted: boolean;
  /** The numbers of the notes as they were saved before, the last first. */
  earlier: number[];
}

/** A finding that is being written. */
export interface Draft {
  id: string | null;
  lang: string;
  statement: string;
  quote: string;
  smaller: boolean;
  marks: string[];
  salt: string;
  /** What the finding looks at, as the desk numbers it; empty for nothing, and in drafts of before. */
  driving?: string;
  answer?: string;
  /** Whether it rests on the last map of its engagement, too. */
  map?: boolean;
  /** The entries that a smaller group's finding stands beside: those that were public when it was first kept. */
  beside?: readonly number[];
  /** Hashes of its words, as this lead and as others confirmed them; the desk tells, they are never sealed in it. */
  yours?: readonly string[];
  others?: readonly string[];
  /** Whether this lead wrote it, and whose seat it is; the desk tells. */
  own?: boolean;
  seat?: string;
  /** What its writer signed of it when she confirmed it: sealed in it, and checked against her key before it counts. */
  part?: Part;
}
