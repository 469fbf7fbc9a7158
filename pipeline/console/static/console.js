"use strict";
// What scripts add to the pages: they stay up to date, image and text light each
// other up, and the keyboard moves about. Without them everything can be read.

const one = (sel, from = document) => from.querySelector(sel);
const all = (sel, from = document) => Array.from(from.querySelectorAll(sel));

// ---- Live: fetch this page anew when the server says that something changed,
// and replace the parts marked data-live that differ.
function keepUpToDate() {
  const parts = all("[data-live]");
  const sign = one("#live");
  if (!parts.length || !sign) return;
  let busy = false, again = false, process = "";
  const say = (text, lost) => {
    sign.hidden = false;
    sign.textContent = text;
    sign.classList.toggle("lost", lost);
  };
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected && new URL(answer.url).pathname === "/sign-in") {
        say("signed out: reload to sign in", true);
        return;
      }
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const old of all("[data-live]")) {
        const now = one(`[data-live="${old.dataset.live}"]`, fresh);
        if (!now || now.innerHTML === old.innerHTML) continue;
        if (old.contains(document.activeElement) || one("input:checked", old)) continue;
        old.replaceChildren(...Array.from(now.childNodes, n => document.importNode(n, true)));
      }
      const badge = one(".top nav", fresh), mine = one(".top nav");
      if (badge && mine && badge.innerHTML !== mine.innerHTML && !mine.contains(document.activeElement)) {
        mine.replaceChildren(...Array.from(badge.childNodes, n => document.importNode(n, true)));
      }
    } catch { /* the next event tries again */ } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  }
  const events = new EventSource("/live");
  events.addEventListener("hello", e => {
    if (process && process !== e.data) say("the console was started anew: reload", true);
    else say("live", false);
    process = process || e.data;
    refresh();
  });
  events.addEventListener("changed", refresh);
  events.onerror = () => say("no connection to the console; trying again", true);
}

// ---- The page image: zoom and move by changing the part of it that is shown.
function pageImage() {
  const svg = one("#image");
  if (!svg) return;
  const w = +svg.dataset.w, h = +svg.dataset.h, box = svg.parentElement;
  let view = { x: 0, y: 0, w, h };
  const show = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
  const clamp = () => {
    view.x = Math.min(Math.max(view.x, -view.w / 3), w - view.w * 2 / 3);
    view.y = Math.min(Math.max(view.y, -view.h / 3), h - view.h * 2 / 3);
  };
  function zoom(by, cx = view.x + view.w / 2, cy = view.y + view.h / 2) {
    const nw = Math.min(Math.max(view.w / by, w / 40), w * 1.2), f = nw / view.w;
    view = { x: cx - (cx - view.x) * f, y: cy - (cy - view.y) * f, w: nw, h: view.h * f };
    clamp(); show();
  }
  function fit() { view = { x: 0, y: 0, w, h }; show(); }
  function width() {
    const r = box.getBoundingClientRect();
    view = { x: 0, y: 0, w, h: w * r.height / r.width }; show();
  }
  const act = { in: () => zoom(1.4), out: () => zoom(1 / 1.4), fit, width };
  for (const t of all(".tools")) t.hidden = false;
  for (const b of all("[data-zoom]")) b.addEventListener("click", () => act[b.dataset.zoom]());
  const scale = () => { const m = svg.getScreenCTM(); return m ? 1 / m.a : 1; };
  svg.addEventListener("wheel", e => {
    if (!e.ctrlKey && view.w >= w) return; // the page scrolls
    e.preventDefault();
    if (e.ctrlKey) {
      const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse());
      zoom(e.deltaY < 0 ? 1.15 : 1 / 1.15, p.x, p.y);
    } else { view.x += e.deltaX * scale(); view.y += e.deltaY * scale(); clamp(); show(); }
  }, { passive: false });
  svg.addEventListener("dblclick", e => {
    const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse());
    zoom(2, p.x, p.y);
  });
  let from = null;
  svg.addEventListener("pointerdown", e => { if (e.button === 0) { from = { x: e.clientX, y: e.clientY, view: { ...view } }; svg.setPointerCapture(e.pointerId); svg.classList.add("grabbed"); } });
  svg.addEventListener("pointermove", e => {
    if (!from) return;
    const s = scale();
    view.x = from.view.x - (e.clientX - from.x) * s; view.y = from.view.y - (e.clientY - from.y) * s;
    clamp(); show();
  });
  const drop = () => { from = null; svg.classList.remove("grabbed"); };
  svg.addEventListener("pointerup", drop); svg.addEventListener("pointercancel", drop);
  box.addEventListener("keydown", e => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (step) { view.x += step[0] * view.w / 10; view.y += step[1] * view.h / 10; clamp(); show(); }
    else if (e.key === "+" || e.key === "=") act.in();
    else if (e.key === "-") act.out();
    else if (e.key === "0") fit();
    else if (e.key === "w") width();
    else return;
    e.preventDefault(); e.stopPropagation();
  });
  // bring brings a place of the image into sight if it is not.
  return function bring(r) {
    const b = { x: +r.getAttribute("x"), y: +r.getAttribute("y"), w: +r.getAttribute("width"), h: +r.getAttribute("height") };
    if (b.x < view.x || b.y < view.y || b.x + b.w > view.x + view.w || b.y + b.h > view.y + view.h) {
      view.x = b.x + b.w / 2 - view.w / 2; view.y = b.y + b.h / 2 - view.h / 2; clamp(); show();
    }
  };
}

