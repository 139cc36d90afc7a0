"""All rooms of a node's web application: which there are, and what each is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_assist.admin.routes import admin
from agent_assist.desk import desk
from agent_assist.desk_pages import DeskPages
from channels.routes import text_settings_room
from core.dispositions import dispositions
from records.routes.agent_time import agent_time_routes
from records.routes.audit import audit_routes
from records.routes.recordings import recording_routes
from records.routes.reports import report_routes
from records.routes.rights import rights_routes
from records.routes.statistics import statistics_routes
from server.ars_parts import phone_room
from server.outward_parts import rest
from server.recording.office import OfficeRecordings
from server.records_parts import OfficeHouse, office
from server.texts_office import TextsOfficeHouse
from server.wall_parts import wall_room
from server.web import Setup
from server.written_parts import texts_room

if TYPE_CHECKING:
    from server.app import Node


def rooms(node: Node, pages: DeskPages, *, frame_ancestors: str) -> tuple[Setup, ...]:
    """Of a node whose parts are all made; nothing is served yet. ``ConfigError`` for hooks that can't be opened."""
    recordings = OfficeRecordings(
        node.recordings.shelf, node.config.recording, node.store, node.store.audit, names=node.house.names
    )
    return (
        node.sign_in.setup,
        desk(node.house, pages),
        admin(node.admin, pages),
        _office(node, recordings),
        _wall(node, pages),
        *phone_room(node.parts, node.config, node.assistant, frame_ancestors=frame_ancestors),
        *texts_room(node.written, node.config),
        _text_settings(node),
        rest(
            node.config,
            node.store,
            node.auth,
            node.outward,
            contacts=node.records.desk,
            sending=node.texts.sending,
            people=node.person_keys,
            statistics=node.statistics,
            recordings=recordings,
        ),
    )


def _office(node: Node, recordings: OfficeRecordings) -> Setup:
    """``/records``: each topic brings its own addresses."""
    return office(
        OfficeHouse(centre=node.config.web.centre, who=node.house.who),
        node.records.desk,
        statistics_routes(node.statistics),
        agent_time_routes(node.statistics),
        report_routes(node.reports, node.statistics),
        recording_routes(recordings),
        *node.outward.tables(),
        rights_routes(node.rights_office),
        audit_routes(node.rights_office),
    )


def _wall(node: Node, pages: DeskPages) -> Setup:
    return wall_room(
        node.config,
        pages,
        house=node.house,
        auth=node.auth,
        store=node.store,
        dispatcher=node.dispatcher,
        calls=node.calls,
        notes=node.supervisor_notes,
        knowing=node.knowing,
        written=node.written.contacts,
        statistics=node.statistics,
        recordings=node.recordings,
        texts=node.texts,
        recorder=node.recorder,
        bridge=node.bridge,
        pools=node.pools,
    )


def _text_settings(node: Node) -> Setup:
    return text_settings_room(
        TextsOfficeHouse(
            store=node.store,
            texts=node.texts,
            parts=node.parts,
            after_call=node.after_call,
            shelves=node.house.shelves,
            results=dispositions(node.config.records.results),
            who=node.house.who,
            names=node.house.names,
        )
    )
