"""A visitor's hands on the keyboard alone: Tab, Enter, space and letters."""

MOST = 120  # stops on one page
NAME = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return "";
  const label = it.getAttribute("aria-label") ?? it.labels?.[0]?.innerText;
  return (label ?? it.innerText ?? it.value ?? "").trim();
}"""


def tab_to(page, name: str) -> None:
    """Press Tab until what is called so has the focus, and can be seen to have it."""
    passed = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(NAME))
        if any(line.startswith(name) for line in passed[-1].splitlines()):
            assert_visible(page, name)
            return
    raise AssertionError(f"{name!r} is not reached by Tab: {passed}")


def assert_visible(page, name: str) -> None:
    """The focus has an outline, and lies inside the window."""
    seen = page.evaluate(
        """() => {
          const it = document.activeElement, box = it.getBoundingClientRect();
          const ring = getComputedStyle(it);
          const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
          return [inside, ring.outlineStyle !== "none" || it.type === "file"];
        }"""
    )
    assert seen == [True, True], (name, seen)


def press(page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def write(page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)
