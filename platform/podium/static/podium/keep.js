// What is typed into a form is not lost when the session ends before it is sent: it stays
// in this tab and is offered on the next visit of the page. Never passwords, never files.
(() => {
  const PREFIX = "podium-typed ";
  const TEXTS = "textarea, input[type=text], input[type=url], input:not([type])";
  const isSignIn = location.pathname.startsWith("/accounts/");
  if (isSignIn) return; // on the way back to the form

  // The editor of projects keeps drafts of its own.
  const forms = [...document.querySelectorAll("main form[method=post]:not(#editor)")].filter(
    (form) => form.querySelector(TEXTS),
  );
  const keyOf = (form) => `${PREFIX}${location.pathname} ${forms.indexOf(form)}`;
  const fieldsOf = (form) =>
    [...form.querySelectorAll(TEXTS)].filter(
      (field) => field.name && !field.readOnly && field.autocomplete !== "one-time-code",
    );
  const typed = (form) => fieldsOf(form).map((field) => [field.name, field.value]);
  const store = (key, value) => {
    try {
      if (value) sessionStorage.setItem(key, JSON.stringify(value));
      else sessionStorage.removeItem(key);
    } catch {} // a full or forbidden store: nothing is kept, and nothing breaks
  };
  const read = (key) => {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  };

  // A form that was sent and led to another page was taken.
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(PREFIX) && read(key)?.sent && !key.startsWith(`${PREFIX}${location.pathname} `))
        store(key, null);
  } catch {}

  const offer = (form, kept) => {
    const note = document.createElement("div");
    note.className = "note";
    note.setAttribute("role", "status");
    const words = document.createElement("div");
    words.className = "stack stack-s";
    const said = document.createElement("p");
    said.textContent = "What you typed here before was not sent. It is kept in this tab.";
    const row = document.createElement("div");
    row.className = "row";
    const button = (text, deed) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn btn-s";
      made.textContent = text;
      made.addEventListener("click", () => {
        deed();
        note.remove();
        fieldsOf(form)[0].focus();
      });
      row.append(made);
    };
    button("Put it back", () => {
      for (const field of fieldsOf(form)) {
        const found = kept.find(([name]) => name === field.name);
        if (found) field.value = found[1];
      }
    });
    button("Throw it away", () => store(keyOf(form), null));
    words.append(said, row);
    note.append(document.createElement("span"), words);
    form.prepend(note);
  };

  for (const form of forms) {
    const atFirst = JSON.stringify(typed(form));
    const kept = read(keyOf(form));
    if (kept?.values?.some(([, value]) => value) && JSON.stringify(kept.values) !== atFirst)
      offer(form, kept.values);
    else store(keyOf(form), null);

    const keep = (sent) => {
      const values = typed(form);
      store(keyOf(form), JSON.stringify(values) === atFirst && !sent ? null : { sent, values });
    };
    form.addEventListener("input", () => keep(false));
    form.addEventListener("submit", () => keep(true));
  }
})();
