// Small comforts of every page. Each page works without this file.
(() => {
  // On a narrow screen the tab row scrolls: bring the current tab into view.
  const tabs = document.querySelector(".tabs");
  const tab = tabs?.querySelector("[aria-current]");
  if (tab) tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;

  // Filters start folded, and open where they have a column of their own.
  if (matchMedia("(min-width: 62rem)").matches)
    document.querySelector(".filter-fold")?.setAttribute("open", "");

  // A slash goes to the search box, from anywhere but a field.
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const box = document.querySelector("[data-search-key]");
    if (!box?.checkVisibility()) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  // Escape or a click elsewhere closes a menu; a message can be put away.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(".menu[open]")) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".menu[open]"))
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    event.target.closest("[data-dismiss]")?.closest(".toast, .note")?.remove();
  });

  // The server prints a countdown's words; this keeps them fresh.
  const tick = () => {
    for (const time of document.querySelectorAll("time[data-countdown]")) {
      const minutes = Math.floor((new Date(time.dateTime) - Date.now()) / 60000);
      if (minutes < 0) continue; // the server knows what comes after
      time.textContent =
        minutes >= 2880
          ? `${Math.floor(minutes / 1440)}\u00a0d ${Math.floor((minutes % 1440) / 60)}\u00a0h`
          : `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
    }
  };
  setInterval(tick, 60000);
})();
