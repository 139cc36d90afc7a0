"""Configuration: what is right is read from three places, what is wrong is told with the way out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.config import AgentConfig, Config, describe, load, redacted
from core.config.reference import as_example, as_markdown
from core.config.secrets import HIDDEN
from core.errors import ConfigError

ROOT = Path(__file__).parents[2]
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str) -> Path:
        path = tmp_path / "minwon.toml"
        path.write_text(text, "utf-8")
        return path

    return _write


def complaint(path: Path | None, environ: dict[str, str] | None = None, **overrides: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ or {}, overrides)
    message = str(caught.value)
    assert "\n" not in message, "an advice is one line"
    return message


def test_nothing_given_is_the_defaults_in_the_platforms_folder() -> None:
    config = load(None, {"XDG_DATA_HOME": "/data"})
    assert config == msgspec.structs.replace(Config(), node=msgspec.structs.replace(Config().node, home="/data/minwon"))


def test_file_environment_and_command_line_win_in_this_order(write: Write) -> None:
    path = write('[web]\nport = 1\nhost = "0.0.0.0"\n[log]\nlevel = "debug"\n[node]\ngrace_s = 5\n')
    config = load(path, {"MINWON_WEB_PORT": "2", "MINWON_LOG_LEVEL": "error"}, {"web.port": 3})
    assert (config.web.port, config.web.host, config.log.level, config.node.grace_s) == (3, "0.0.0.0", "error", 5.0)


def test_the_environment_can_say_everything_but_agents() -> None:
    environ = {
        "MINWON_HOME": "/srv/minwon",
        "MINWON_WEB_SECURE_COOKIE": "true",
        "MINWON_SIP_TRANSPORTS": "udp",
        "MINWON_SIP_TRUNKS": "10.0.0.0/8, 192.168.0.0/16",
        "MINWON_SIP_HOTLINE": "",
        "MINWON_SIP_REGISTER_REGISTRAR": "sip:pbx.city.example",
        "MINWON_SIP_REGISTER_USER": "120",
        "MINWON_ASSIST_BAR": "0.5",
        "MINWON_SERVICE_HOST": "written by Kubernetes, not for us",
        "PATH": "/bin",
    }
    config = load(None, environ)
    assert config.node.home == "/srv/minwon"
    assert config.web.secure_cookie is True
    assert config.sip.transports == ("udp",)
    assert config.sip.trunks == ("10.0.0.0/8", "192.168.0.0/16")
    assert config.sip.hotline == ()
    assert config.sip.register is not None
    assert config.sip.register.user == "120"
    assert config.assist.bar == 0.5


def test_every_setting_has_a_working_twin_in_the_environment() -> None:
    """Whatever the reference promises: its variable reaches its key."""
    home, register = (
        {"MINWON_HOME": "/h"},
        {
            "MINWON_SIP_REGISTER_REGISTRAR": "sip:pbx.city.example",
            "MINWON_SIP_REGISTER_USER": "1",
            "MINWON_SIP_TLS_CERTIFICATE_FILE": "/c",
            "MINWON_SIP_TLS_KEY_FILE": "/k",
            "MINWON_OIDC_ISSUER": "https://login.city.example",
            "MINWON_OIDC_CLIENT_ID": "minwon",
            "MINWON_OIDC_ROLES": "staff=agent",
            "MINWON_OIDC_TEAM_CLAIM": "team",
            "MINWON_WEB_PUBLIC_URL": "https://120.city.example",
        },
    )
    for setting in describe():
        if not setting.variable or setting.key.endswith("_file"):
            continue
        value = setting.example if setting.default in (None, "") else setting.default
        value = "x" if value is None else value
        if setting.key == "sip.public_address":
            value = "203.0.113.7"
        if setting.key == "oidc.roles":
            value = ("staff=agent",)  # none is no choice: nobody could sign in
        text = ",".join(value) if isinstance(value, tuple) else str(value).lower() if value is True else str(value)
        environ = {**home, **register, setting.variable: text}
        found: Any = load(None, environ)
        for name in setting.key.split("."):
            found = getattr(found, name)
        if setting.key in {"ars.menu", "ars.prompts"}:
            value = str(Path.cwd() / value)
        assert found == value, setting.key


def test_the_long_name_of_the_home_wins_over_the_short_one() -> None:
    assert load(None, {"MINWON_NODE_HOME": "/long", "MINWON_HOME": "/short"}).node.home == "/long"


def test_agents_come_from_the_file_or_the_command_line(write: Write) -> None:
    path = write('[[agents]]\nid = "haneul"\nname = "김하늘"\nuri = "sip:2107@10.0.0.5"\nstarts = "ready"\n')
    (agent,) = load(path, {}).agents
    assert agent == AgentConfig(id="haneul", name="김하늘", uri="sip:2107@10.0.0.5", starts="ready")
    other = AgentConfig(id="bada", name="이바다")
    assert load(path, {}, {"agents": [other]}).agents == (other,)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[web]\nprot = 1", "'web.prot' is no setting; did you mean 'port'?"),
        ("[wep]\nport = 1", "'wep' is no setting; did you mean 'web'?"),
        ("[sip.register]\nregistrat = 1", "'sip.register.registrat' is no setting; did you mean 'registrar'?"),
        ("[sip.register]\nuser = '1'", "'sip.register.registrar' is missing; write for example registrar = \"sip:pbx"),
        ("[[agents]]\nid = 'a'", "'agents[1].name' is missing; write for example name = \"김하늘\""),
        ("[[agents]]\nid = 'a'\nname = 'b'\nphone = '1'", "'agents[1].phone' is no setting"),
        ("[agents]\nid = 'a'", "each written as [[agents]]"),
        ("sip = 5060", "sip must be a table, written as [sip]"),
        ("[web]\nport = 'x'", "web.port: 'x' is not a whole number from 0 to 65535"),
        ("[web]\nport = 70000", "web.port: 70000 is not a whole number from 0 to 65535"),
        ("[web]\nsecure_cookie = 1", "web.secure_cookie: 1 is not true or false"),
        ("[stt]\npreroll_ms = 200", "stt.preroll_ms: 200 is not a whole number from 300 to 500"),
        ("[sip]\nring_timeout_s = 0", "sip.ring_timeout_s: 0 is not a number above 0"),
        ("[sip]\ncodecs = ['G729']", "sip.codecs: ['G729'] is not a list, not empty, of PCMA, PCMU"),
        ("[sip]\ntransports = []", "sip.transports: [] is not a list, not empty"),
        ("[log]\nlevel = 'loud'", "log.level: 'loud' is not one of debug, error, info, warning"),
        ("[node]\nname = ''", "node.name: '' is not text, not empty"),
        ("[sip]\ntrunks = ['10.0.0.1/8']", "sip.trunks: '10.0.0.1/8' is no network (10.0.0.1/8 has host bits set)"),
        ("[web]\nmetrics_allow = ['all']", "web.metrics_allow: 'all' is no network"),
        ("[forks]\nnetworks = ['all']", "forks.networks: 'all' is no network"),
        (
            "[forks]\nport = 0\nnetworks = ['10.0.0.0/8']",
            "open to other machines without a proof: set forks.token_file",
        ),
        ("[forks]\ncertificate_file = 'a'", "forks.certificate_file and forks.key_file belong together"),
        ("[forks]\nca_file = 'a'", "forks.ca_file asks for certificates, which needs TLS"),
        ("[sip]\ncaller_id = '120'", "sip.caller_id: '120' is no SIP address; write it as sip:"),
        ("[sip]\npublic_address = 'x'", "sip.public_address: 'x' is no IP address"),
        ("[sip]\nport = 65535", "sip.port 65535 leaves no room for 4 workers: take at most 65532"),
        ("[sip]\nrtp_port = 65200", "sip.rtp_port 65200 leaves no room for 4 workers: take at most 65136"),
        ("[sip]\nrtp_port = 16001", "sip.rtp_port 16001 is odd"),
        ("[sip]\nsession_expires_s = 30", "sip.session_expires_s is 30: RFC 4028 wants at least 90"),
        (
            "[sip.register]\nregistrar = 'sip:p'\nuser = '1'\nusers = ['1', '2']",
            "sip.register.users names 2 users for 4 workers",
        ),
        ("[[agents]]\nid='a'\nname='b'\n[[agents]]\nid='a'\nname='c'", "the id 'a' is there twice"),
        (
            "[[languages]]\nlanguage='en'\nmodel='a'\n[[languages]]\nlanguage='en'\nmodel='b'",
            "languages: 'en' is there twice",
        ),
        (
            "[[languages]]\nlanguage='en'\nmodel='a'\nlines=['1']\n[[languages]]\nlanguage='ja'\nmodel='b'\nlines=['1']",
            "the line '1' is of 'en' and of 'ja'",
        ),
        (
            "[sip]\nhotline=['120']\n[[languages]]\nlanguage='en'\nmodel='a'\nlines=['1120']",
            "the line '1120' of 'en' is not in sip.hotline",
        ),
        (
            "[[agents]]\nid='a'\nname='b'\nuri='sip:1@h'\n[[agents]]\nid='b'\nname='c'\nuri='sip:1@h'",
            "'a' and 'b' have the same phone sip:1@h",
        ),
        ("[[agents]]\nid='a'\nname='b'\nuri='2107'", "uri of agent 'a': '2107' is no SIP address"),
        ("[[agents]]\nid='a'\nname='b'\nstarts='ready'", "'a' starts ready but has no uri"),
        ("[store]\nurl = 'mysql://x'", "store.url is of no known kind"),
        ("[web]\nproxies = ['nginx']", "web.proxies: 'nginx' is no network"),
        ("[web]\npublic_url = '120.city.example'", "web.public_url: '120.city.example' is no address of a site"),
        ("[web]\npublic_url = 'https://city.example/120'", "https://120.city.example, without a path"),
        ("[web]\npublic_url = 'https://city.example/'", "without a path"),
        ("[web]\npublic_url = 'https://u:p@city.example'", "is no address of a site"),
        ("[web]\npublic_url = 'https://city.example:x'", "is no address of a site"),
        ("[web]\npublic_url = 'https://city.example?x=1'", "is no address of a site"),
        ("[web]\npublic_url = 'javascript:alert(1)'", "is no address of a site"),
        ("[sip]\noutbound = 'sip:120@10.0.0.5'", "is no SIP address with {number}; write it as sip:{number}@10.0.0.5"),
        ("[sip]\noutbound = '{number}'", "sip.outbound: '{number}' is no SIP address"),
        ("[sip]\noutbound = 'sip:{number}{number}@h'", "is no SIP address with {number}"),
        ("[sip]\noutbound_numbers = '0(10'", "sip.outbound_numbers: '0(10' is no pattern (missing )"),
        ("[sms]\nsender = '033-120-0120'", "sms.sender: '033-120-0120' must be digits only"),
        ("[sms]\nurl = 'http://sens.example'", "sms.url must be https://host without a path"),
        ("[sms]\nurl = 'https://sens.example/sms/v2'", "sms.url must be https://host without a path"),
        ("[sms]\ngateway = 'sens'", "needs sms.sender, sms.service, sms.access_key, sms.secret_key_file"),
        ("[sms]\ngateway = 'sens'\nsender = '120'\nservice = 's'\naccess_key = 'a'", "needs sms.secret_key_file"),
        ("[sms]\ngateway = 'letter'", "sms.gateway: 'letter' is not one of outbox, sens, smpp"),
        ("[ars]\nvisits = 5", "ars.visits: 5 is not a whole number from 10 to 100000"),
        ("[web\n", "is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_file_key_and_remedy(write: Write, text: str, says: str) -> None:
    path = write(text)
    message = complaint(path)
    assert str(path) in message
    assert says in message


def test_a_missing_or_unreadable_file_is_told(tmp_path: Path) -> None:
    assert "No such file" in complaint(tmp_path / "none.toml")
    (tmp_path / "cp949.toml").write_bytes("[node]\nname = '한빛'".encode("cp949"))
    assert "save it as UTF-8" in complaint(tmp_path / "cp949.toml")


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("MINWON_WEB_PRT", "1", "MINWON_WEB_PRT is no setting; did you mean 'MINWON_WEB_PORT'?"),
        ("MINWON_WEB_PORT", "many", "MINWON_WEB_PORT: 'many' is not a whole number from 0 to 65535"),
        ("MINWON_WEB_SECURE_COOKIE", "ja", "is not true or false"),
        ("MINWON_AGENTS", "a", "agents, languages, peers can be set in the configuration file only"),
        ("MINWON_SIP_REGISTER_USER", "1", "'sip.register.registrar' is missing"),
    ],
)
def test_a_wrong_environment_is_told(variable: str, value: str, says: str) -> None:
    assert says in complaint(None, {variable: value})


@pytest.mark.parametrize("text", ["[[agents]]\nid='a'\nname='b'\npassword_hash = 4711", "[sms]\nsecret_key = 4711"])
def test_wrong_secrets_are_not_repeated(write: Write, text: str) -> None:
    assert "4711" not in complaint(write(text))


@pytest.mark.parametrize("url", ["https://120.city.example", "http://10.0.0.7:8090", "https://[2001:db8::1]:8443"])
def test_an_address_of_a_site_is_taken_as_it_is(write: Write, url: str) -> None:
    assert load(write(f"[web]\npublic_url = '{url}'"), {}).web.public_url == url


def test_files_lie_beside_the_configuration(write: Write, tmp_path: Path) -> None:
    path = write("[ars]\nmenu = 'menus/city.toml'\nprompts = 'voices'\n")
    ars = load(path, {}).ars
    assert (ars.menu, ars.prompts) == (str(tmp_path / "menus/city.toml"), str(tmp_path / "voices"))
    assert load(path, {}, {"ars.menu": "/srv/menu.toml"}).ars.menu == "/srv/menu.toml"
    assert load(path, {"HOME": "/h", "MINWON_ARS_MENU": "~/menu.toml"}).ars.menu == str(
        Path("~/menu.toml").expanduser()
    )


def test_the_sample_menu_and_no_menu_are_no_files(write: Write) -> None:
    assert load(write("[ars]\nmenu = 'hanbit'\n"), {}).ars.menu == "hanbit"
    assert load(write(""), {}).ars.menu == ""


REGISTER = '[sip.register]\nregistrar = "sip:pbx"\nuser = "120"\npassword_file = "sip.secret"\n'


def _secret(folder: Path, name: str, text: str, mode: int = 0o600) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(mode)


def test_passwords_come_from_files_beside_the_configuration(write: Write, tmp_path: Path) -> None:
    _secret(tmp_path, "sip.secret", "s3cret\n")
    _secret(tmp_path, "db.secret", "p@ss/word\n")
    path = write(REGISTER + '[store]\nurl = "postgresql://minwon@db/minwon"\npassword_file = "db.secret"\n')
    config = load(path, {})
    assert config.sip.register is not None
    assert config.sip.register.password == "s3cret"
    assert config.store.url == "postgresql://minwon:p%40ss%2Fword@db/minwon"
    shown = msgspec.json.encode(redacted(config)).decode()
    assert "s3cret" not in shown
    assert "p%40ss" not in shown
    assert f"postgresql://minwon:{HIDDEN}@db/minwon" in shown


SENS = (
    "[sms]\ngateway = 'sens'\nsender = '0331200120'\nservice = 's'\naccess_key = 'a'\nsecret_key_file = 'sens.secret'\n"
)


def test_the_gateways_secret_key_comes_from_its_file_and_is_never_shown(write: Write, tmp_path: Path) -> None:
    _secret(tmp_path, "sens.secret", "t0psecret\n")
    path = write(SENS)
    config = load(path, {})
    assert config.sms.secret_key == "t0psecret"
    assert "t0psecret" not in msgspec.json.encode(redacted(config)).decode()
    assert redacted(config)["sms"]["secret_key"] == HIDDEN
    assert redacted(Config())["sms"]["secret_key"] == ""
    assert "keep secret_key_file" in complaint(path, {"MINWON_SMS_SECRET_KEY": "x"})
    (tmp_path / "sens.secret").chmod(0o644)
    assert "sms.secret_key_file: others may read" in complaint(path)


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("forks", "token"),
        ("mail", "password"),
        ("oidc", "client_secret"),
        ("inbox", "secret"),
        ("inbox", "sinch_secret"),
    ],
)
def test_other_secrets_come_from_their_files_and_are_never_shown(
    write: Write, tmp_path: Path, section: str, name: str
) -> None:
    _secret(tmp_path, "s", "t0psecret\n")
    path = write(f"[{section}]\n{name}_file = 's'\n")
    config = load(path, {})
    assert getattr(getattr(config, section), name) == "t0psecret"
    assert redacted(config)[section][name] == HIDDEN
    assert f"keep {name}_file" in complaint(path, {f"MINWON_{section.upper()}_{name.upper()}": "x"})
    (tmp_path / "s").chmod(0o644)
    assert f"{section}.{name}_file: others may read" in complaint(path)


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("mail", "ca_file"),
        ("oidc", "ca_file"),
        ("smpp", "ca_file"),
        ("keys", "master_file"),
        ("records", "person_key_file"),
        ("outward", "vcon_key_file"),
    ],
)
def test_files_lie_beside_the_configuration_that_names_them(
    write: Write, tmp_path: Path, section: str, name: str
) -> None:
    config = load(write(f"[{section}]\n{name} = 'here'\n[sms]\ngateway = 'outbox'\n"), {})
    assert getattr(getattr(config, section), name) == str(tmp_path / "here")


def test_a_gateway_on_this_machine_may_speak_http(write: Write) -> None:
    assert load(write("[sms]\nurl = 'http://127.0.0.1:8099'\n"), {}).sms.url == "http://127.0.0.1:8099"


def test_password_hashes_are_hidden_too() -> None:
    config = Config(agents=(AgentConfig(id="a", name="b", password_hash="scrypt$abc"), AgentConfig(id="c", name="d")))
    assert [agent["password_hash"] for agent in redacted(config)["agents"]] == [HIDDEN, ""]


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_password_file_that_others_may_read_is_refused(write: Write, tmp_path: Path, mode: int) -> None:
    _secret(tmp_path, "sip.secret", "s3cret", mode)
    message = complaint(write(REGISTER))
    assert f"chmod 600 {tmp_path / 'sip.secret'}" in message
    assert "s3cret" not in message


@pytest.mark.parametrize(
    ("content", "says"), [(None, "No such file"), (" \n", "is empty"), (b"\xff\xfe", "not UTF-8 text")]
)
def test_a_password_file_that_is_no_use_is_told(
    write: Write, tmp_path: Path, content: str | bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / "sip.secret").write_bytes(content if isinstance(content, bytes) else content.encode())
        (tmp_path / "sip.secret").chmod(0o600)
    assert says in complaint(write(REGISTER))


def test_a_password_in_two_places_is_refused(write: Write, tmp_path: Path) -> None:
    _secret(tmp_path, "p", "x")
    assert "keep password_file" in complaint(write(REGISTER + 'password = "y"\n'))
    store = '[store]\nurl = "postgresql://u:y@db/x"\npassword_file = "p"\n'
    assert "no password in store.url" in complaint(write(store))


def test_every_setting_has_a_sentence() -> None:
    silent = [setting.key for setting in describe() if not setting.meaning.endswith(".")]
    assert silent == []


def test_the_reference_is_up_to_date() -> None:
    remedy = "run: python -m core.config"
    assert (ROOT / "docs/configuration.md").read_text("utf-8") == as_markdown(), remedy
    assert (ROOT / "docs/minwon.example.toml").read_text("utf-8") == as_example(), remedy


def test_the_example_loads_as_it_is_and_with_everything_taken_in(write: Write, tmp_path: Path) -> None:
    example = as_example()
    assert load(write(example), {"XDG_DATA_HOME": "/d"}) == load(None, {"XDG_DATA_HOME": "/d"})
    whole = "\n".join(line.removeprefix("# ") for line in example.splitlines()[2:])
    config = load(write(whole), {})
    keys = {setting.key for setting in describe()}
    given = tomllib.loads(whole)
    found = {f"{table}.{key}" for table, values in given.items() if isinstance(values, dict) for key in values}
    assert len(keys) == len(describe())
    assert found - {"sip.register", "sip.tls"} == {
        key for key in keys if key.count(".") == 1 and not key.startswith(("agents", "languages", "peers"))
    }
    assert config.agents[0].id == "haneul"
    assert config.peers[0].name == "cucm"
    assert config.sip.register is not None
