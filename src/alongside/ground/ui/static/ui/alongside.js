// Small helps. Every page reads and works without this file.
(() => {
  const tab = (does) => { try { return does(sessionStorage); } catch (_) { return null; } };
  const forget = (name) => tab((kept) => kept.removeItem(name));
  const lock = () => {   // a lead's key: the tab forgets its half at once, the site where it is told so (islands/lib/leads/held.ts)
    const kept = tab((kept) => kept.getItem("alongside.open"));
    forget("alongside.open");
    return tab(() => JSON.parse(kept));
  };
  const go = (leave) => {
    document.documentElement.hidden = true;      // nothing to see while the next page loads
    document.title = "…";
    const held = lock();
    const body = held && new URLSearchParams({ csrfmiddlewaretoken: held.token, does: "lock" });
    if (held) fetch(held.tab, { method: "POST", body, keepalive: true }).catch(() => null);
    forget("alongside.ask");
    location.replace(leave.href);                // and no way back with one press
  };
  const pressed = (event) => event.target.closest?.(".leave");   // also one that came later: the receipt brings its own
  document.addEventListener("click", (event) => { if (pressed(event)) { event.preventDefault(); go(pressed(event)); } });
  document.addEventListener("keydown", (event) => { if (event.key === " " && pressed(event)) { event.preventDefault(); go(pressed(event)); } });
  let presses = [];
  const typing = () => document.activeElement?.closest("input, textarea, select, [contenteditable]");
  addEventListener("keyup", (event) => {   // never out of a field: Sticky Keys are turned on by Shift, too, and words would be lost
    const leave = document.querySelector(".leave");
    if (event.key !== "Shift" || !leave || typing()) { presses = []; return; }
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length === 3) go(leave);
  });
  for (const button of document.querySelectorAll("[data-does]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.dataset.does === "print") print();
      if (button.dataset.does === "clear") location.replace("about:blank");
    });
  }
  document.addEventListener("allauth.error", (event) => {   // a passkey that did not come, or was called off
    event.preventDefault();
    for (const note of document.querySelectorAll("[data-shows=passkey-problem]")) note.hidden = false;
  });
  document.addEventListener("click", (event) => {   // a problem leads to its field, also where that is a group of choices
    const link = event.target.closest?.(".problems a[href^='#']");
    const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!place) return;
    const fields = "input:not([type=hidden]), select, textarea, button";
    const field = place.matches(fields) ? place : place.querySelector(fields) || place;
    if (field === place && !place.matches(fields) && !place.hasAttribute("tabindex")) place.tabIndex = -1;
    event.preventDefault();
    (field.closest(".field, .question") || place).scrollIntoView();
    field.focus({ preventScroll: true });
  });
  const told = document.querySelector(".problems, .done");
  if (told) told.focus();
  if (told?.matches(".done")) {   // it was told once; the address need not say it again
    if (location.hash) addEventListener("load", () => told.focus({ preventScroll: true }));   // the browser takes it along to the place
    const here = new URL(location.href);
    for (const name of ["done", "n"]) here.searchParams.delete(name);
    history.replaceState(history.state, "", here);
  }
  // What waits for the page of a question in another language is gone on every other page.
  if (!document.querySelector("seal-voice")) tab((kept) => kept.removeItem("alongside.typed"));
  if (document.querySelector(".foot [href*='/sign-in/']") && !document.querySelector("[data-unsure]")) lock();
  addEventListener("submit", () => { if (location.pathname.endsWith("/sign-out/")) forget("alongside.ask"); });   // who comes next reads no words of theirs
  const waits = document.querySelector(".home [data-waits]");   // the first page names an open receipt, and none of its digits
  if (waits) addEventListener("pageshow", () => { waits.hidden = !tab((kept) => kept.getItem("receipt")); });
  addEventListener("pageshow", (event) => {   // a page that the browser kept whole comes back without what was typed: others may use the device
    if (!event.persisted) return;
    for (const field of document.querySelectorAll("seal-voice :is(textarea, input)")) {
      if (/radio|checkbox/.test(field.type)) field.checked = false;
      else field.value = "";
    }
  });
  addEventListener("beforeprint", () => { for (const fold of document.querySelectorAll("details.whole")) fold.open = true; });
  const unfold = () => {   // a link into a folded part opens it, also where the browser does not
    const place = /^#[\w-]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    const fold = place && place.closest("details:not([open])");
    if (fold) { fold.open = true; place.scrollIntoView(); }
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