// ---- Words and corrections light up in image and text at once; a correction
// tells its rule and evidence.
function lightUp(bring) {
  const sheet = one("#sheet");
  if (!sheet) return;
  for (const k of all(".key")) k.hidden = false;
  for (const t of all("[data-toggle]")) t.addEventListener("change", () => one("#text").classList.toggle(t.dataset.toggle, t.checked));
  const pop = one("#pop");
  let lit = [];
  function dark() { for (const e of lit) e.classList.remove("on"); lit = []; pop.hidden = true; }
  function light(at, fromText) {
    dark();
    const w = at.closest("[data-w]"), c = at.closest("[data-c]");
    if (w) lit.push(...all(`[data-w="${w.dataset.w}"]`, sheet));
    if (c) {
      lit.push(...all(`[data-c="${c.dataset.c}"]`, sheet));
      for (const x of all("[data-w]", c)) lit.push(...all(`.words [data-w="${x.dataset.w}"]`, sheet));
    }
    for (const e of lit) e.classList.add("on");
    const rect = lit.find(e => e.tagName === "rect");
    if (fromText && rect && bring) bring(rect);
    if (c && fromText) tell(c);
    if (!fromText) {
      const t = lit.find(e => e.closest("#text"));
      if (t) { const b = t.getBoundingClientRect(); if (b.top < 60 || b.bottom > innerHeight) t.scrollIntoView({ block: "center" }); }
    }
  }
  function tell(c) {
    const li = one(`#c${CSS.escape(c.dataset.c)}`);
    if (!li) return;
    pop.replaceChildren(...Array.from(li.children, n => n.cloneNode(true)));
    for (const e of all("[id]", pop)) e.removeAttribute("id");
    pop.hidden = false;
    const at = c.getBoundingClientRect(), me = pop.getBoundingClientRect();
    pop.style.left = Math.max(8, Math.min(at.left, innerWidth - me.width - 12)) + "px";
    pop.style.top = (at.bottom + me.height + 12 < innerHeight ? at.bottom + 6 : Math.max(8, at.top - me.height - 6)) + "px";
  }
  sheet.addEventListener("mouseover", e => { const at = e.target.closest("[data-w],[data-c]"); if (at) light(at, !!at.closest("#text")); else dark(); });
  sheet.addEventListener("mouseleave", dark);
  sheet.addEventListener("focusin", e => { const at = e.target.closest("[data-c]"); if (at) light(at, true); });
  sheet.addEventListener("focusout", dark);
  for (const a of all("a.c", sheet)) a.addEventListener("click", () => { const d = one("#made"); if (d && d.contains(one(`#c${CSS.escape(a.dataset.c)}`))) d.open = true; });
}

