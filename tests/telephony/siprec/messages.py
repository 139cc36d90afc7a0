"""Bodies of recording INVITEs in the shapes that recording clients send, written by hand from the RFC and from what the
vendors publish of their formats. Numbers and names are invented.

In each the citizen is 01012345678 and the agent 2107, whose calls a hotline number 120 brings.
"""

from __future__ import annotations

CITIZEN, AGENT = "01012345678", "2107"


def sdp(*streams: str, between: str = "a=rtpmap:8 PCMA/8000\n") -> str:
    """An offer; a stream is 'PORT LABEL DIRECTION'."""
    lines = "".join(
        f"m=audio {port} RTP/AVP 8\n{between}a={direction}\na=label:{label}\n"
        for port, label, direction in (stream.split() for stream in streams)
    )
    return f"v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\n{lines}"


def body(offer: str, xml: str, boundary: str = "uniqueBoundary", closing: bool = True) -> str:
    """A multipart body."""
    return (
        f"--{boundary}\nContent-Type: application/sdp\n\n{offer}\n"
        f"--{boundary}\nContent-Type: application/rs-metadata+xml\nContent-Disposition: recording-session\n\n{xml}\n"
        + (f"--{boundary}--\n" if closing else "")
    )


def rfc7865(
    *people: tuple[str, str, str, str],
    session: str = "s1",
    mode: str = "complete",
    stopped: bool = False,
    left: frozenset[str] = frozenset(),
) -> str:
    """As RFC 7865 writes it. A participant is (id, aor, name, label of the stream that it sends or '')."""
    stop = "<stop-time>2026-11-26T10:05:00Z</stop-time>" if stopped else ""
    parts = [f'<session session_id="{session}"><start-time>2026-11-26T10:00:00Z</start-time>{stop}</session>']
    for identity, aor, name, label in people:
        gone = "<disassociate-time>2026-11-26T10:04:00Z</disassociate-time>" if identity in left else ""
        parts.append(
            f'<participant participant_id="{identity}"><nameID aor="{aor}"><name xml:lang="ko">{name}</name></nameID>'
            f'</participant><participantsessionassoc participant_id="{identity}" session_id="{session}">'
            f"<associate-time>2026-11-26T10:00:00Z</associate-time>{gone}</participantsessionassoc>"
        )
        if label:
            parts.append(
                f'<stream stream_id="stream-{label}" session_id="{session}"><label>{label}</label></stream>'
                f'<participantstreamassoc participant_id="{identity}"><send>stream-{label}</send>'
                "<associate-time>2026-11-26T10:00:00Z</associate-time></participantstreamassoc>"
            )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<recording xmlns="urn:ietf:params:xml:ns:recording:1">'
        f"<datamode>{mode}</datamode>{''.join(parts)}</recording>"
    )


CISCO_CUBE = rfc7865(
    ("p1", f"sip:{CITIZEN}@10.0.0.9", "", "1"), ("p2", f"sip:{AGENT}@10.0.0.5", AGENT, "2")
)  # no closing boundary, and a third part of ISUP: see test_multipart

ORACLE = f"""<?xml version='1.0' encoding='UTF-8'?>
<recording xmlns='urn:ietf:params:xml:ns:recording'>
  <datamode>complete</datamode>
  <session id="OegxHzZJT/5=="><associate-time>2026-11-26T10:00:00</associate-time>
    <extensiondata xmlns:apkt="http:/acmepacket.com/siprec/extensiondata">
      <apkt:ucid>00FA080018803B69810C6D;encoding=hex</apkt:ucid><apkt:callerOrig>true</apkt:callerOrig>
    </extensiondata></session>
  <participant id="one==" session="OegxHzZJT/5==">
    <nameID aor="sip:0331200120@city.invalid"><name>0331200120</name></nameID><send>st-b==</send>
    <associate-time>2026-11-26T10:00:00</associate-time>
    <extensiondata xmlns:apkt="http://acmepacket.com/siprec/extensiondata">
      <apkt:callingParty>false</apkt:callingParty></extensiondata></participant>
  <participant id="two==" session="OegxHzZJT/5==">
    <nameID aor="sip:{CITIZEN}@10.40.0.15"><name>"홍길동"</name></nameID><send>st-a==</send>
    <associate-time>2026-11-26T10:00:00</associate-time>
    <extensiondata xmlns:apkt="http://acmepacket.com/siprec/extensiondata">
      <apkt:callingParty>true</apkt:callingParty></extensiondata></participant>
  <stream id="st-a==" session="OegxHzZJT/5=="><label>2</label><mode>separate</mode></stream>
  <stream id="st-b==" session="OegxHzZJT/5=="><label>1</label><mode>separate</mode></stream>
</recording>"""
"""The agent's number is neither extension nor hotline, and she sends the first stream: callingParty tells."""

