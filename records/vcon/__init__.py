"""A contact as a vCon: the IETF's container for conversations (draft-ietf-vcon-vcon-core-04, 2026-09-07). Pure."""
