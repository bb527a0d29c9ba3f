// Copy buttons: shown only where script runs, for they do nothing without it.
(() => {
  const show = () => {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  };
  show();
  document.addEventListener("htmx:afterSwap", show);

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.querySelector(button.dataset.copy);
    const word = button.querySelector("span");
    const was = word.textContent;
    try {
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      word.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source); // not a secure page: select it instead
      word.textContent = "Selected";
    }
    setTimeout(() => (word.textContent = was), 1600);
  });
})();
