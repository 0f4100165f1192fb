import pytest

from pipeline.actors.register import Register, load


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return load(cache=tmp_path_factory.mktemp("actors"))
