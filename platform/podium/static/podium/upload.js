// Uploading with progress. Without this file the same form is sent by the browser.
(() => {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const drop = form.querySelector(".drop");
  const input = drop.querySelector("input");
  const name = drop.querySelector("[data-file]");
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-progress-words]");
  const buttons = [...form.querySelectorAll("[type=submit]")];
  const left = buttons.filter((button) => !button.disabled); // the others stay so
  const lock = (is) => left.forEach((button) => (button.disabled = is));
  const hint = name.textContent;

  // The input covers the box, so dropping works anyway; this only paints the state.
  for (const [type, over] of [
    ["dragenter", true],
    ["dragover", true],
    ["dragleave", false],
    ["drop", false],
  ])
    drop.addEventListener(type, () => drop.classList.toggle("over", over));
  const megabytes = (bytes) =>
    bytes < 1e6 ? `${Math.ceil(bytes / 1e3)}\u00a0kB` : `${(bytes / 1e6).toFixed(1)}\u00a0MB`;
  input.addEventListener("change", () => {
    const file = input.files[0];
    name.textContent = file ? `${file.name}, ${megabytes(file.size)}` : hint;
  });

  const show = (text) => {
    box.hidden = false;
    words.textContent = text;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // To submit or only to check: two buttons, two addresses.
    const other = event.submitter?.getAttribute("formaction");
    const action = other ? new URL(other, location.href).href : form.action;
    const request = new XMLHttpRequest();
    request.open("POST", action);
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      bar.max = sent.total;
      bar.value = sent.loaded;
      show(
        sent.loaded < sent.total
          ? `${megabytes(sent.loaded)} of ${megabytes(sent.total)}`
          : "Received; the file is being looked at.",
      );
    });
    request.addEventListener("load", () => {
      // Accepted: the browser has followed the redirect to the submission's page.
      if (request.status === 200 && request.responseURL !== action) {
        location.assign(request.responseURL);
        return;
      }
      // A refusal is the whole page again, with the sentence in it.
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const errors = page.querySelector("[data-errors]");
      lock(false);
      if (!errors) {
        show("The server refused the upload. Load this page again, and send it again.");
        return;
      }
      form.querySelector("[data-errors]").replaceWith(errors);
      errors.querySelector("[role=alert]")?.focus();
      box.hidden = true;
    });
    request.addEventListener("error", () => {
      lock(false);
      show("The connection broke before the file had arrived. Nothing was charged: send it again.");
    });
    lock(true);
    bar.removeAttribute("value");
    show("Starting");
    request.send(new FormData(form));
  });
})();
