/** One strategy open in the page: who has the pen, saving, handing over, versions beside, what leaves and what is taken. */

import { fromBase64 } from "../lib/bytes.ts";
import { Refused } from "../lib/leads/server.ts";
import { done, field, fill, press, problem, renewed, showWhen, words } from "../lib/leads/views.ts";
import { one, show, warn } from "../lib/page.ts";
import { ASK } from "../lib/tab.ts";
import { compare } from "./beside.ts";
import { type Doc, type Kind, type Opened, staying, tidy } from "./core.ts";
import { endingOf, tellEnding } from "./ending.ts";
import { Form, markOut, plain, readRow } from "./form.ts";
import { chooseLeads } from "./leads.ts";
import {
  dayOf,
  download,
  fetchOne,
  had,
  nameOf,
  namesOf,
  open,
  type Saved,
  type Session,
  type Side,
  type State,
  seal,
  whyUnopened,
} from "./session.ts";

const LOOK = 5_000; // milliseconds between two looks at who writes
const HOLD = 12; // looks after which the pen is held longer

/** A strategy that a lead has open. */
export class Writing {
  readonly #session: Session;
  readonly #id: string;
  #form!: Form;
  #view!: HTMLElement;
  #state: State;
  #opened: Opened;
  #dirty = false;
  #touches = 0;
  #looks = 0;
  #timer = 0;

  constructor(session: Session, state: State, opened: Opened) {
    this.#session = session;
    this.#id = state.id;
    this.#state = state;
    this.#opened = opened;
  }

