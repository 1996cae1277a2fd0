/*
Sportello's one script, hand-written, without a build. Pages work without it; it adds what only a running page can do.

  policy      the Trusted Types policy through which all of htmx's HTML passes
  clock       countdowns, by the server's time
  swaps       focus, scroll and open details survive what htmx brings; what went wrong is said
  live        one server-sent stream for all tabs; when it is silent, a look every 15 s
  queue       new rows announced and marked
  keys        j k Enter r n a u / ? Esc
  composer    drafts, files, who else is here, what came in while writing
  files       picked, dropped or pasted; what is too large is said before it is sent
  request     a customer's new request: its draft
  fields      what is wrong with one, in the language of the page

Attributes it understands (templates set them, docs/design.md explains them):
  data-live="queue ticket:<id>"   refetch me, or what I am in (hx-get, hx-trigger="live"), when one of these topics is told
  data-due, data-until            a countdown; seconds left of an undo
  data-key="a"                    pressed by that key
  data-draft, data-files          a composer's form: where its draft and its files go
  data-telltale                   in a form: shown while what is written there looks like a password
  data-apart                      in a form: the field for a secret, unfolded with that
  data-request                    the form of a new request: where its draft goes; the files stay in it until it is sent
*/
(() => {
  "use strict";

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // -- policy ---------------------------------------------------------------------------------------------------------------------------
  /* htmx writes HTML with string sinks. Every such string comes here first, is parsed where nothing runs, and is refused as a whole if it
     holds anything that could run or load a document. Making scripts or script addresses from strings is refused always. */
  const RUNS = new Set(["SCRIPT", "OBJECT", "EMBED", "BASE", "APPLET", "FRAME", "FRAMESET", "PORTAL", "STYLE", "META", "LINK"]);
  const PAGE_HEAD = new Set(["META", "LINK"]);
  const LOADS = new Set(["href", "src", "action", "formaction", "data", "xlink:href"]);

  const harmful = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (RUNS.has(element.nodeName.toUpperCase()) && !inert(element)) return element.nodeName;
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on") || name === "style" || name === "srcdoc" || /^(data-)?hx-(on|vars|ext)/.test(name)) return name;
        if (LOADS.has(name) && /^[\s\u0000-\u001f]*(javascript|vbscript|data):/i.test(value)) return name;
      }
      if (element.nodeName === "IFRAME" && !element.sandbox.contains("allow-popups")) return "IFRAME";
      if (element.nodeName === "IFRAME" && /allow-(scripts|same-origin|top)/.test(element.sandbox.value)) return "IFRAME";
      if (element.content instanceof DocumentFragment) {
        const inside = harmful(element.content);
        if (inside) return inside;
      }
    }
    return null;
  };
  /* A whole page brings its head along, from which htmx takes the title only; data blocks never run. */
  const inert = (element) =>
    (element.nodeName === "SCRIPT" && element.type === "application/json") ||
    (PAGE_HEAD.has(element.nodeName) && !/^(refresh|set-cookie|content-security-policy)/i.test(element.httpEquiv || ""));

  if (window.trustedTypes) {
    const reading = trustedTypes.createPolicy("inspection", { createHTML: (text) => text });
    trustedTypes.createPolicy("default", {
      createHTML(text) {
        const found = harmful(new DOMParser().parseFromString(reading.createHTML(text), "text/html"));
        if (found) throw new TypeError(`HTML refused because of ${found}`);
        return text;
      },
    });
  }

  // -- words and clock ------------------------------------------------------------------------------------------------------------------
  const page = document.documentElement;
  const words = JSON.parse(one("#words")?.textContent || "{}");
  const say = (key, values = {}) => (words[key] || key).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const announce = (text) => {
    const region = one("#announce");
    region.textContent = "";
    requestAnimationFrame(() => (region.textContent = text));
  };

  let ahead = Number(page.dataset.now) - Date.now();
  const now = () => Date.now() + ahead;
  const readClock = (text) => {
    const told = Date.parse(text || "");
    // The header has whole seconds; a machine that slept or was set is off by more.
    if (told && Math.abs(told - now()) > 3000) ahead = told - Date.now();
  };

  const two = (number) => String(number).padStart(2, "0");
  const countdown = (left) => {
    const seconds = Math.floor(left / 1000);
    if (seconds >= 86400) return null;
    const [sign, size] = seconds < 0 ? ["−", -seconds] : ["", seconds];
    if (size >= 86400) return `${sign}${Math.floor(size / 86400)} ${words.day}`;
    if (size >= 3600) return `${sign}${Math.floor(size / 3600)} ${words.hour} ${two(Math.floor((size % 3600) / 60))}`;
    return `${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  };
  const tick = () => {
    for (const due of all("time[data-due]")) {
      const left = Date.parse(due.dateTime) - now();
      const text = countdown(left);
      if (text !== null && due.textContent !== text) due.textContent = text;
      if (due.dataset.due === "calm") continue;
      due.classList.toggle("late", left < 0);
      due.classList.toggle("soon", left >= 0 && left <= 300000);
    }
    for (const undo of all("[data-until]")) {
      const seconds = Math.ceil((Date.parse(undo.dataset.until) - now()) / 1000);
      const text = say("undo", { seconds: Math.max(0, seconds) });
      if (undo.textContent !== text) undo.textContent = text;
      if (seconds <= 0) undo.closest("[data-undo]").hidden = true;
    }
  };
  setInterval(tick, 1000);

  // -- swaps ----------------------------------------------------------------------------------------------------------------------------
  const held = { live: false, by: null, again: null, lost: false, top: 0, open: new Set(), rows: new Set() };
  /* How to find the same control in the HTML that replaces it: by its id, as its row's part, or as the one that looks the same. */
  const finder = (element) => {
    if (!element || element === document.body) return null;
    if (element.id) return () => one(`#${CSS.escape(element.id)}`);
    const row = element.closest("[data-id]");
    const around = row ? `[data-id="${CSS.escape(row.dataset.id)}"]` : `#${CSS.escape(element.closest("[id]")?.id || "page")}`;
    const part = element.dataset.part;
    const same = (other) => (part ? other.dataset.part === part : other.isEqualNode(element));
    return () => all(`${around} ${element.localName}`).find(same);
  };
  const hold = () => {
    const active = document.activeElement;
    if (active !== document.body || !held.lost) {
      held.again = finder(active);
      held.top = active?.getBoundingClientRect().top || 0;
    }
    for (const details of all("details[id][open]")) held.open.add(details.id);
    for (const menu of all("details[id][open]:not(.fold)")) if (menu.contains(held.by)) held.open.delete(menu.id);
    held.rows = new Set(all("[data-id]").map((row) => row.dataset.id));
  };
  const restore = () => {
    for (const details of all("details[id]")) if (held.open.has(details.id)) details.open = true;
    if (document.activeElement !== document.body) return;
    const again = held.again?.();
    held.lost = Boolean(held.again) && !again; // in a fold that is still to be filled, perhaps
    if (!again) return;
    again.focus({ preventScroll: true });
    scrollBy(0, again.getBoundingClientRect().top - held.top);
  };
  document.addEventListener("toggle", ({ target }) => target.id && (target.open ? held.open.add(target.id) : held.open.delete(target.id)), true);
  /* A live refetch must not take away a form that somebody is filling in, or that has been sent and waits for its answer; nor what is
     pressed, since a click needs the same element at its end. It is made up for when the form is left, or the button released. */
  const PRESS = 5000;
  const AGAIN = 5000;
  let pressed = 0;
  const late = new Map();
  const busy = (target) => {
    if (Date.now() - pressed < PRESS || one(".htmx-request", target)) return true;
    const active = document.activeElement;
    return target.contains(active) && active.matches("input:not([type=hidden]), textarea, select") && target !== active;
  };
  const holdBack = (event) => {
    event.detail.shouldSwap = false;
    late.set(held.by, event.detail.target);
  };
  const makeUp = () => {
    for (const [element, target] of late) {
      if (!target.isConnected) late.delete(element);
      else if (!busy(target) && late.delete(element)) refetch(element);
    }
  };
  document.addEventListener("pointerdown", () => {
    pressed = Date.now();
    held.lost = false;
  }, true);
  for (const name of ["pointerup", "pointercancel", "focusout"])
    document.addEventListener(name, () => setTimeout(() => {
      if (name !== "focusout") pressed = 0; // what is pressed takes the focus from elsewhere
      makeUp();
    }), true);
  document.addEventListener("htmx:afterRequest", () => setTimeout(makeUp));
  const toast = (text, kind = "error") => {
    const region = one("#messages");
    if (!region) return announce(text);
    const line = document.createElement("p");
    line.className = `notice ${kind}`;
    line.textContent = text;
    region.replaceChildren(line);
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target, requestConfig } = event.detail;
    readClock(xhr.getResponseHeader("Date"));
    if (xhr.responseURL && new URL(xhr.responseURL).pathname.split("/")[1] !== location.pathname.split("/")[1]) {
      event.detail.shouldSwap = false;
      notSent(event, "unsentEnded");
      toast(say("signedOut"));
      return;
    }
    held.live = requestConfig?.triggeringEvent?.type === "live";
    held.by = requestConfig?.elt;
    if (held.live && busy(target)) holdBack(event);
    hold();
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (held.live && busy(event.detail.target)) holdBack(event);
  });
  /* A fold that was opened before it was listened to asks for what is in it now; it asks once. */
  document.addEventListener("htmx:load", (event) => {
    for (const fold of all("details[hx-get][open]", event.target)) fold.dispatchEvent(new Event("toggle"));
  });
  document.addEventListener("htmx:afterSwap", () => tick());
  document.addEventListener("htmx:afterSettle", (event) => {
    restore();
    markArrivals(event.detail.target);
    composers();
    tick();
  });
  /* What could not be sent is said where it was written; `unsent` is told how each composer says it. */
  const unsent = new WeakMap();
  const notSent = (event, reason) => unsent.get(event.detail.requestConfig?.elt)?.(reason);
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"])
    document.addEventListener(name, (event) => {
      if (name !== "htmx:sendAbort") toast(say("offline"), "warning");
      notSent(event, "unsentOffline");
    });
  /* A live refetch that failed is made up for: nothing else may happen that would tell of what it missed. */
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"])
    document.addEventListener(name, ({ detail: { xhr, requestConfig } }) => {
      const failing = !xhr.status || xhr.status >= 500 || xhr.status === 429;
      if (failing && requestConfig.triggeringEvent?.type === "live") setTimeout(() => refetch(requestConfig.elt), AGAIN * (0.5 + Math.random()));
    });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr: { status }, requestConfig } = event.detail;
    notSent(event, { 401: "unsentEnded", 403: "unsentEnded", 409: "unsentMet" }[status] ?? "unsentFailed");
    if (status === 401) toast(say("signedOut"), "warning");
    else if (requestConfig?.triggeringEvent?.type !== "live") toast(say({ 404: "gone", 409: "met", 429: "tooOften" }[status] ?? "failed"));
  });

  /* The second click of a double click, or of somebody who thinks that nothing happens: a form of a page is sent once. */
  const TWICE = 3000;
  const sentAt = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (Date.now() - (sentAt.get(form) ?? -TWICE) < TWICE) event.preventDefault();
    else sentAt.set(form, Date.now());
  });
  addEventListener("pageshow", () => all("form").forEach((form) => sentAt.delete(form)));

  // -- live -----------------------------------------------------------------------------------------------------------------------------
  const address = one("[data-live-url]")?.dataset.liveUrl;
  const SILENCE = 45000;
  const LOOK = 15000;
  let heard = Date.now();
  let looked = Date.now();
  const waiting = new Map();

  const refetch = (element) => {
    if (waiting.has(element)) return;
    const pause = document.hidden ? LOOK : 120 + Math.random() * 180;
    waiting.set(element, setTimeout(() => {
      waiting.delete(element);
      if (element.isConnected && window.htmx) htmx.trigger(element, "live");
    }, pause));
  };
  const tell = (topics) => {
    for (const element of all("[data-live]")) {
      const wanted = element.dataset.live.split(" ");
      if (topics === "all" || topics.some((topic) => wanted.includes(topic))) refetch(element.closest("[hx-get]"));
    }
  };
  const hear = (notice) => {
    heard = Date.now();
    page.dataset.stream = "on";
    if (notice.topic === "beat") return;
    if (notice.topic === "again") return tell("all");
    if (notice.topic === "over") return toast(say("signedOut"));
    if (notice.topic === "alarm") return alarm(notice);
    const about = notice.ticket || notice.outbound;
    tell(about ? [notice.topic, `${notice.topic}:${about}`] : [notice.topic]);
  };

  const channel = window.BroadcastChannel && new BroadcastChannel("sportello-live");
  let pause = 1000;
  /* What was told while nothing listened is looked for: in a break, or while the page took longer than the stream looks back (RECENT_SECONDS). */
  const RECENT = 8000;
  let opened = false;
  const stream = () => {
    const source = new EventSource(address, { withCredentials: true });
    source.onopen = () => {
      if (opened || performance.now() > RECENT) spread({ topic: "again" });
      opened = true;
      pause = 1000;
      spread({ topic: "beat" });
    };
    source.onmessage = (event) => spread(JSON.parse(event.data));
    const watch = setInterval(() => {
      // A machine that slept holds a dead connection without knowing it.
      if (source.readyState === EventSource.CLOSED || Date.now() - heard > SILENCE) {
        source.close();
        clearInterval(watch);
        pause = Math.min(60000, pause * 2);
        setTimeout(stream, pause * (0.5 + Math.random()));
      }
    }, 5000);
  };
  const spread = (notice) => {
    channel?.postMessage(notice);
    hear(notice);
  };
  if (address && window.EventSource) {
    if (channel) channel.onmessage = (event) => hear(event.data);
    // One tab holds the stream and tells the others; when it closes, the next one takes over.
    if (channel && navigator.locks) navigator.locks.request("sportello-live", () => (stream(), new Promise(() => {})));
    else stream();
  }
  setInterval(() => {
    const silent = Date.now() - heard > SILENCE;
    if (silent) page.dataset.stream = "off";
    if ((silent || !address) && Date.now() - looked > LOOK - 500 && !document.hidden) {
      looked = Date.now();
      tell("all");
    }
  }, 5000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    tick();
    for (const [element, timer] of waiting) {
      clearTimeout(timer);
      waiting.delete(element);
      refetch(element);
    }
  });

  const alarm = async ({ ticket, step }) => {
    const region = one("#alarms");
    if (!region) return;
    const address = region.dataset.url.replace("00000000-0000-0000-0000-000000000000", ticket);
    try {
      await htmx.ajax("GET", `${address}?step=${encodeURIComponent(step)}`, { target: "#alarms", swap: "beforeend" });
    } catch {
      return; // Said by the listeners above.
    }
    const last = region.lastElementChild;
    const text = last?.dataset.alarm;
    for (const earlier of [...region.children]) if (earlier !== last && earlier.dataset.alarm === text) earlier.remove(); // told twice
    if (text && document.hidden && window.Notification?.permission === "granted") new Notification(text, { tag: ticket });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-notify], [data-dismiss]");
    if (!button) return;
    if ("dismiss" in button.dataset) button.parentElement.remove();
    else if (window.Notification) Notification.requestPermission().then((answer) => (button.hidden = answer === "granted"));
  });
  for (const button of all("[data-notify]")) button.hidden = !window.Notification || Notification.permission !== "default";

  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  document.addEventListener("click", (event) => {
    for (const drop of all("details.drop[open]")) if (!drop.contains(event.target)) drop.open = false;
  });

  // -- queue ----------------------------------------------------------------------------------------------------------------------------
  const markArrivals = (target) => {
    if (target?.id !== "queue") return;
    const fresh = all("#queue [data-id]").filter((row) => !held.rows.has(row.dataset.id));
    if (!held.rows.size || !fresh.length || fresh.length > 20) return;
    for (const row of fresh) row.classList.add("fresh");
    announce(say(fresh.length === 1 ? "arrived" : "arrivedMany", { count: fresh.length }));
  };

  // -- keys -----------------------------------------------------------------------------------------------------------------------------
  const KEYS_OFF = "sportello.keys";
  const rows = () => all("[data-part=open]").filter((link) => link.offsetParent);
  const current = () => document.activeElement.closest("[data-id]");
  const step = (by) => {
    const links = rows();
    if (!links.length) return;
    const at = links.findIndex((link) => link.closest("[data-id]") === current());
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
    next.focus();
    next.closest("[data-id]").scrollIntoView({ block: "nearest" });
  };
  const compose = (kind) => {
    const form = one(`#compose-${kind}`);
    const row = current()?.querySelector("[data-part=open]");
    if (form) {
      one(`[name=composer][value=${kind}]`).checked = true;
      one("textarea", form).focus();
    } else if (row) location.assign(`${row.href}?write=${kind}`);
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    r: () => compose("reply"),
    n: () => compose("note"),
    a: () => (current()?.querySelector("[data-key=a]") || one("[data-key=a]"))?.click(),
    u: () => one("[data-key=u]")?.click(),
    c: () => one("[data-key=c]")?.click(),
    "/": () => one("[data-key='/']")?.focus(),
    "?": () => one("#help")?.togglePopover(),
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form?.dataset.draft) {
      event.preventDefault();
      event.target.form.requestSubmit(one("[data-send]", event.target.form));
      return;
    }
    if (event.key === "Escape") {
      const drop = event.target.closest("details.drop[open]");
      if (drop) {
        drop.open = false;
        return one("summary", drop).focus();
      }
      if (field && !field.closest("[popover]")) return field.blur();
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(KEYS_OFF)) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  const toggle = one("#keys-on");
  if (toggle) {
    toggle.checked = !localStorage.getItem(KEYS_OFF);
    toggle.addEventListener("change", () => (toggle.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "off")));
  }

  // -- composer -------------------------------------------------------------------------------------------------------------------------
  const known = new WeakSet();
  const composers = () => {
    for (const form of all("form[data-draft]")) if (!known.has(form)) composer(form);
    arrivals();
  };
  const written = (form) => one("textarea", form).value;
  const TAB = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
  /* Why a draft was not saved, and after how many milliseconds it is tried again; never, where trying again cannot help. */
  const UNSAVED = { unsaved: 5000, failing: 5000, ended: 15000, refused: 0, elsewhere: 0 };
  const whyUnsaved = (answer) => {
    if (answer.type === "opaqueredirect" || answer.status === 401) return "ended";
    if (answer.status === 409) return "elsewhere";
    return answer.status >= 500 || answer.status === 429 ? "failing" : "refused";
  };

  const composer = (form) => {
    known.add(form);
    const area = one("textarea", form);
    const status = one("[data-status]", form);
    let stored = area.value;
    let timer = 0;
    let saving = false;
    let sending = false;
    let trouble = "";
    form.elements.tab.value = TAB;

    const body = () => {
      const data = new FormData();
      for (const name of ["csrfmiddlewaretoken", "seen_version", "began_from", "tab"]) data.set(name, form.elements[name].value);
      data.set("text", area.value);
      return data;
    };
    const saveIn = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    };
    const post = async () => {
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body: body(), redirect: "manual" });
        if (answer.ok) return "";
        if (answer.status === 409) differ(await answer.json());
        return whyUnsaved(answer);
      } catch {
        return "unsaved";
      }
    };
    const save = async () => {
      if (saving || sending || trouble === "elsewhere" || area.value === stored || !form.isConnected) return;
      saving = true;
      const text = area.value;
      trouble = await post();
      saving = false;
      if (!trouble) stored = text;
      status.textContent = say(trouble || "saved");
      if (trouble && UNSAVED[trouble]) saveIn(UNSAVED[trouble]);
      else if (!trouble && area.value !== stored) saveIn(700);
    };
    /* Two windows on one draft: neither writes over the other; the one that comes second is asked. */
    const differ = (other) => {
      const strip = one("[data-elsewhere]", form);
      one("[data-other]", strip).textContent = other.text;
      form.dataset.otherFrom = other.updated_at;
      strip.hidden = false;
      announce(one("p", strip).textContent);
    };
    const settle = (take) => {
      if (take) {
        // As if typed, so that Ctrl Z brings back what stood here.
        area.focus();
        area.select();
        document.execCommand("insertText", false, one("[data-other]", form).textContent);
      }
      form.elements.began_from.value = form.dataset.otherFrom;
      one("[data-elsewhere]", form).hidden = true;
      trouble = "";
      area.focus();
      saveIn(0);
    };
    one("[data-keep]", form).addEventListener("click", () => settle(false));
    one("[data-take]", form).addEventListener("click", () => settle(true));
    addEventListener("online", () => saveIn(0));
    area.addEventListener("input", () => {
      saveIn(700);
      form.dataset.typed = String(Date.now());
      grow(area);
      here();
    });
    const failure = one("[data-unsent]", form);
    const again = () => {
      sending = false;
      saveIn(0);
    };
    form.addEventListener("submit", () => {
      sending = true;
      failure.hidden = true;
      clearTimeout(timer);
    });
    form.addEventListener("htmx:afterRequest", again);
    unsent.set(form, (reason) => {
      failure.textContent = say(reason);
      failure.hidden = false;
      announce(failure.textContent);
      again();
    });
    addEventListener("pagehide", () => {
      if (form.isConnected && !sending && area.value !== stored) navigator.sendBeacon(form.dataset.draft, body());
    });
    addEventListener("beforeunload", (event) => {
      if (form.isConnected && !sending && area.value !== stored && trouble) event.preventDefault();
    });

    const chooser = one("input[type=file]", form);
    const add = async (files) => {
      for (const file of files) {
        status.textContent = tooMuch(file, []);
        if (status.textContent) continue;
        status.textContent = say("uploading", { name: file.name });
        const data = body();
        data.set("uploads", file, file.name);
        try {
          const answer = await fetch(form.dataset.files, { method: "POST", body: data, redirect: "error", headers: { "HX-Request": "true" } });
          if (!answer.ok) throw new Error(String(answer.status));
          htmx.swap(one("[data-file-list]", form), await answer.text(), { swapStyle: "outerHTML" });
          status.textContent = "";
        } catch {
          status.textContent = say("tooLarge", { name: file.name });
        }
      }
    };
    chooser?.addEventListener("change", async () => {
      const files = [...chooser.files];
      chooser.value = "";
      await add(files);
    });
    takesFiles(form, area, add);
    grow(area);
  };
  /* Files that are dropped on a form, or pasted into its text. */
  const takesFiles = (form, area, add) => {
    area.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      add([...event.clipboardData.files]);
    });
    form.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.add("dropping");
    });
    form.addEventListener("dragleave", () => form.classList.remove("dropping"));
    form.addEventListener("drop", (event) => {
      form.classList.remove("dropping");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      add([...event.dataTransfer.files]);
    });
  };
  const grow = (area) => {
    if (CSS.supports("field-sizing", "content")) return;
    area.rows = Math.min(24, Math.max(5, area.value.split("\n").length + 1));
  };

  // -- files ----------------------------------------------------------------------------------------------------------------------------
  const megabytes = (bytes) => `${(bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;
  /* Why a file cannot go with those beside it; nothing if it can. */
  const tooMuch = (file, beside) => {
    if (beside.length >= words.mostFiles) return say("tooMany", { name: file.name, count: words.mostFiles });
    const bytes = beside.reduce((sum, other) => sum + other.size, file.size);
    return bytes > words.mostBytes ? say("tooHeavy", { name: file.name, size: megabytes(file.size), most: megabytes(words.mostBytes) }) : "";
  };
  /* The browser's own field speaks the browser's language, which need not be the page's. It lies unseen over our words, and works as ever. */
  const inOurWords = (chooser, area) => {
    const box = document.createElement("div");
    const button = document.createElement("span");
    const hint = document.createElement("span");
    box.className = "picker";
    button.className = "button";
    button.textContent = say(chooser.multiple ? "pickMany" : "pickOne");
    button.ariaHidden = "true"; // the field itself is what is reached and read out
    hint.id = `${chooser.id}-drop`;
    hint.textContent = say(area ? "dropOrPaste" : "drop");
    chooser.replaceWith(box);
    box.append(chooser, button, hint);
    chooser.title = ""; // else the browser says in its own words that none is chosen
    chooser.setAttribute("aria-describedby", `${hint.id} ${chooser.getAttribute("aria-describedby") || ""}`.trim());
  };
  /* The files of a form that is sent as a whole. */
  const picksFiles = (form) => {
    const area = one("textarea", form);
    const chooser = one("input[type=file]", form);
    const field = chooser.closest(".field");
    const list = document.createElement("ul");
    const refusal = document.createElement("p");
    list.className = "files";
    refusal.className = "error";
    inOurWords(chooser, area);
    field.append(list, refusal);
    const chosen = new DataTransfer();
    const show = () => {
      chooser.files = chosen.files;
      list.replaceChildren(...[...chosen.files].map((file, at) => {
        const line = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "link";
        button.textContent = say("remove");
        button.setAttribute("aria-label", say("removeFile", { name: file.name }));
        button.addEventListener("click", () => {
          chosen.items.remove(at);
          refuse([]);
          show();
          chooser.focus();
        });
        line.append(`${file.name} `, button);
        return line;
      }));
    };
    const refuse = (reasons) => {
      refusal.textContent = reasons.join(" ");
      field.classList.toggle("wrong", reasons.length > 0);
      if (reasons.length) announce(refusal.textContent);
    };
    const add = (files) => {
      const reasons = [];
      if (!chooser.multiple) chosen.items.clear();
      for (const file of files) {
        const reason = tooMuch(file, [...chosen.files]);
        if (reason) reasons.push(reason);
        else chosen.items.add(file);
      }
      refuse(reasons);
      show();
    };
    chooser.addEventListener("change", () => add([...chooser.files]));
    if (area) takesFiles(form, area, add);
  };

  // -- request --------------------------------------------------------------------------------------------------------------------------
  const DRAFTED = ["csrfmiddlewaretoken", "service", "claim", "text"];
  const newRequest = (form) => {
    const area = one("textarea", form);
    const status = one("[data-status]", form);
    area.autocomplete = "off"; // what is written is kept as a draft: going back must not bring back what was sent

    const body = () => {
      const all = new FormData(form);
      const data = new FormData();
      for (const name of DRAFTED) data.set(name, all.get(name) || "");
      return data;
    };
    const state = () => JSON.stringify([...body()].slice(1));
    let stored = state();
    let timer = 0;
    let sending = false;
    const saveIn = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    };
    const post = () =>
      fetch(form.dataset.request, { method: "POST", body: body(), redirect: "manual" }).then((answer) => (answer.ok ? "" : whyUnsaved(answer)), () => "unsaved");
    const save = async () => {
      if (sending || state() === stored) return;
      const saved = state();
      const trouble = await post();
      if (!trouble) stored = saved;
      status.textContent = say(trouble || "saved");
      if (trouble && UNSAVED[trouble]) saveIn(UNSAVED[trouble]);
    };
    form.addEventListener("input", (event) => {
      if (DRAFTED.includes(event.target.name)) saveIn(700);
    });
    form.addEventListener("submit", () => {
      sending = true;
      clearTimeout(timer);
    });
    addEventListener("pageshow", () => (sending = false));
    addEventListener("pagehide", () => {
      if (!sending && state() !== stored) navigator.sendBeacon(form.dataset.request, body());
    });
  };

  /* What the composer was opened on against what is there now. Nothing written yet: nothing can cross. */
  const arrivals = () => {
    const newest = Number(one("[data-version]")?.dataset.version || 0);
    for (const form of all("form[data-draft]")) {
      const seen = form.elements.seen_version;
      const crossed = newest > Number(seen.value);
      const strip = one("[data-crossed]", form);
      if (crossed && !written(form).trim()) seen.value = newest;
      else if (strip && crossed && strip.hidden) {
        one("[data-refused]", form)?.remove();
        one("span", strip).textContent = one("[data-newcomer]").dataset.newcomer;
        strip.hidden = false;
        announce(strip.textContent.trim());
      }
    }
  };
  document.addEventListener("click", (event) => {
    const read = event.target.closest("[data-read]");
    if (!read) return;
    const form = read.closest("form");
    form.elements.seen_version.value = one("[data-version]").dataset.version;
    one("[data-crossed]", form).hidden = true;
    one("textarea", form).focus();
  });

  const presence = one("#presence");
  let reported = 0;
  let wrote = false;
  const here = (regular = false) => {
    if (!presence || !window.htmx) return;
    const writing = all("form[data-draft]").some((form) => Date.now() - Number(form.dataset.typed || 0) < 15000);
    if (!regular && writing === wrote && Date.now() - reported < 15000) return;
    wrote = writing;
    reported = Date.now();
    htmx.ajax("POST", presence.dataset.url, { source: presence, target: presence, swap: "innerHTML", values: { writing: writing ? "1" : "" } }).catch(() => {});
  };
  if (presence) setInterval(() => !document.hidden && here(true), 20000);

  // -- secrets --------------------------------------------------------------------------------------------------------------------------
  const TELLTALE = new RegExp(
    "\\b(password|passwd|passphrase|pwd|psw|parola chiave|(api|access|secret)[ _-]?(key|token))\\b[^:=\\n]{0,60}?([:=]|\\s(\u00e8|e'|is))\\s*\\S{4}" +
      "|PRIVATE KEY-----|\\b(AKIA|ASIA)[A-Z0-9]{16}\\b|://[^\\s/:@]+:[^\\s/@]+@",
    "i",
  );
  const warnOfSecrets = (hint) => {
    const area = one("textarea", hint.closest("form"));
    const field = one("[data-apart]", hint.closest("form"));
    area.addEventListener("input", () => {
      const looks = TELLTALE.test(area.value);
      if (looks && hint.hidden && field) field.open = true;
      hint.hidden = !looks;
    });
  };

  // -- fields ---------------------------------------------------------------------------------------------------------------------------
  /* A browser complains of a field in its own language, whatever that of the page is. What was said once has to be taken back,
     or the field stays wrong whatever is put into it. */
  const complaint = ({ validity, type, min, max }) => {
    if (validity.valueMissing) return say(/^(select|radio|checkbox|file)/.test(type) ? "unchosen" : "missing");
    if (validity.typeMismatch && type === "email") return say("noMail");
    if (validity.rangeUnderflow || validity.rangeOverflow) return say("outside", { min: min || "…", max: max || "…" });
    return say("malformed");
  };
  const takeBack = (field) => field.setCustomValidity?.("");
  const complain = (event) => {
    takeBack(event.target);
    if (!event.target.validity.valid) event.target.setCustomValidity(complaint(event.target));
  };
  document.addEventListener("invalid", complain, true);
  document.addEventListener("input", (event) => takeBack(event.target), true);
  document.addEventListener("click", (event) => [...(event.target.closest?.("button")?.form?.elements ?? [])].forEach(takeBack), true);

  document.addEventListener("DOMContentLoaded", () => {
    for (const hint of all("[data-telltale]")) warnOfSecrets(hint);
    composers();
    for (const form of all("form[data-request]")) newRequest(form);
    for (const form of all("form[enctype]:not([data-draft])")) picksFiles(form);
    tick();
    here(true);
  });
})();
