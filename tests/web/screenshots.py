"""Takes the README's pictures: `make screenshots`.

Of the seed article, which is real, and of invented articles: nobody has words put into their mouth.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

from pipeline.actors.register import of_settings
from pipeline.elastic import connect
from pipeline.index import Writer
from pipeline.index.actors import ActorIndex
from pipeline.ingest import ingest
from pipeline.localnode import LocalNode
from pipeline.settings import Settings
from pipeline.whoswho import update
from tests.web.articles import articles
from tests.web.conftest import SEEDS, serving

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def main() -> None:
    """Write every picture anew."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, LocalNode(Path(home) / "node", port=0) as node:
        settings = Settings(elasticsearch_url=node.url, home=Path(home), web_requests_per_minute=0)
        ingest([str(SEEDS)], settings)
        client = connect(settings)
        Writer(client, settings, generation=1).write(list(articles()))
        client.indices.refresh(index=f"{settings.index_prefix}*")
        update(ActorIndex(client, settings), of_settings(settings))
        client.indices.refresh(index=f"{settings.index_prefix}*")
        with serving(settings) as url:
            _take(url)


def _take(url: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        open_ = cache(lambda scheme, phone: chromium.new_context(
            base_url=url, color_scheme=scheme, viewport=PHONE if phone else WIDE,
            device_scale_factor=2 if phone else 1,
        ).new_page())  # fmt: skip

        def take(name: str, path: str, scheme: str = "light", *, phone: bool = False) -> None:
            page = open_(scheme, phone)
            page.goto(path)
            if "article" in name:
                page.locator("a.headline").first.click()
                page.locator(".text").wait_for()
                page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=IMAGES / f"{name}.png")

        take("search", "/?said=winter+|+summit&sort=date")
        take("speaker", "/speaker?name=Irena+Kostovic")
        take("article", '/?said="last+mine"')
        take("article-dark", '/?said="last+mine"', "dark")
        take("phone", "/?said=winter", phone=True)
        chromium.close()
    for picture in sorted(IMAGES.glob("*.png")):
        print(f"{picture.stat().st_size / 1000:6.0f} kB  {picture.relative_to(IMAGES.parents[1])}")


if __name__ == "__main__":
    main()
