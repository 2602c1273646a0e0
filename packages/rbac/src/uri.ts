const MAX_DECODINGS = 5;

/** Names that every reader takes literally; most are, and need no closer look. */
const PART = String.raw`(?!\.)[\w.~!$'()*+,=:@&-]+`;
const HOST = String.raw`[a-z0-9-]+(?:\.[a-z0-9-]+)*`;
const PLAIN = new RegExp(`^(?:[a-z][a-z0-9+.-]*://(?:${HOST})?(?:/${PART})*|/?${PART}(?:/${PART})*)$`);

const CONTROL = /\p{Cc}/u;
const EMBEDDED_CONTROL = new RegExp(CONTROL, 'gu');
/**
 * Characters whose compatibility form (NFKC) has dots or slashes: a server that normalises makes separators
 * of them.
 */
const DISGUISED = /[\u2024-\u2026\u2100\u2101\u2105\u2106\ufe19\ufe30\ufe52\ufe68\uff0e\uff0f\uff3c]/g;

/**
 * Whether a URI or path can only be read one way: no dot segments, empty segments, backslashes or control
 * characters, and none hidden behind percent-encoding, however often. Only such names may be matched by the
 * glob of an allow rule, because the server may resolve any other to something the glob was not written for
 * (RFC 3986, sections 5.2.4, 7.3).
 */
export function isPlainName(name: string): boolean {
  if (PLAIN.test(name)) return true;
  if (name !== name.trim() || /%(?![0-9a-f]{2})/i.test(name)) return false;
  if (pathOf(name.slice(authorityOf(name)?.end ?? 0)).includes('//')) return false;
  let text = name;
  for (let i = 0; i < MAX_DECODINGS; i += 1) {
    if (CONTROL.test(text) || hasDots(text) || /%(?:2f|5c)/i.test(pathOf(text))) return false;
    // `https://evil.example?.example.com` and `https://example.com@evil.example` (RFC 3986, section 7.6).
    if (/[?#@]/.test(authorityOf(text)?.text ?? '')) return false;
    if (!/%[0-9a-f]{2}/i.test(text)) return true;
    try {
      text = decodeURIComponent(text.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));
    } catch {
      return false;
    }
  }
  return false;
}

function hasDots(text: string): boolean {
  if (text.includes('\\')) return true;
  const shown = text.replaceAll(DISGUISED, (c) => c.normalize('NFKC'));
  if (shown !== text && (shown.includes('\\') || count(shown, '/') !== count(text, '/'))) return true;
  return shown.split(/[/?#]/).some((segment) => dotsOf(segment) !== undefined);
}

/**
 * The dots of `.`, `..`, and of what some file systems and servers reduce to them or to nothing (`.. `, ` `,
 * `..;x`).
 */
function dotsOf(segment: string): string | undefined {
  const name = segment.split(';', 1)[0] ?? '';
  return /^[. ]+$/.test(name) ? name.replaceAll(' ', '') : undefined;
}

function count(text: string, c: string): number {
  return text.split(c).length;
}

function pathOf(text: string): string {
  const end = text.search(/[?#]/);
  return end === -1 ? text : text.slice(0, end);
}

/** What stands between `scheme://` and the next slash. */
function authorityOf(name: string): { readonly text: string; readonly end: number } | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(name);
  if (scheme === null) return undefined;
  const begin = scheme[0].length;
  const slash = name.indexOf('/', begin);
  const end = slash === -1 ? name.length : slash;
  return { text: name.slice(begin, end), end };
}

/**
 * Every form that a server might take a resource name for, itself first: what a deny rule must match.
 * Decoded, dot segments resolved, slashes collapsed, scheme and host in lower case, without query or
 * fragment, without a slash at the end, and as the WHATWG URL parser reads it.
 */
export function formsOf(name: string): readonly string[] {
  const certain = name.includes('://') ? !name.startsWith('file://localhost') : !name.includes(':');
  if (certain && PLAIN.test(name)) return [name];
  const forms = new Set([name]);
  const addAll = (text: string): void => {
    for (const candidate of [text, pathOf(text)]) {
      const form = normalForm(candidate);
      forms.add(form);
      if (form.endsWith('/')) forms.add(form.slice(0, -1));
    }
  };
  addAll(decodedForm(name));
  addAll(decodedForm(pathOf(name)));
  if (URL.canParse(name)) addAll(decodedForm(new URL(name).href));
  return [...forms];
}

/** Fully percent-decoded, leniently, without control characters, and with every disguised separator shown. */
export function decodedForm(name: string): string {
  let text = name;
  for (let i = 0; i < MAX_DECODINGS; i += 1) {
    const decoded = text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
    );
    if (decoded === text) break;
    text = decoded;
  }
  const shown = text.replaceAll(DISGUISED, (c) => c.normalize('NFKC'));
  return shown.replaceAll(EMBEDDED_CONTROL, '').trim().replaceAll('\\', '/');
}

/** What `decodedForm` gives, with one way to write each name. */
export function normalForm(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):(\/*)/i.exec(text);
  if (scheme === null) return resolveDots(text);
  const name = (scheme[1] ?? '').toLowerCase();
  const slashes = scheme[2]?.length ?? 0;
  const rest = text.slice(scheme[0].length);
  if (slashes !== 2) {
    // `file:/x`, `file:///x` and `file:////x` are one file.
    if (name === 'file' || slashes > 2) return `${name}://${resolveDots(`/${rest}`)}`;
    return `${name}:${resolveDots(`${scheme[2] ?? ''}${rest}`)}`;
  }
  const slash = rest.search(/[/?#]/);
  const host = (slash === -1 ? rest : rest.slice(0, slash)).toLowerCase().replace(/^.*@/s, '');
  const path = slash === -1 ? '' : rest.slice(slash);
  return `${name}://${name === 'file' && host === 'localhost' ? '' : host}${resolveDots(path)}`;
}

/** RFC 3986, section 5.2.4, over a path whose slashes are collapsed as file systems do. */
function resolveDots(path: string): string {
  const resolved: string[] = [];
  const parts = path.split('/');
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    const dots = dotsOf(part);
    if (dots !== undefined) {
      if (dots.length > 1) resolved.pop();
      if (last) resolved.push('');
    } else if (part !== '' || last) {
      resolved.push(part);
    }
  }
  return `${path.startsWith('/') ? '/' : ''}${resolved.join('/')}`;
}
