/** One finding that is known, and why it may stay. */
export interface BaselineEntry {
  /** `v1:<rule>:<32 hexadecimal digits>`. */
  readonly fingerprint: string;
  /** Only in this file, relative to the root of the scan. Absent: wherever it stands. */
  readonly path?: string;
  /** Absent where nobody has said. */
  readonly reason?: string;
}

/** A baseline that cannot be used, with the line and what to write instead. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

/** What `baseline create` writes in place of a reason. */
const UNREVIEWED = 'unreviewed';
const HEADER =
  '# Findings that are known: fingerprint, path, and after # the reason. See: sallyport scan baseline --help\n';
const LINE = /^(v1:[a-z0-9][a-z0-9-]{0,127}:[0-9a-f]{32})(?:[ \t]+([^\s#]+))?[ \t]*(?:#(.*))?$/;
const MOST_LINES = 1_000_000;

/**
 * Reads a `.sallyport-baseline`: an entry in each line, in any order; empty lines and lines that begin with `#` say nothing.
 *
 * @throws BaselineError
 */
export function readBaseline(text: string): readonly BaselineEntry[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.length > MOST_LINES) throw new BaselineError(`the baseline has more than ${MOST_LINES} lines`);
  return lines.flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const [, fingerprint, path, comment] = LINE.exec(trimmed) ?? [];
    if (fingerprint === undefined) {
      // A merge conflict, or a line that was wrapped; what stands there is not repeated.
      throw new BaselineError(
        `line ${index + 1} of the baseline is no entry; write it as "v1:<rule>:<32 hex digits> path # reason", or begin it with #`,
      );
    }
    const reason = comment?.trim() ?? '';
    return [
      {
        fingerprint,
        ...(path !== undefined && { path: decodePath(path) }),
        ...(reason !== '' && reason !== UNREVIEWED && { reason }),
      },
    ];
  });
}

/** Sorted, one for each line, so that two branches that add entries seldom meet; the same entries give the same bytes. */
export function writeBaseline(entries: readonly BaselineEntry[]): string {
  const lines = new Map<string, string>();
  for (const { fingerprint, path, reason } of entries) {
    const place = path === undefined ? fingerprint : `${fingerprint} ${encodePath(path)}`;
    const known = lines.get(place);
    if (known !== undefined && known !== UNREVIEWED) continue;
    lines.set(place, reason === undefined ? UNREVIEWED : reasonLine(reason));
  }
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1));
  return HEADER + sorted.map(([place, reason]) => `${place} # ${reason}\n`).join('');
}

/** Two entries about the same have the same key. */
export function keyOfEntry({ fingerprint, path }: BaselineEntry): string {
  return path === undefined ? fingerprint : `${fingerprint} ${path}`;
}

function reasonLine(reason: string): string {
  return reason.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim() || UNREVIEWED;
}

/** Percent-encoded: white space, controls, `#`, `%` and halves of surrogate pairs, which no line could hold. */
function encodePath(path: string): string {
  return path
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    .replaceAll(/[\s#%\p{Cc}]/gu, (unit) => encodeURIComponent(unit));
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // Written by hand, with a percent sign that means itself.
    return path;
  }
}
