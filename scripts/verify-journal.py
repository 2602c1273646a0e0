#!/usr/bin/env python3
"""Verifies a Sallyport audit journal, independently of Sallyport: Python 3.8 or later and nothing else.

    verify-journal.py journal FOLDER KEY...    every frame, link, checkpoint and root; prints what it found
    verify-journal.py proof FILE KEY...        an inclusion proof, as exported by "prove"

KEY is a verifier key, name+id+base64. Exit code 0 when all is well, 1 when it is not, 2 for wrong usage.
Format of the files: packages/audit/src/journal/FORMAT.md, on RFC 6962 (tree), c2sp.org/signed-note and
c2sp.org/tlog-checkpoint (checkpoints), RFC 8032 (Ed25519).
"""
import base64, hashlib, itertools, json, os, re, struct, sys

sha256 = lambda data: hashlib.sha256(data).digest()

# Ed25519 as in RFC 8032, section 6, with points in extended coordinates. Public data only: it need not be constant in time.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

def plus(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, d - c, d + c, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)

def times(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1: result = plus(result, point)
        point, n = plus(point, point), n >> 1
    return result

def decode_point(data):
    y = int.from_bytes(data, 'little')
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P: raise ValueError('point')
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P: x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign): raise ValueError('point')
    if x & 1 != sign: x = P - x
    return (x, y, 1, x * y % P)

BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, 'little'))

def ed25519(public, message, signature):
    s = int.from_bytes(signature[32:], 'little')
    if len(signature) != 64 or s >= L: return False
    try: key, r = decode_point(public), decode_point(signature[:32])
    except ValueError: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), 'little') % L
    a, b = times(s, BASE), plus(r, times(h, key))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0

class Wrong(Exception): pass

def need(holds, what):
    if not holds: raise Wrong(what)

def parse_key(text):
    name, key_id, encoded = text.split('+', 2)
    typed = base64.b64decode(encoded)
    need(len(typed) == 33 and typed[0] == 1 and sha256(name.encode() + b'\n' + typed)[:4].hex() == key_id, 'not a key')
    return (name, key_id), typed[1:]

def open_note(note, keys):
    """The text of a note that one of the keys signed."""
    text, _, signatures = note.rpartition('\n\n')
    good = False
    for line in signatures.splitlines():
        dash, name, encoded = line.split(' ')
        data = base64.b64decode(encoded, validate=True)
        public = keys.get((name, data[:4].hex()))
        if dash != '\u2014' or public is None: continue
        need(ed25519(public, (text + '\n').encode(), data[4:]), 'signature')
        good = True
    need(good, 'unknown key')
    return text + '\n'

def open_checkpoint(note, keys):
    origin, size, root = open_note(note, keys).split('\n')[:3]
    need(re.fullmatch('0|[1-9][0-9]*', size), 'size')
    return origin, int(size), base64.b64decode(root, validate=True)

class Tree:
    """Roots of the full subtrees, from the left, each with its number of leaves: a compact range."""
    def __init__(self): self.size, self.roots = 0, []
    def add(self, leaf):
        count, self.size = 1, self.size + 1
        while self.roots and self.roots[-1][0] == count:
            leaf, count = sha256(b'\1' + self.roots.pop()[1] + leaf), count * 2
        self.roots.append((count, leaf))
    def root(self):
        if not self.roots: return sha256(b'')
        node = self.roots[-1][1]
        for _, left in reversed(self.roots[:-1]): node = sha256(b'\1' + left + node)
        return node
    def load(self, size, nodes):
        bits = [1 << bit for bit in reversed(range(64)) if size >> bit & 1]
        need(len(bits) == len(nodes), 'tree of a head')
        self.size, self.roots = size, list(zip(bits, map(bytes.fromhex, nodes)))

