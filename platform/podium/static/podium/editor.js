// The editor of a project: what is typed goes to the server every few seconds as a draft,
// and stays in this browser until the server has it. Without script, Save and Preview
// are plain buttons.
(() => {
  const EVERY = 3000;
  const TYPED = ["title", "summary", "body"];
  const form = document.querySelector("#editor");
  if (!form) return;

  const state = document.querySelector("#draft-state");
  const key = `podium-draft ${location.pathname}`;
  const field = (name) => form.elements[name];
  const typed = () => Object.fromEntries(TYPED.map((name) => [name, field(name).value]));
  const say = (words) => (state.textContent = words);

  // The cookie and not the form: signing in again, in another tab, makes a new word.
  const token = () => {
    const name = `${form.dataset.csrfCookie}=`;
    const found = document.cookie.split("; ").find((part) => part.startsWith(name));
    return found ? found.slice(name.length) : field("csrfmiddlewaretoken").value;
  };
  const send = (address, body) =>
    fetch(address, {
      method: "POST",
      body,
      redirect: "manual", // to the sign-in page, which is no answer
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
    });

  // What this browser keeps
  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), ...typed() }));
    } catch {} // a full or forbidden store: the server's draft remains
  };
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const forget = () => {
    try {
      localStorage.removeItem(key);
    } catch {}
  };

  // The draft
  let saved = JSON.stringify(typed());
  let isLost = false; // another window saved: this one no longer does
  let sending = null;

  const save = async () => {
    const now = JSON.stringify(typed());
    if (now === saved || isLost) return;
    const body = new FormData();
    for (const [name, value] of Object.entries(typed())) body.append(name, value);
    body.append("revision", field("revision").value);
    let response;
    try {
      response = await send(form.dataset.draft, body);
    } catch {
      say("No connection: what you type is kept in this browser.");
      return;
    }
    if (response.type === "opaqueredirect" || response.status === 401) {
      say(
        "You are signed out: what you type is kept in this browser. Sign in in another tab, then go on here.",
      );
      return;
    }
    const answer = await response.json().catch(() => ({ words: "The draft was not saved." }));
    say(answer.words);
    isLost = response.status === 409;
    if (!response.ok) return;
    field("revision").value = answer.revision;
    saved = now;
    if (JSON.stringify(typed()) === now) forget();
  };
  const saveNow = () => (sending ??= save().finally(() => (sending = null)));

  let timer = 0;
  const later = () => {
    keep();
    clearTimeout(timer);
    timer = setTimeout(async () => {
      await saveNow();
      if (JSON.stringify(typed()) !== saved) later();
    }, EVERY);
  };
  for (const name of TYPED) field(name).addEventListener("input", later);
  addEventListener("pagehide", () => JSON.stringify(typed()) !== saved && keep());

  // What an earlier page left behind
  const note = document.querySelector("#kept");
  const left = kept();
  if (left && TYPED.some((name) => (left[name] ?? "") !== field(name).value)) {
    note.querySelector("[data-kept-at]").textContent = new Date(left.at).toLocaleString();
    note.hidden = false;
    note.querySelector("[data-put-back]").addEventListener("click", () => {
      for (const name of TYPED) field(name).value = left[name] ?? "";
      note.hidden = true;
      later();
      field("body").focus();
    });
    note.querySelector("[data-throw-away]").addEventListener("click", () => {
      forget();
      note.hidden = true;
      field("body").focus();
    });
  } else {
    forget();
  }

  // Preview, in place
  const panel = document.querySelector("#preview");
  form.querySelector("[value=preview]").addEventListener("click", async (event) => {
    event.preventDefault();
    const body = new FormData();
    body.append("body", field("body").value);
    try {
      const response = await send(form.dataset.preview, body);
      if (!response.ok) throw new Error(response.status);
      panel.querySelector("[data-preview-here]").innerHTML = await response.text();
      panel.hidden = false;
      panel.focus();
    } catch {
      say("The preview could not be made: sign in again in another tab, then try once more.");
    }
  });

  // Pictures: sent, and their line put where the cursor stands
  const pictures = document.querySelector("[data-picture-form]");
  pictures.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("Sending the picture…");
    try {
      const response = await send(form.dataset.pictures, new FormData(pictures));
      const answer = await response.json();
      say(answer.words);
      if (!response.ok) return;
      const text = field("body");
      text.setRangeText(`\n\n${answer.markdown}\n\n`, text.selectionStart, text.selectionEnd, "end");
      pictures.reset();
      text.focus();
      later();
    } catch {
      say("The picture was not sent: sign in again in another tab, then try once more.");
    }
  });

  // Save sends all: with today's word against forgery, and with no draft on its way
  let isSending = false;
  form.addEventListener("submit", async (event) => {
    field("csrfmiddlewaretoken").value = token();
    keep();
    if (!sending) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    clearTimeout(timer);
    await sending;
    form.requestSubmit(event.submitter);
  });
})();
