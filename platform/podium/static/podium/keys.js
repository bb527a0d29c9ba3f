// What went wrong with a key, in a sentence; and buttons that only script can serve.
(() => {
  const words = {
    NotAllowedError: "No key answered in time, or you cancelled. Try it again.",
    InvalidStateError: "This key is already registered with your account.",
    NotSupportedError: "This browser cannot use such a key.",
    SecurityError: "Keys work only over HTTPS and at this site's own name.",
    AbortError: "The question for a key was cancelled. Try it again.",
  };

  for (const button of document.querySelectorAll("[data-needs-keys]"))
    button.hidden = !window.PublicKeyCredential;

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const note = document.querySelector("[data-key-error]");
    const error = event.detail.exception;
    note.querySelector("p").textContent =
      words[error?.name] ?? "The key could not be used. Load the page again, and try once more.";
    note.hidden = false;
    note.scrollIntoView({ block: "nearest" });
  });
})();
