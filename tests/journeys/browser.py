"""A Chromium for browser tests: it notes every error that a page makes."""

import shutil
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Visitor:
    """One person with a browser window; `errors` is what went wrong in it."""

    def __init__(self, page: Page, url: str):
        self.page, self.url, self.errors = page, url, []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        page.on(
            "requestfailed",
            # A page that is left breaks off what it was loading.
            lambda request: (
                self.errors.append(f"failed: {request.url}")
                if request.failure != "net::ERR_ABORTED"
                else None
            ),
        )

    def _note(self, message):
        if message.type in ("error", "warning"):
            self.errors.append(f"{self.page.url}: {message.text}")

    def go(self, path: str):
        return self.page.goto(self.url + path)

    def sign_in(self, username: str, password: str):
        self.go("/accounts/login/")
        self.page.get_by_label("User name or e-mail address").fill(username)
        self.page.get_by_label("Password", exact=True).fill(password)
        button = self.page.locator("main").get_by_role(
            "button", name="Sign in", exact=True
        )
        button.click()
        self.page.get_by_text(f"Your account, {username}").wait_for(state="attached")

    def faults(self) -> list[str]:
        """What axe finds wrong with the page as it is now."""
        found = Axe().run(
            self.page, options={"runOnly": {"type": "tag", "values": RULES}}
        )
        return [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth"
            " - document.documentElement.clientWidth"
        )


@contextmanager
def visitors(url: str, **context):
    """Make visitors, each with a browser profile of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )

        def make(**more) -> Visitor:
            page = browser.new_context(**context | more).new_page()
            page.set_default_timeout(15_000)
            return Visitor(page, url)

        try:
            yield make
        finally:
            browser.close()
