"""The verifier a resident or an auditor runs: network and files, and the core; nothing else of ours.

It reads what a record serves under its address (c2sp.org/tlog-tiles), and three things of our own:

GET {ADDRESS}/vkey
    One line of text: the verifier key of the log.

GET {ADDRESS}/texts/{N}.json, where N is the index of the first entry of a full or partial bundle (0, 256, ...)
    The public words of the entries in that bundle, with their salts, as a JSON list of objects:
    {"entry": N, "name": "<the name in that entry>", "sha256": "<64 hex digits>", "salt": "<32 hex digits>", "text": "<the words>"}
    where sha256 = SHA-256(salt || text in UTF-8) stands in that entry of the bundle under that name. A copy may
    leave `entry` and `name` out, both. Words that were taken down are left out; a text.erased entry says so. A bundle whose entries have no words may have no such file.
    The words of one entry fill 500,000 bytes there at most.

GET {ADDRESS}/rules/{SHA256}.json
    What people read in the rules that a policy.adopted entry of grammar 3 or newer names by that SHA-256: a JSON object with one
    member for each of the entry's `parts`, whose canonical JSON has the SHA-256 that stands there.
"""