// ---- Keys: n and p turn pages where a page has links for them.
function keys() {
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest("input,textarea,select")) return;
    const a = one(`a[data-key="${CSS.escape(e.key)}"]`);
    if (a) { e.preventDefault(); a.click(); }
  });
}

keepUpToDate();
lightUp(pageImage());
keys();

// ---- Review: decisions are sent without leaving the page, and told in place;
// j and k move, a and r decide.
function reviewing() {
  const forms = all("form.verdict");
  for (const f of forms) f.addEventListener("submit", e => { e.preventDefault(); send(f, e.submitter ? e.submitter.value : ""); });
  async function send(form, verdict) {
    const told = one(".told", form), body = new URLSearchParams(new FormData(form));
    body.set("verdict", verdict);
    told.classList.remove("bad");
    told.textContent = "…";
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      const is = (answer.headers.get("Content-Type") || "").includes("json");
      if (answer.ok && is) {
        const done = await answer.json();
        form.elements.seen.value = done.id;
        told.textContent = { accept: "accepted", reject: "rejected", edit: "edited" }[verdict] + "; being published";
        const card = form.closest(".case,li");
        card.classList.add("decided");
        if (card.matches("[data-doubt]") && card === document.activeElement) step(1);
        return;
      }
      told.textContent = is ? (await answer.json()).error : answer.status === 403 ? "Not stored: this page is from before the console was started anew, or from before you signed in anew. Reload it." : "Not stored. Reload the page and do it again.";
    } catch { told.textContent = "Not stored: no connection to the console. Press again when it is back."; }
    told.classList.add("bad");
  }
  // Enter in the field puts its text; without this the form's first button would accept.
  for (const f of all(".verdict [name=instead]")) f.addEventListener("keydown", e => {
    const card = f.closest("[data-doubt]");
    if (e.key === "Enter") { e.preventDefault(); if (card) card.focus(); send(f.form, "edit"); }
    else if (e.key === "Escape" && card) card.focus();
  });
  const cards = all("[data-doubt]");
  if (!cards.length) return;
  function step(by) {
    const i = cards.indexOf(document.activeElement.closest("[data-doubt]"));
    const next = cards[Math.min(Math.max(i + by, 0), cards.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest("input,textarea,select")) return;
    const card = document.activeElement.closest("[data-doubt]");
    if (e.key === "j") step(1);
    else if (e.key === "k") step(-1);
    else if (card && e.key === "e") { const field = one("[name=instead],[name=value]", card); if (field) { field.focus(); field.select(); } }
    else if (card && (e.key === "a" || e.key === "r")) {
      const form = one("form.verdict", card);
      if (form) { card.focus(); send(form, e.key === "a" ? "accept" : "reject"); }
    } else return;
    e.preventDefault();
  });
  cards[0].focus({ preventScroll: true });
}
reviewing();