RIBBON = f"""<?xml version="1.0" encoding="UTF-8"?>
<tns:recording xmlns:tns='urn:ietf:params:xml:ns:recording'>
  <tns:datamode>complete</tns:datamode>
  <tns:group group_id="g=="><callData xmlns='urn:ietf:params:xml:ns:callData'>
    <fromhdr>"Kim" &lt;sip:{CITIZEN}@10.0.0.9&gt;;tag=abc</fromhdr>
    <tohdr>&lt;sip:0331200120@10.0.0.5&gt;;tag=def</tohdr><gcid>241205267</gcid></callData></tns:group>
  <tns:session session_id="s=="><tns:group-ref>g==</tns:group-ref></tns:session>
  <tns:participant participant_id="a=="><tns:nameID aor="0331200120@10.0.0.5"><tns:name xml:lang="en"> </tns:name>
    </tns:nameID></tns:participant>
  <tns:participant participant_id="b=="><tns:nameID aor="{CITIZEN}@10.0.0.9"/></tns:participant>
  <tns:stream stream_id="x==" session_id="s=="><tns:label>1</tns:label></tns:stream>
  <tns:stream stream_id="y==" session_id="s=="><tns:label>2</tns:label></tns:stream>
  <tns:participantstreamassoc participant_id="a=="><tns:send>x==</tns:send><tns:recv>y==</tns:recv>
    </tns:participantstreamassoc>
  <tns:participantstreamassoc participant_id="b=="><tns:send>y==</tns:send><tns:recv>x==</tns:recv>
    </tns:participantstreamassoc>
</tns:recording>"""

BROADWORKS = f"""<?xml version="1.0" encoding="UTF-8"?>
<recording_metadata xmlns="urn:ietf:params:xml:ns:siprec"><dataMode>complete</dataMode>
<recording id="urn:uuid:r"><requestor>SRC</requestor><type>selective</type></recording>
<group id="urn:uuid:g" recording="urn:uuid:r"><initiator>sip:haneul@as.city.invalid</initiator></group>
<session id="urn:uuid:s" group="urn:uuid:g"><start-time>2026-11-26T10:00:00+09:00</start-time></session>
<participant id="urn:uuid:p1" session="urn:uuid:s"><aor>haneul@as.city.invalid</aor>
  <send><id>urn:uuid:t1</id></send></participant>
<participant id="urn:uuid:p2" session="urn:uuid:s"><aor>sip:{CITIZEN}@as.city.invalid;user=phone</aor>
  <send><id>urn:uuid:t2</id></send></participant>
<stream id="urn:uuid:t1" session="urn:uuid:s"><label>1</label><mode>separate</mode></stream>
<stream id="urn:uuid:t2" session="urn:uuid:s"><label>2</label><mode>separate</mode></stream>
<extensiondata id="urn:uuid:e" parent="urn:uuid:s">
  <broadWorksRecordingMetadata xmlns="http://schema.broadsoft.com/broadworksCallRecording" version="3.0">
  <extTrackingID>152463:1</extTrackingID><userID>haneul@as.city.invalid</userID>
  <callType><origCall><callingPartyNumber>sip:haneul@as.city.invalid</callingPartyNumber>
  <calledPartyNumber>sip:{CITIZEN}@as.city.invalid;user=phone</calledPartyNumber></origCall></callType>
  <recordingType>on</recordingType></broadWorksRecordingMetadata></extensiondata></recording_metadata>"""
"""An agent without a number, who called: her calls are the recorded ones."""

AUDIOCODES = f"""<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns='urn:ietf:params:xml:ns:recording'><datamode>complete</datamode>
<group id="00000000-0000-0001"><associate-time>2026-11-26T10:00:00Z</associate-time></group>
<session id="0000-0000"><group-ref>00000000-0000-0001</group-ref></session>
<participant id="{AGENT}" session="0000-0000"><nameID aor="{AGENT}@10.0.0.5"></nameID>
<send>00000000-1</send><recv>00000001-1</recv><associate-time>2026-11-26T10:00:00Z</associate-time></participant>
<participant id="{CITIZEN}" session="0000-0000"><nameID aor="{CITIZEN}@10.0.0.9"><name>홍길동</name></nameID>
<send>00000001-1</send><recv>00000000-1</recv><associate-time>2026-11-26T10:00:00Z</associate-time></participant>
<stream id="00000000-1" session="0000-0000"><label>1</label></stream>
<stream id="00000001-1" session="0000-0000"><label>2</label></stream>
<ac:AvayaUCID xmlns:ac="urn:ietf:params:xml:ns:Avaya">FA080019001038F725B3</ac:AvayaUCID></recording>"""

METASWITCH = rfc7865(
    ("cs-1-a", f"tel:+82{CITIZEN[1:]}", "", "0"), ("cs-1-b", "tel:120;phone-context=city.invalid", "민원콜센터", "1")
)
"""tel addresses; the agent's side is the hotline number."""

GENESYS = rfc7865(("0A1", "sip:120@10.0.0.5:5060", "", "1"), ("0A2", "sip:anonymous@anonymous.invalid", "", "2"))
"""The hotline number sends the first stream; the caller withholds hers."""
