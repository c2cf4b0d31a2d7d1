/** Destroying an engagement's key: one lead asks, with a reason that goes on the record, and a second lead does it. */

import { done, field, fill, press, problem, renewed, showWhen, words } from "../lib/leads/views.ts";
import { one } from "../lib/page.ts";
import type { Engagement, Session } from "./session.ts";

/** Ask once more whether the key goes; `after` shows the desk again, whatever was chosen. */
export function askToDestroy({ host, server }: Session, engagement: Engagement, after: () => Promise<unknown>): void {
  const view = renewed(host, "destroying");
  const { asked } = engagement;
  fill(view, { title: engagement.title, ground: asked?.ground ?? "", seat: asked?.seat ?? "" });
  showWhen(view, asked ? "second" : "first");
  const typed = field(view, "[data-ground]");
  press(host, one(view, "[data-to-desk]"), async () => void (await after()));
  press(host, one(view, "[data-destroy-now]"), async () => {
    const ground = asked?.ground ?? typed.value.trim();
    if (!ground) {
      typed.focus();
      return problem(host, words(host, "no-ground"));
    }
    const { destroyed } = await server.post<{ destroyed: boolean }>(`engagements/${engagement.slug}/destroy`, {
      ground,
    });
    await after();
    done(host, words(host, destroyed ? "destroyed" : "asked-to-destroy"));
  });
}
