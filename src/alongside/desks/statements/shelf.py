"""Keeps files of statements in this process, by all that they rest on, so that a long one is drawn once. Bounded."""

from collections import OrderedDict
from threading import Lock

from alongside.core.policy.pack import Pack

#: Bytes of one file that is kept, and of all of them; a PDF of 100 asks has 0.9 MB.
LARGEST, MOST = 6 * 1024 * 1024, 24 * 1024 * 1024

#: The program, its key, the address, the signed head (its note, so that no restored database is taken for another), the last text taken down, the form, the language, the site.
type Key = tuple[int, str, str, str, str, int | None, str, str, str]


class Shelf:
    """Files with the policy pack they were made under; the one that nobody asked for longest goes first."""

    def __init__(self, largest: int = LARGEST, most: int = MOST) -> None:
        self.largest, self.most = largest, most
        self.files: OrderedDict[Key, tuple[Pack, bytes]] = OrderedDict()
        self.lock = Lock()

    def take(self, key: Key, pack: Pack) -> bytes | None:
        """Give the file that was made of this, under this very pack; None where it has to be made."""
        with self.lock:
            found = self.files.get(key)
            if found is None or found[0] is not pack:
                return None
            self.files.move_to_end(key)
            return found[1]

    def put(self, key: Key, pack: Pack, content: bytes) -> None:
        """Keep a file, unless it is too large; let go of others where all of them would be."""
        if len(content) > self.largest:
            return
        with self.lock:
            self.files[key] = (pack, content)
            self.files.move_to_end(key)
            while sum(len(each) for _pack, each in self.files.values()) > self.most:
                self.files.popitem(last=False)
