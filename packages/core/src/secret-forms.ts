/** What is shorter cannot be told from ordinary text. */
export const SHORTEST: number = 4;
/** In base64 a short value would look like much else, and so would a member of a value that is JSON. */
const SHORTEST_ENCODED = 8;
/** What is longer is looked for only as it is, in JSON, and in base64 from its first byte on. */
const LONGEST_ENCODED = 65_536;
/** What is longer is looked for in pieces of this length, so that each place of a text takes a bounded time. */
export const LONGEST_FORM: number = 512;
/** Lines and members, of one value. */
const MOST_PARTS = 1000;

/** A value as it may stand in text, and the parts of it that are secret by themselves. */
export function formsOf(value: string): readonly string[] {
  const trimmed = value.trim();
  // What is found without the white space around it is also found with it.
  const whole = trimmed.length < SHORTEST ? value : trimmed;
  const texts = new Set([whole]);
  for (const part of partsOf(whole)) {
    if (texts.size > MOST_PARTS) break;
    texts.add(part);
  }
  const forms = new Set<string>();
  for (const text of texts) {
    for (const form of encodingsOf(text)) {
      if (form.length <= LONGEST_FORM) forms.add(form);
      else {
        for (let at = 0; at + LONGEST_FORM <= form.length; at += LONGEST_FORM) {
          forms.add(form.slice(at, at + LONGEST_FORM));
        }
        forms.add(form.slice(-LONGEST_FORM));
      }
    }
  }
  return [...forms];
}

/** The lines of a value, and of one that is JSON the texts in it: whoever is given it takes it apart. */
function* partsOf(value: string): Generator<string> {
  const leaves = leavesOf(value);
  // A short line of JSON is rather of the form than of the content.
  yield* linesOf(value, leaves.length > 0 ? SHORTEST_ENCODED : SHORTEST);
  for (const leaf of leaves) {
    if (leaf.length >= SHORTEST_ENCODED) yield leaf;
    yield* linesOf(leaf, SHORTEST);
  }
}

/** The lines of a text that has several, but none that is only punctuation or the name of what follows. */
function* linesOf(text: string, shortest: number): Generator<string> {
  const lines = text.split(/\r\n|[\n\r]/, LONGEST_ENCODED);
  if (lines.length === 1) return;
  for (const line of lines) {
    const part = line.trim();
    if (part.length >= shortest && /[\p{L}\p{N}]/u.test(part) && !/^[\w.-]+:$/.test(part)) yield part;
  }
}

function leavesOf(value: string): readonly string[] {
  if (!/^[{[]/.test(value)) return [];
  const leaves: string[] = [];
  try {
    JSON.parse(value, (_, leaf: unknown) => {
      if (typeof leaf === 'string') leaves.push(leaf);
      return undefined;
    });
  } catch {
    // It only looks like JSON: the whole is all there is.
  }
  return leaves;
}

/** A value as it may stand in text, JSON, a URL, or base64. */
function encodingsOf(value: string): ReadonlySet<string> {
  const isHuge = value.length > LONGEST_ENCODED;
  const forms = new Set([value]);
  // What has only these characters is the same in JSON and in URLs.
  if (!/^[\w.-]*$/.test(value)) {
    if (isHuge) forms.add(jsonText(value));
    else for (const form of [...inJson(value), ...inUrls(value)]) forms.add(form);
  }
  if (value.length >= SHORTEST_ENCODED) {
    const bytes = Buffer.from(value);
    for (const offset of isHuge ? [0] : [0, 1, 2]) {
      const base64 = base64At(bytes, offset);
      forms.add(base64);
      forms.add(base64.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return forms;
}

function jsonText(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function inJson(value: string): readonly string[] {
  const json = jsonText(value);
  const ascii = json.replaceAll(/[^ -~]/g, escaped);
  return [
    json,
    // JSON within JSON.
    jsonText(json),
    // Go: https://pkg.go.dev/encoding/json#Marshal
    json.replaceAll(/[&<>\u2028\u2029]/g, escaped),
    // Python's ensure_ascii: https://docs.python.org/3/library/json.html#json.dump
    ascii,
    // PHP, with and without JSON_UNESCAPED_UNICODE: https://www.php.net/json_encode
    ascii.replaceAll('/', String.raw`\/`),
    json.replaceAll('/', String.raw`\/`),
    // .NET's default JavaScriptEncoder: https://learn.microsoft.com/dotnet/api/system.text.encodings.web
    json.replaceAll(/\\.|[^ -~]|[&'+<>`]/g, (character) => {
      if (character === String.raw`\"`) return String.raw`\u0022`;
      return character.length > 1 ? character : escaped(character).toUpperCase().replace('U', 'u');
    }),
  ];
}

function escaped(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0');
}

function inUrls(value: string): readonly string[] {
  // A lone surrogate has no encoding.
  const component = encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
  // RFC 3986, section 2.3.
  const strict = component.replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  // RFC 1738, as forms are written: https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set
  const old = strict.replaceAll('~', '%7E');
  const forms = [
    component,
    strict,
    strict.replaceAll('%2F', '/'),
    strict.replaceAll('%20', '+'),
    old,
    old.replaceAll('%2F', '/'),
    old.replaceAll('%20', '+'),
    old.replaceAll('%20', '+').replaceAll('%2A', '*'),
  ];
  return [...forms, ...forms.map((form) => form.replaceAll(/%../g, (byte) => byte.toLowerCase()))];
}

/** The characters of base64 that bytes alone decide, when `offset` bytes (modulo 3) come before them and any after. */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  return encoded.slice(first, last);
}
