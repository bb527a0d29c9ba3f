// Many files and folders at once, with progress. Without this file the browser sends the
// same form by itself; only dropping folders and the list of what was chosen are missing.
(() => {
  const form = document.querySelector("[data-dataset-upload]");
  if (!form) return;
  const field = form.querySelector("[data-files]");
  const drop = field.querySelector(".drop");
  const inputs = [...field.querySelectorAll("input[type=file]")];
  const list = field.querySelector("[data-picked]");
  const words = field.querySelector("[data-picked-words]");
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const told = box.querySelector("[data-progress-words]");
  const button = form.querySelector("[type=submit]");
  const SHOWN = 20;
  const dropped = new Map();
  const left = new Set(); // paths that were put away again

  field.querySelector("[data-drop-words]").hidden = false;
  const size = (bytes) =>
    bytes < 1e6
      ? `${Math.ceil(bytes / 1e3)}\u00a0kB`
      : bytes < 1e9
        ? `${(bytes / 1e6).toFixed(1)}\u00a0MB`
        : `${(bytes / 1e9).toFixed(2)}\u00a0GB`;

  const chosen = () => {
    const files = new Map(dropped);
    for (const input of inputs)
      for (const file of input.files) files.set(file.webkitRelativePath || file.name, file);
    for (const path of left) files.delete(path);
    return files;
  };

  const show = () => {
    const files = [...chosen()].sort(([a], [b]) => (a < b ? -1 : 1));
    list.replaceChildren(
      ...files.slice(0, SHOWN).map(([path, file]) => {
        const item = document.createElement("li");
        const name = document.createElement("bdi");
        name.textContent = path;
        name.className = "mono break";
        const bytes = document.createElement("span");
        bytes.className = "n";
        bytes.textContent = size(file.size);
        const away = document.createElement("button");
        away.type = "button";
        away.className = "btn btn-s btn-bare";
        away.textContent = "Leave out";
        away.setAttribute("aria-label", `Leave out ${path}`);
        away.addEventListener("click", () => {
          left.add(path);
          show();
          (list.querySelector("button") ?? inputs[0]).focus();
        });
        item.append(name, bytes, away);
        return item;
      }),
    );
    list.hidden = !files.length;
    const sum = files.reduce((total, [, file]) => total + file.size, 0);
    const more = files.length > SHOWN ? `, the first ${SHOWN} of them above` : "";
    words.textContent = files.length
      ? `${files.length} ${files.length === 1 ? "file" : "files"}, ${size(sum)}${more}`
      : "";
  };

  // A folder that is dropped is walked; each of its readers tells up to 100 entries.
  const walk = async (entry, folder) => {
    const path = folder + entry.name;
    if (entry.isFile) {
      const file = await new Promise((take, fail) => entry.file(take, fail));
      dropped.set(path, file);
      left.delete(path);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((take, fail) => reader.readEntries(take, fail));
      if (!some.length) return;
      for (const each of some) await walk(each, `${path}/`);
    }
  };

  for (const [type, over] of [
    ["dragenter", true],
    ["dragover", true],
    ["dragleave", false],
    ["drop", false],
  ])
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", over);
    });
  drop.addEventListener("drop", async (event) => {
    const entries = [...event.dataTransfer.items]
      .map((item) => item.webkitGetAsEntry())
      .filter(Boolean);
    for (const entry of entries) await walk(entry, "");
    show();
  });
  for (const input of inputs)
    input.addEventListener("change", () => {
      for (const file of input.files) left.delete(file.webkitRelativePath || file.name);
      show();
    });

  const say = (text) => {
    box.hidden = false;
    told.textContent = text;
  };

  const sent = (request) => {
    if (request.status === 201) {
      location.assign(request.getResponseHeader("Location"));
      return;
    }
    button.disabled = false;
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const errors = page.querySelector("[data-errors]");
    if (!errors) {
      say("The server refused the upload. Load this page again, and send it again.");
      return;
    }
    box.hidden = true;
    form.querySelector("[data-errors]").replaceWith(errors);
    errors.querySelector("[role=alert]")?.focus();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.disabled) return;
    // What is too much is said before a byte of it travels.
    const most = Number(form.dataset.most);
    const sum = [...chosen().values()].reduce((total, file) => total + file.size, 0);
    if (most && sum > most) {
      say(`These are ${size(sum)}: at most ${size(most)} are taken at once.`);
      return;
    }
    const data = new FormData(form);
    data.delete("files");
    for (const [path, file] of chosen()) data.append("files", file, path);
    const request = new XMLHttpRequest();
    request.open("POST", location.href);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (!lengthComputable) return;
      bar.max = total;
      bar.value = loaded;
      say(
        loaded < total
          ? `${size(loaded)} of ${size(total)}`
          : "Received; the files are being put in their places.",
      );
    });
    request.addEventListener("load", () => sent(request));
    request.addEventListener("error", () => {
      button.disabled = false;
      say("The connection broke before all had arrived. Nothing was kept: send it again.");
    });
    button.disabled = true;
    bar.removeAttribute("value");
    say("Starting");
    request.send(data);
  });

  // Back to this page by the browser's button: it keeps the form as it was left.
  addEventListener("pageshow", () => {
    button.disabled = false;
    box.hidden = true;
    show();
  });
})();