CRC = [0] * 256
for index in range(256):
    value = index
    for _ in range(8): value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    CRC[index] = value

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data: crc = CRC[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF

def frames(file):
    while head := file.read(8):
        length, crc = struct.unpack('<II', head) if len(head) == 8 else (0, 0)
        body = file.read(length) if 0 < length <= 4 << 20 else b''
        need(body and len(body) == length and crc32c(body) == crc, 'frame')
        yield body

LINK = re.compile(rb'\0\{"seq":([0-9]+),"prev":"([0-9a-f]{64})",(?:"head":"([0-9a-f]{64})",)?"(record|journal)":')
# A writer that dies leaves at most so many records without a checkpoint.
MAX_UNSIGNED = 8192

def allowed(entry, origin, keys):
    """Up to which record a journal's own entry allows the beginning to be gone."""
    entry = json.loads(entry)
    if entry['type'] != 'prune': return 0
    need(open_checkpoint(entry['note'], keys)[:2] == (origin + ' prune', entry['first']), 'prune')
    return entry['first']

class Calls:
    """Calls with an attempt and no outcome, as every head but those of old journals tells them."""
    def __init__(self, head=None):
        self.open, self.more = {one['call']: one for one in head['calls']} if head else {}, head['more'] if head else 0
    def entry(self, text):
        if json.loads(text)['type'] == 'open': self.more = 0
    def record(self, text):
        record = json.loads(text)
        if type(record) is not dict: return
        kind, call, principal, detail = map(record.get, ('type', 'call', 'principal', 'detail'))
        if kind == 'event' and record.get('event') == 'attempt_unmatched' and type(detail) is dict:
            kind, call = 'outcome', detail.get('call')
        if kind == 'outcome' and type(call) is str: self.open.pop(call, None)
        needed = {name: record.get(name) for name in ('call', 'time', 'server', 'method')}
        if kind != 'attempt' or not all(type(value) is str for value in needed.values()): return
        subject = principal.get('subject') if type(principal) is dict else None
        told = dict(needed, target=record.get('target'), subject=subject)
        if len(self.open) < 10000: self.open[call] = {name: value for name, value in told.items() if type(value) is str}
        else: self.more += 1
    def agrees(self, head):
        """A head may only count the last ones."""
        calls = list(self.open.values())
        return calls[:len(head['calls'])] == head['calls'] and len(head['calls']) + head['more'] == len(calls) + self.more

def verify(folder, keys):
    calls, carries, binds = None, False, False
    tree, last, origin, first, prunable, signed, count = Tree(), bytes(32), None, 0, 0, 0, 0
    names = sorted(name for name in os.listdir(folder) if re.fullmatch('[0-9]{16}[.]journal', name))
    need(names, 'no journal')
    try:
        for name in names:
            path = os.path.join(folder, name)
            notes = {}
            if os.path.exists(path[:-8] + '.checkpoints'):
                with open(path[:-8] + '.checkpoints', encoding='utf-8') as lines:
                    for line in lines:
                        note = open_checkpoint(json.loads(line)['note'], keys)
                        need(notes.setdefault(note[1], note) == note, 'root')
            with open(path, 'rb') as file:
                reader = frames(file)
                body = next(reader, b'')
                need(body[:1] == b'H', 'head')
                head = json.loads(body[1:])
                if origin is None:
                    tree.load(head['tree']['size'], head['tree']['nodes'])
                    origin, first, last = head['origin'], tree.size, bytes.fromhex(head['prev'])
                same = [node.hex() for _, node in tree.roots] == head['tree']['nodes']
                need(same and int(name[:16]) == tree.size and head['prev'] == last.hex(), 'head')
                need(head['origin'] == origin, 'head')
                begun, vouched = tree.size, sha256(body).hex()
                told = head.get('open')
                need(tree.size or not told or not (told['calls'] or told['more']), 'head')
                need(tree.size or not any(last), 'head')
                need(calls is None or (calls.agrees(told) if told else not carries), 'head')
                calls, carries = Calls(told), carries or bool(told)
                for body in itertools.chain([None], reader):
                    if body is not None:
                        link = LINK.match(body)
                        need(link and int(link[1]) == tree.size and link[2].decode() == last.hex(), 'link')
                        bound = link[3] and link[3].decode()
                        need(bound == vouched or not (bound or binds) if tree.size == begun else not bound, 'head')
                        binds = binds or bool(bound)
                        last = sha256(body)
                        tree.add(last)
                        text = body[link.end():-1]
                        if link[4] == b'journal': prunable = max(prunable, allowed(text, origin, keys))
                        (calls.entry if link[4] == b'journal' else calls.record)(text)
                    if tree.size in notes:
                        need(notes.pop(tree.size) == (origin, tree.size, tree.root()), 'root')
                        signed, count = tree.size, count + 1
                need(not notes, 'truncated')
        need(first <= prunable, 'gap')
        need(count and tree.size - signed <= MAX_UNSIGNED, 'unsigned')
        verdict = 'ok'
    except Wrong as wrong: verdict = str(wrong)
    except (ValueError, KeyError, TypeError, AttributeError): verdict = 'malformed'
    root = base64.b64encode(tree.root()).decode()
    return dict(verdict=verdict, origin=origin, first=first, size=tree.size, root=root, signed=signed, checkpoints=count)

def verify_proof(proof, keys):
    """RFC 9162, section 2.1.3.2."""
    origin, size, root = open_checkpoint(proof['checkpoint'], keys)
    body = b'\0' + proof['record'].encode()
    index, node, link = proof['index'], sha256(body), LINK.match(body)
    need(link and int(link[1]) == index and 0 <= index < size, 'link')
    at, end = index, size - 1
    for sibling in map(bytes.fromhex, proof['path']):
        need(end, 'path')
        if at & 1 or at == end:
            node = sha256(b'\1' + sibling + node)
            while not at & 1 and at: at, end = at >> 1, end >> 1
        else: node = sha256(b'\1' + node + sibling)
        at, end = at >> 1, end >> 1
    need(end == 0 and node == root, 'path')
    return dict(verdict='ok', origin=origin, index=index, size=size)

def main(arguments):
    if len(arguments) < 3 or arguments[0] not in ('journal', 'proof'):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        keys = dict(map(parse_key, arguments[2:]))
        if arguments[0] == 'journal': found = verify(arguments[1], keys)
        else:
            with open(arguments[1], encoding='utf-8') as file: found = verify_proof(json.load(file), keys)
    except Wrong as wrong: found = dict(verdict=str(wrong))
    except (ValueError, KeyError, TypeError): found = dict(verdict='malformed')
    print(json.dumps(found))
    return 0 if found['verdict'] == 'ok' else 1

if __name__ == '__main__': sys.exit(main(sys.argv[1:]))