// ---- Upload: files go in pieces, one file after the other.
function uploading() {
  const form = one("#upload");
  if (!form) return;
  const drop = one("#drop"), piece = +form.dataset.piece, list = one("#files"), sent = one("#sent"), bar = one("#bytes");
  const api = (path, method, body, headers = {}) => fetch("/api/v1/uploads" + path, { method, body, headers });
  const json = (path, value) => api(path, "POST", JSON.stringify(value), { "Content-Type": "application/json" });
  let queue = [], busy = false, total = 0, done = 0, failed = 0, keys = [];
  const wait = ms => new Promise(r => setTimeout(r, ms));
  function show() {
    one("#sending").hidden = false;
    bar.max = total || 1; bar.value = done;
    sent.textContent = `${keys.length} put in, ${queue.length + (busy ? 1 : 0)} to go${failed ? `, ${failed} refused` : ""}`;
  }
  function tell(name, text, bad) {
    const li = document.createElement("li"), what = document.createElement("span");
    what.className = bad ? "what bad" : "what";
    what.textContent = `${name}: ${text}`;
    li.append(document.createElement("span"), document.createElement("span"), what);
    list.prepend(li);
    while (list.children.length > 50) list.lastChild.remove();
  }
  // send sends one file; it tries again while the connection is broken.
  async function send({ file, key }) {
    let at = 0;
    for (let tries = 0; ; tries++) {
      try {
        let r = await json("", { key, size: file.size, modified: file.lastModified });
        if (r.status >= 500) throw new Error(String(r.status));
        let state = await r.json();
        if (!r.ok) { tell(key, state.error, true); failed++; done += file.size - at; return; }
        while (!state.done) {
          done += state.offset - at; at = state.offset; show();
          r = await api("/" + state.id, "POST", file.slice(at, at + piece), { "Content-Type": "application/octet-stream", "Upload-Offset": String(at) });
          if (r.status >= 500) throw new Error(String(r.status));
          state = { id: state.id, ...await r.json() };
          if (!r.ok && r.status !== 409 || state.error) { tell(key, state.error || "refused", true); failed++; done += file.size - at; return; }
          tries = 0;
        }
        done += file.size - at; keys.push(key); tell(key, "put in");
        return;
      } catch {
        sent.textContent = "No connection to the console; it goes on by itself.";
        await wait(Math.min(1000 * (tries + 1), 10000));
      }
    }
  }
  async function work() {
    if (busy) return;
    busy = true;
    while (queue.length) { await send(queue.shift()); show(); }
    busy = false;
    if (keys.length) await json("/complete", { keys });
    show();
    if (!failed) sent.textContent += "; all is put in";
  }
  // add puts files in the queue, an item.json before the pages it lists.
  function add(files) {
    const box = form.elements.box.value.replace(/^\/+|\/+$/g, "");
    if (!box) { form.elements.box.reportValidity(); return; }
    for (const { file, path } of files.sort((a, b) => a.path < b.path ? -1 : 1)) { queue.push({ file, key: box + "/" + path }); total += file.size; }
    queue.sort((a, b) => b.key.endsWith("/item.json") - a.key.endsWith("/item.json"));
    show(); work();
  }
  const chosen = input => { add(Array.from(input.files, file => ({ file, path: file.webkitRelativePath || file.name }))); input.value = ""; };
  form.elements.files.addEventListener("change", e => chosen(e.target));
  form.elements.folder.addEventListener("change", e => chosen(e.target));
  form.addEventListener("submit", e => e.preventDefault());
  async function walk(entry, into) {
    if (entry.isFile) { const file = await new Promise((y, n) => entry.file(y, n)); into.push({ file, path: entry.fullPath.replace(/^\//, "") }); return; }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((y, n) => reader.readEntries(y, n));
      if (!some.length) return;
      for (const e of some) await walk(e, into);
    }
  }
  addEventListener("dragover", e => { e.preventDefault(); drop.classList.add("over"); });
  addEventListener("dragleave", () => drop.classList.remove("over"));
  addEventListener("drop", async e => {
    e.preventDefault(); drop.classList.remove("over");
    const into = [], entries = Array.from(e.dataTransfer.items, i => i.webkitGetAsEntry && i.webkitGetAsEntry()).filter(Boolean);
    for (const x of entries) await walk(x, into);
    if (!entries.length) into.push(...Array.from(e.dataTransfer.files, file => ({ file, path: file.name })));
    add(into);
  });
  addEventListener("beforeunload", e => { if (busy) e.preventDefault(); });
}
uploading();
