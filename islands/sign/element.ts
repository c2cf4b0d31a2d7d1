/** `<sign-act>`: a lead reads what goes on the public log, drawn from what is signed, and signs it with the keyring. README.md says what HTML it expects. */

import { utf8 } from "../lib/bytes.ts";
import { type Act, actStatement } from "../lib/leads/acts.ts";
import { drawAct } from "../lib/leads/drawing.ts";
import { sign } from "../lib/leads/keyring.ts";
import { opening } from "../lib/leads/unlock.ts";
import { field, problem, words } from "../lib/leads/views.ts";
import { attribute, everyElement, one } from "../lib/page.ts";

everyElement("sign-act", (host) => {
  const text = attribute(host, "act");
  const { origin, drafts } = JSON.parse(text) as Act;
  const said = JSON.parse(attribute(host, "said"));
  const head = { day: attribute(host, "day"), size: Number(attribute(host, "size")), root: attribute(host, "root") };
  const before = JSON.parse(host.getAttribute("before") ?? "[]");
  const wrong = drawAct(host, { text, said, head, before });
  if (wrong) return problem(host, words(host, wrong));
  if (!one(host, "[data-unlock]")) return;
  opening(host, async ({ keyring, seat }) => {
    if (!drafts.some(({ by }) => by.includes(seat))) return problem(host, words(host, "other-place"));
    const sig = sign(keyring, actStatement(origin, seat, utf8(text), head));
    field(host, "[data-signed]").value = JSON.stringify({ [seat]: { ...head, sig } });
    (one(host, "[data-form]") as HTMLFormElement).submit();
    await new Promise((back) => addEventListener("pageshow", back, { once: true })); // the page goes: no second press signs again, but where Back shows it
  });
});
