"""A party's voice: SIP legs on pjsua2, DTMF, prompts."""