  /** Show it, with other words than the saved ones where some are still to be saved. */
  show(doc: Doc = this.#opened.doc): void {
    const { host } = this.#session;
    this.#view = renewed(host, "writing");
    this.#form = new Form(this.#view, (kind, item) => this.#onRow(kind, item));
    this.#form.write(doc);
    this.#dirty = doc !== this.#opened.doc;
    this.#view.addEventListener("changed", () => this.#touched());
    this.#bind();
    this.#tell();
    window.clearInterval(this.#timer);
    this.#timer = window.setInterval(() => void this.#look(), LOOK);
    removeEventListener("beforeunload", this.#leaving);
    addEventListener("beforeunload", this.#leaving);
  }

  #bind(): void {
    const on = (name: string, act: () => Promise<void>): void => press(this.#session.host, one(this.#view, name), act);
    const { host, toList } = this.#session;
    on("[data-take]", () => this.#pen("take"));
    on("[data-ask-pen]", async () => {
      await this.#pen("ask");
      done(host, words(host, "asked"));
    });
    on("[data-save]", async () => void (await this.#save()));
    on("[data-put-down]", async () => {
      if (await this.#settled()) await this.#pen("down");
    });
    on("[data-hand]", () => this.#handOver());
    on("[data-load]", async () => void (await this.#reload()));
    on("[data-compare]", () => this.#compareKept());
    on("[data-members]", () => this.#changeMembers());
    on("[data-sealed-copy]", () => this.#takeSealed());
    on("[data-plain-copy]", async () => download("strategy.txt", plain(this.#view), "text/plain"));
    on("[data-print]", async () => print());
    on("[data-destroy]", async () => this.#askToDestroy());
    on("[data-keep-it]", () => this.#keep());
    on("[data-to-list]", async () => {
      if (this.#isMine() && !(await this.#settled())) return;
      if (this.#isMine()) await this.#pen("down");
      this.stop();
      await toList();
    });
  }

  /** Stop looking after it. */
  stop(): void {
    window.clearInterval(this.#timer);
    removeEventListener("beforeunload", this.#leaving);
  }

  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if (this.#dirty) warn(event);
  };

  #isMine(): boolean {
    return this.#state.writer === this.#session.server.seat;
  }

  #touched(): void {
    this.#dirty = true;
    this.#touches += 1;
    show(one(this.#view, "[data-unsaved]"), true);
  }

  /** Show where it stands. */
  #tell(offline = false): void {
    const { writer, asked, kept, version } = this.#state;
    const mine = this.#isMine();
    const name = (who: string | null): string => (who ? nameOf(this.#session, who) : "");
    const title = this.#opened.doc.words.title || words(this.#session.host, "untitled");
    fill(this.#view, {
      title,
      writer: name(writer),
      asked: name(asked),
      members: namesOf(this.#session, this.#state.members),
    });
    showWhen(this.#view, offline ? "offline" : mine ? "mine" : writer ? "other" : "free");
    show(one(this.#view, "[data-asked]"), mine && asked !== null);
    show(one(this.#view, "[data-newer]"), version !== this.#opened.version);
    show(one(this.#view, "[data-kept]"), kept > 0);
    show(one(this.#view, "[data-unsaved]"), this.#dirty);
    tellEnding(this.#session, this.#view, this.#state.ending);
    if (this.#dirty) show(one(this.#view, "[data-save]"), true); // whoever has the pen: what is late is kept beside
    this.#form.lock(!mine && !this.#dirty);
    this.#offerHands(asked);
  }

  #offerHands(asked: string | null): void {
    const others = this.#state.members.filter((who) => who !== this.#session.server.seat);
    const list = one(this.#view, "[data-hand-to]") as HTMLSelectElement;
    const listed = [...list.options].map((option) => option.value);
    if (listed.join() !== others.join())
      list.replaceChildren(...others.map((who) => new Option(nameOf(this.#session, who), who)));
    if (asked && list.dataset.asked !== asked) list.value = asked;
    list.dataset.asked = asked ?? "";
    if (others.length === 0) show(one(this.#view, "[data-hand-over]"), false);
  }

  /** Look who writes, and hold the pen longer while this lead does. */
  async #look(): Promise<void> {
    if (!this.#view.isConnected) return this.stop();
    this.#looks += 1;
    const hold = this.#isMine() && this.#looks % HOLD === 0;
    try {
      const before = this.#isMine();
      this.#state = await this.#session.server.post<State>(`strategies/${this.#id}/pen`, {
        do: hold ? "take" : "look",
      });
      if (this.#view.hidden) return; // while leads are chosen or versions compared, nothing is shown anew
      if (!this.#dirty && this.#state.version !== this.#opened.version) return void (await this.#reload());
      this.#tell();
      if (!before && this.#isMine()) one(this.#view, "h2")?.focus();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 0) return this.#tell(true);
      this.stop();
      problem(this.#session.host, error.words);
    }
  }

  async #pen(act: string, to = ""): Promise<void> {
    this.#state = await this.#session.server.post<State>(`strategies/${this.#id}/pen`, { do: act, to });
    if (!this.#dirty && this.#state.version !== this.#opened.version) await this.#reload();
    else this.#tell();
  }

  /** Load the newest version, unless it does not open or no lead of the one in hand signed it. */
  async #reload(): Promise<boolean> {
    const { state, opened: found } = await fetchOne(this.#session, this.#id);
    const opened = typeof found === "string" || this.#opened.members.includes(found.seat) ? found : "older";
    if (typeof opened === "string") {
      problem(this.#session.host, whyUnopened(this.#session, opened));
      return false;
    }
    this.#state = state;
    this.#opened = opened;
    this.show();
    return true;
  }

  /** Save what is not saved; say whether nothing is left to save. */
  async #settled(): Promise<boolean> {
    return !this.#dirty || (await this.#save());
  }

  /** Save the next version; where another lead was faster it is kept beside theirs. Say whether it is in force. */
  async #save(doc: Doc = this.#form.read()): Promise<boolean> {
    const { host, server } = this.#session;
    const base = this.#opened.version;
    const touches = this.#touches;
    const sealed = await this.#sealed(base + 1, doc);
    if (sealed === null) {
      problem(host, words(host, "too-long"));
      return false;
    }
    const saved = await server.post<Saved>(`strategies/${this.#id}/save`, { version: base, sealed });
    if (saved.beside !== null) {
      if (await this.#reload()) done(host, words(host, "beside"));
      return false;
    }
    had(this.#id, base + 1);
    this.#opened = { ...this.#opened, version: base + 1, seat: this.#session.server.seat, doc }; // as it was signed
    this.#state = { ...this.#state, version: saved.version, writer: this.#session.server.seat };
    this.#dirty = this.#touches !== touches; // what was typed while this was on its way
    this.#tell();
    done(host, words(host, "saved"));
    return true;
  }

  /** Seal to the leads whom the version in hand names and the newest still does: never to one whom this page did not show. */
  async #sealed(version: number, doc: Doc): Promise<string | null> {
    let { members } = this.#opened;
    const state = await this.#session.server.post<State>(`strategies/${this.#id}/pen`, { do: "look" });
    if (state.version !== this.#opened.version) {
      const { opened } = await fetchOne(this.#session, this.#id);
      if (typeof opened === "string") throw new Refused(whyUnopened(this.#session, opened), -1);
      members = staying(members, opened.members);
    }
    return seal(this.#session, this.#id, version, staying(members, state.members), doc);
  }

  async #handOver(): Promise<void> {
    const to = field(this.#view, "[data-hand-to]").value;
    if (!to || !(await this.#settled())) return;
    await this.#pen("hand", to);
    done(this.#session.host, words(this.#session.host, "handed"));
  }

  async #changeMembers(): Promise<void> {
    if (!(await this.#settled())) return;
    const { host, server } = this.#session;
    const back = async (): Promise<void> => this.show();
    const then = async (members: string[]): Promise<void> => {
      const base = this.#opened.version;
      const sealed = await seal(this.#session, this.#id, base + 1, members, this.#opened.doc);
      await server.post<Saved>(`strategies/${this.#id}/members`, { version: base, members, sealed });
      if (await this.#reload()) done(host, words(host, "sealed"));
    };
    chooseLeads(this.#session, "change", this.#opened.members, then, back);
  }

  async #compareKept(): Promise<void> {
    const { host, server } = this.#session;
    if (!(await this.#settled())) return;
    const { versions } = await server.get<{ versions: Side[] }>(`strategies/${this.#id}/versions`);
    for (const side of versions) {
      const opened = await open(this.#session, this.#id, side.sealed);
      if (typeof opened === "string") continue;
      return this.compareWith(opened, side.kept_on, async () => {
        await server.post(`strategies/${this.#id}/versions`, { drop: side.id });
        await this.#reload();
        done(host, words(host, "dropped"));
      });
    }
    problem(host, words(host, "forged"));
  }

  /** Compare with a version that stands beside, or with a copy that came from a file. */
  compareWith(beside: Opened, since: string, drop: (() => Promise<void>) | null): void {
    const back = async (): Promise<void> => this.show();
    const merged = async (doc: Doc): Promise<void> => {
      this.show(doc);
      await this.#pen("take");
      await this.#save(doc);
    };
    compare(this.#session, this.#opened.doc, beside, since, { merged, dropped: drop, back });
  }

  async #takeSealed(): Promise<void> {
    const { members, version } = this.#opened;
    const sealed = await seal(this.#session, this.#id, version + 1, members, this.#form.read());
    if (sealed === null) return problem(this.#session.host, words(this.#session.host, "too-long"));
    download(`strategy-${this.#id.slice(0, 8)}.age`, fromBase64(sealed) as BlobPart, "application/octet-stream");
  }

  #askToDestroy(): void {
    const { host, server, toList } = this.#session;
    const unsaved = this.#form.read();
    const view = renewed(host, "destroying");
    fill(view, { title: this.#opened.doc.words.title || words(host, "untitled") });
    press(host, one(view, "[data-back]"), async () => this.show(this.#dirty ? tidy(unsaved) : this.#opened.doc));
    const destroy = async (): Promise<void> => {
      const told = await server.post<State & { destroyed: boolean }>(`strategies/${this.#id}/destroy`, {
        do: "destroy",
      });
      if (told.destroyed) {
        this.stop();
        await toList();
        return done(host, words(host, "destroyed"));
      }
      this.#state = told;
      this.show(this.#dirty ? tidy(unsaved) : this.#opened.doc);
      done(host, words(host, "end-asked"));
    };
    for (const name of ["[data-destroy-now]", "[data-destroy-ask]"]) press(host, one(view, name), destroy);
    const state = endingOf(this.#session, this.#state.ending);
    showWhen(view, state === "agree" || state === "now" ? "agree" : "ask"); // after press, which shows each button
  }

  async #keep(): Promise<void> {
    const { host, server } = this.#session;
    this.#state = await server.post<State>(`strategies/${this.#id}/destroy`, { do: "keep" });
    this.#tell();
    done(host, words(host, "kept"));
  }

  /** Let an ask go out of the strategy: two presses, and only its own line and words. */
  #onRow(kind: Kind, item: HTMLElement): void {
    if (kind !== "asks") return;
    const { host, today } = this.#session;
    const form = field(item, '[data-field="kind"]') as unknown as HTMLSelectElement;
    const out = field(item, '[data-field="out"]');
    markOut(item, out.value ? dayOf(out.value) : "");
    const sure = one(item, "[data-sure]") as HTMLElement;
    press(host, one(item, "[data-choose]"), async () => {
      if (readRow(item).title) show(sure, true);
      else field(item, '[data-field="title"]').focus();
    });
    press(host, one(item, "[data-not-yet]"), async () => show(sure, false));
    press(host, one(item, "[data-bring-out]"), async () => {
      const { title, words: said } = readRow(item);
      out.value = today;
      if (!(await this.#save())) return;
      await this.#pen("down");
      sessionStorage.setItem(ASK, JSON.stringify({ title, ask: said })); // where a tab keeps nothing, this must be told
      this.stop();
      location.assign(form.selectedOptions[0]?.dataset.href as string);
    });
  }
}
