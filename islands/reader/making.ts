/** `<lead-keyring>`: makes a keyring in the page, shows its six words once, and keeps only what is sealed under them. */

import { base64 } from "../lib/bytes.ts";
import { makeKeyring, openKeyring, publicKeys, sealKeyring, sign, tidy } from "../lib/leads/keyring.ts";
import { Server } from "../lib/leads/server.ts";
import { fingerprint, type PublicKeys, vouchStatement } from "../lib/leads/statements.ts";
import { judge, type KeyEntry, keysOf } from "../lib/leads/trust.ts";
import { enter, field, fill, leadName, made, press, problem, turnTo, words } from "../lib/leads/views.ts";
import { all, attribute, everyElement, one, show, warn } from "../lib/page.ts";
import { drawPassphrase } from "./passphrase.ts";

/** What begins the name of every place in the log; pages and the paper leave it out. */
const SEAT = "seat-";

export function defineKeyring(): void {
  everyElement("lead-keyring", (host) => {
    const origin = attribute(host, "origin");
    const server = new Server(attribute(host, "api"), attribute(host, "seat"), origin, attribute(host, "token"));
    let ready: { phrase: string; file: Uint8Array; keys: object } | null = null;

    const entries: KeyEntry[] = JSON.parse(attribute(host, "entries"));
    const { founders, keys: inForce } = judge(entries, origin);
    const believed = new Map(founders.map((one): [string, PublicKeys] => [one.data.seat, keysOf(one)]));
    for (const [seat, own] of inForce) if (attribute(host, "able").split(" ").includes(seat)) believed.set(seat, own);
    believed.delete(server.seat); // nobody compares with a key that they lost
    showDigits(host, believed, origin);

    press(host, one(host, "[data-make]"), async () => {
      const remembered = host.hasAttribute("early") ? undefined : founders.map(({ data }) => data.sign_key);
      const keyring = await makeKeyring(remembered);
      const keys = await publicKeys(keyring);
      const phrase = drawPassphrase();
      const signature = sign(keyring, vouchStatement(origin, server.seat, keys));
      const sent = { recipient: keys.recipient, sign_key: keys.signKey, signature };
      ready = { phrase, file: await sealKeyring(keyring, phrase), keys: sent };
      for (const list of all(host, "[data-words]")) list.replaceChildren(...phrase.split(" ").map(item));
      fill(host, { fingerprint: fingerprint(origin, server.seat, keys), seat: server.seat.slice(SEAT.length) });
      for (const other of host.parentElement?.children ?? []) {
        if (other !== host && !other.matches("h1")) show(other as HTMLElement, false); // nothing else to read on the way
      }
      turnTo(host, "words");
      addEventListener("beforeunload", warn);
    });

    press(host, one(host, "[data-noted]"), async () => {
      turnTo(host, "again");
      field(host, "[data-again]").focus();
    });
    press(host, one(host, "[data-show-again]"), async () => void turnTo(host, "words"));
    enter(one(host, "[data-again]"), one(host, "[data-keep]"));
    press(host, one(host, "[data-keep]"), async () => {
      if (!ready) return;
      const typed = field(host, "[data-again]").value;
      if (tidy(typed) !== ready.phrase || !(await openKeyring(ready.file, typed))) {
        problem(host, words(host, "wrong-words"));
        return;
      }
      const kept = { ...ready.keys, keyring: base64(ready.file) };
      const { founded } = await server.post<{ founded: boolean }>("keyring", kept);
      ready = null;
      field(host, "[data-again]").value = "";
      for (const list of all(host, "[data-words]")) list.replaceChildren();
      removeEventListener("beforeunload", warn);
      turnTo(host, founded ? "founded" : "waiting");
    });
  });
}

/** List all whose keys the new keyring remembers, and all who can vouch for it: a server that shows other ones here is found by their papers. */
function showDigits(host: HTMLElement, believed: ReadonlyMap<string, PublicKeys>, origin: string): void {
  const list = [...believed].map(([seat, own]) =>
    made(host, "[data-founder]", { founder: leadName(host, seat), digits: fingerprint(origin, seat, own) }),
  );
  for (const place of all(host, "[data-founders]")) {
    one(place, "ul")?.replaceChildren(...list);
    show(place, list.length > 0);
  }
}

function item(word: string): HTMLElement {
  const made = document.createElement("li");
  made.textContent = word;
  return made;
}
