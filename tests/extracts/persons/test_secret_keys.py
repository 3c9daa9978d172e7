"""One key for an installation, another derived for each municipality, and none made by looking."""

import os
import stat

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.extracts import pseudonym_key, read_delivery
from analysis.extracts.persons import secret_keys
from analysis.extracts.persons.secret_keys import fingerprint_of, installation_key, keyed_hash, passing_key
from tests.extracts.town import ANNA, BO, FACTS, STAFF, lines, write

CONTACT = '[contact]\nname = "HR"\nemail = "hr@example.org"\n'


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in (secret_keys.KEY_VARIABLE, secret_keys.KEY_FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def described(folder, municipality):
    folder.mkdir()
    (folder / "delivery.toml").write_text(f'[delivery]\nmunicipality = "{municipality}"\n', encoding="utf-8")
    return folder


def test_a_key_is_made_once_outside_the_project_for_its_owner_only(home):
    with pytest.raises(InputError, match="no key for pseudonyms"):
        installation_key(create=False)
    before = os.umask(0)
    try:
        key = installation_key(create=True)
    finally:
        os.umask(before)
    path = home / "config" / "analysis" / "pseudonyms.key"
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert installation_key(create=False) == key


def test_a_municipality_has_one_key_whatever_its_deliveries_are_called_and_another_has_another(home):
    spring, autumn = described(home / "spring", "Sjöbo"), described(home / "autumn", " SJÖBO ")
    other = described(home / "other", "Ystad")
    key = pseudonym_key(spring, create=True)
    assert pseudonym_key(autumn, create=False) == key
    assert pseudonym_key(other, create=False) not in (key, installation_key(create=False))


def test_a_person_has_one_pseudonym_in_every_delivery_of_a_municipality(home):
    found = []
    for name, town in (("spring", "Sjöbo"), ("autumn", "Sjöbo"), ("other", "Ystad")):
        folder = home / name
        write(folder, FACTS.replace("Exempelkommun", town) + STAFF, {"staff.csv": lines(ANNA, BO)})
        found.append(read_delivery(folder, key=pseudonym_key(folder, create=True)).tables["employments"]["person"])
    pd.testing.assert_series_equal(found[0], found[1])
    assert not set(found[0]) & set(found[2])


def test_looking_at_a_delivery_makes_no_key(home):
    town = described(home / "town", "Sjöbo")
    assert passing_key(town) != passing_key(town)
    assert not (home / "config").exists()
    key = pseudonym_key(town, create=True)
    assert passing_key(town) == key


def test_a_key_named_in_the_settings_is_used_and_must_lie_outside_the_project(home):
    project = home / "project"
    project.mkdir()
    town = described(project / "town", "Sjöbo")
    (home / "ours.key").write_text("11" * 32)
    (project / "analysis.toml").write_text(f'{CONTACT}[pseudonyms]\nkey_file = "{home}/ours.key"\n')
    assert installation_key(create=False, root=project) == b"\x11" * 32
    key = pseudonym_key(town, create=False)
    (project / "analysis.toml").write_text(f'{CONTACT}[pseudonyms]\nkey_file = "inside.key"\n')
    with pytest.raises(InputError, match="inside the project"):
        pseudonym_key(town, create=True)
    (project / "analysis.toml").write_text(CONTACT)
    assert pseudonym_key(town, create=True) != key


def test_a_fingerprint_and_a_keyed_hash_tell_keys_apart_and_repeat_neither_key_nor_hash():
    one, other = b"1" * 32, b"2" * 32
    assert fingerprint_of(one) == fingerprint_of(one) != fingerprint_of(other)
    assert fingerprint_of(one) not in one.hex()
    assert keyed_hash("ab" * 32, key=one) not in (keyed_hash("ab" * 32, key=other), "ab" * 32)


@pytest.mark.parametrize(
    ("text", "key"),
    [("00" * 32, b"\0" * 32), ("AAAAAAAAAAAAAAAAAAAAAAAAAAAA", b"\0" * 21), ("en lång hemlig mening", None)],
)
def test_a_key_from_the_environment_is_hexadecimal_base64_or_text(home, monkeypatch, text, key):
    monkeypatch.setenv(secret_keys.KEY_VARIABLE, text)
    assert installation_key(create=False) == (key or text.encode())


def test_a_short_key_is_refused(home, monkeypatch):
    monkeypatch.setenv(secret_keys.KEY_VARIABLE, "kort")
    with pytest.raises(InputError, match="fewer than 16 characters"):
        pseudonym_key(home, create=True)


def test_a_key_beside_the_data_is_refused(home, monkeypatch):
    (home / "delivery.toml").touch()
    (home / "my.key").write_text("00" * 32)
    monkeypatch.setenv(secret_keys.KEY_FILE_VARIABLE, str(home / "my.key"))
    with pytest.raises(InputError, match="inside the project or a delivery"):
        pseudonym_key(home, create=False)
