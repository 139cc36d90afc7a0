"""Read the configuration: file, then environment, then what the command line says; later ones win."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect as types

from core.config.check import check
from core.config.secrets import with_secrets
from core.config.section import SECRET_NAMES, Section
from core.config.sections import SAMPLE_MENU, Config
from core.config.shape import LISTS, Leaf, annotations_of, fields_of, leaves, subsection, wanted
from core.errors import ConfigError
from core.home import platform_folder

_Tree = dict[str, Any]
_OF_LISTS = tuple(f"MINWON_{name.upper()}" for name in LISTS)


def load(path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, Any] | None = None) -> Config:
    """The configuration in force, checked, with passwords read, paths made whole and ``node.home`` filled.

    ``path`` None means no file. ``overrides`` are the command line's, by dotted key (``{"web.port": 0}``); under
    ``agents`` a list of tables or ``AgentConfig``. Raises ``ConfigError``: one line that says where and what to do.
    """
    source = str(path) if path else "configuration"
    tree = _read(path) if path else {}
    _merge_environment(tree, environ, source)
    for key, value in (overrides or {}).items():
        _put(tree, key, msgspec.to_builtins(value), source)
    config = _section(Config, tree, "", source)
    try:
        check(config)
    except ConfigError as fault:
        raise ConfigError(f"{source}: {fault}") from None
    folder = path.absolute().parent if path else Path.cwd()
    config = _with_whole_paths(with_secrets(config, folder), folder)
    if not config.node.home:
        home = str(platform_folder(environ))
        config = msgspec.structs.replace(config, node=msgspec.structs.replace(config.node, home=home))
    return config


def _with_whole_paths(config: Config, folder: Path) -> Config:
    """Files and folders that the configuration names lie beside it; '' and the shipped menu's name are no paths."""

    def whole(name: str) -> str:
        return str(folder / Path(name).expanduser()) if name else ""

    tls = config.sip.tls
    if tls is not None:
        tls = msgspec.structs.replace(
            tls,
            certificate_file=whole(tls.certificate_file),
            key_file=whole(tls.key_file),
            ca_file=whole(tls.ca_file),
        )
    forks = config.forks
    ars = config.ars
    menu = ars.menu if ars.menu == SAMPLE_MENU else whole(ars.menu)
    return msgspec.structs.replace(
        config,
        sip=msgspec.structs.replace(config.sip, tls=tls),
        forks=msgspec.structs.replace(
            forks,
            certificate_file=whole(forks.certificate_file),
            key_file=whole(forks.key_file),
            ca_file=whole(forks.ca_file),
        ),
        smpp=msgspec.structs.replace(config.smpp, ca_file=whole(config.smpp.ca_file)),
        oidc=msgspec.structs.replace(config.oidc, ca_file=whole(config.oidc.ca_file)),
        mail=msgspec.structs.replace(config.mail, ca_file=whole(config.mail.ca_file)),
        records=msgspec.structs.replace(config.records, person_key_file=whole(config.records.person_key_file)),
        outward=msgspec.structs.replace(config.outward, vcon_key_file=whole(config.outward.vcon_key_file)),
        keys=msgspec.structs.replace(config.keys, master_file=whole(config.keys.master_file)),
        recording=msgspec.structs.replace(config.recording, folder=whole(config.recording.folder)),
        ars=msgspec.structs.replace(ars, menu=menu, prompts=whole(ars.prompts)),
        assist=msgspec.structs.replace(config.assist, semantic_model=whole(config.assist.semantic_model)),
    )


def _read(path: Path) -> _Tree:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as fault:
        raise ConfigError(f"cannot read {path} ({fault.strerror}): give another with --config") from fault
    except UnicodeDecodeError as fault:
        raise ConfigError(f"{path} is not UTF-8 text: save it as UTF-8") from fault
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(f"{path} is not TOML: {fault}") from fault


def _merge_environment(tree: _Tree, environ: Mapping[str, str], source: str) -> None:
    twins = {leaf.variable: leaf for leaf in leaves() if leaf.variable}
    home = twins["MINWON_NODE_HOME"]
    sections = tuple(f"MINWON_{field.name.upper()}" for field in msgspec.structs.fields(Config))
    # Sorted, so that MINWON_NODE_HOME comes after, and wins over, its short name MINWON_HOME.
    for variable in sorted(environ):
        leaf = home if variable == "MINWON_HOME" else twins.get(variable)
        if leaf is not None:
            _put(tree, leaf.key, _from_text(leaf, variable, environ[variable]), source)
        elif variable.startswith(_OF_LISTS):
            raise ConfigError(f"{variable}: {', '.join(LISTS)} can be set in the configuration file only")
        elif variable.startswith(tuple(f"{section}_" for section in sections)):
            # Other MINWON_ names may be somebody else's (Kubernetes: MINWON_SERVICE_HOST); these are meant for us.
            raise ConfigError(f"the environment's {variable} is no setting{_nearest(variable, twins)}")


def _from_text(leaf: Leaf, variable: str, text: str) -> Any:
    value: Any = text
    if isinstance(leaf.type, types.VarTupleType):
        value = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return msgspec.to_builtins(msgspec.convert(value, leaf.annotation, strict=False))
    except msgspec.ValidationError:
        shown = "what it holds" if _secret(leaf.key) else f"'{text}'"
        raise ConfigError(f"{variable}: {shown} is not {wanted(leaf.type)}") from None


def _put(tree: _Tree, key: str, value: Any, source: str) -> None:
    *path, last = key.split(".")
    for number, name in enumerate(path, 1):
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            raise ConfigError(f"{source}: [{'.'.join(path[:number])}] must be a table")
    tree[last] = value


def _section(section: type[Section], tree: Any, key: str, source: str) -> Any:
    """Convert a table field by field, so that a complaint can name the very key."""
    if not isinstance(tree, dict):
        raise ConfigError(f"{source}: {key} must be a table, written as [{key}]")
    fields = fields_of(section)
    for name in tree:
        if name not in fields:
            raise ConfigError(f"{source}: '{_join(key, name)}' is no setting{_nearest(name, fields)}")
    given: _Tree = {}
    for name, field in fields.items():
        if name in tree:
            given[name] = _value(section, field, tree[name], _join(key, name), source)
        elif field.required:
            example = next(leaf.examples[0] for leaf in leaves(section) if leaf.key == name)
            raise ConfigError(f"{source}: '{_join(key, name)}' is missing; write for example {name} = \"{example}\"")
    return section(**given)


def _value(section: type[Section], field: types.Field, value: Any, key: str, source: str) -> Any:
    inner = subsection(field.type)
    if inner is not None and key in LISTS:
        if not isinstance(value, list):
            raise ConfigError(f"{source}: {key} must be tables, each written as [[{key}]]")
        return tuple(_section(inner, table, f"{key}[{number}]", source) for number, table in enumerate(value, 1))
    if inner is not None:
        return _section(inner, value, key, source)
    try:
        return msgspec.convert(value, annotations_of(section)[field.name])
    except msgspec.ValidationError:
        shown = "what it holds" if _secret(key) else repr(value)
        raise ConfigError(f"{source}: {key}: {shown} is not {wanted(field.type)}") from None


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _secret(key: str) -> bool:
    return key.rpartition(".")[2] in SECRET_NAMES


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; known here: {', '.join(sorted(known))}"
