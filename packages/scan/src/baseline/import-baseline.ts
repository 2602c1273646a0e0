import { createHash } from 'node:crypto';
import type { KeepFinding } from '../scan-finding.ts';
import { type BaselineEntry, BaselineError } from './baseline-file.ts';

/** One finding that another scanner was told to ignore. */
export interface ForeignEntry {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** Only in this commit; absent: wherever it stands. */
  readonly commit?: string;
  /** SHA-1 of the credential, where the file has one. Then the line does not count. */
  readonly sha1?: string;
  /** Of the baseline entry; absent where nobody has judged it. */
  readonly reason?: string;
  /** As the file names it, for what could not be taken over. */
  readonly label: string;
}

/** What came of an import. */
export interface Imported {
  readonly entries: readonly BaselineEntry[];
  /** What no finding of ours is: gone, not found by our rules, or written in a way that says too little. */
  readonly left: readonly { readonly label: string; readonly why: string }[];
}

/** Joins what another scanner was told to ignore with what a scan of ours finds. */
export interface BaselineImport {
  /** Given to a scan: keeps what is taken over. */
  readonly keep: KeepFinding;
  result(): Imported;
}

/**
 * Reads a `.gitleaksignore` (by its lines) or a `.secrets.baseline` of detect-secrets (by its JSON).
 *
 * @throws BaselineError where it is neither
 */
export function readForeignBaseline(text: string): readonly ForeignEntry[] {
  return text.trimStart().startsWith('{') ? readDetectSecrets(text) : readGitleaksIgnore(text);
}

/** `[commit:]file:rule:line` in each line, with `#` for comments. */
function readGitleaksIgnore(text: string): readonly ForeignEntry[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const label = line.trim();
    if (label === '' || label.startsWith('#')) return [];
    const read = /^(?:([0-9a-f]{40}|[0-9a-f]{64}):)?(.+):([\w.-]+):(\d{1,9})$/.exec(label);
    if (read === null)
      throw new BaselineError(
        `line ${index + 1} is no entry of a .gitleaksignore; they are written "file:rule:line", or with a commit before it`,
      );
    const [, commit, path = '', , place] = read;
    return [
      {
        path: withSlashes(path),
        line: Number(place),
        ...(commit !== undefined && { commit }),
        reason: 'ignored by .gitleaksignore',
        label,
      },
    ];
  });
}

/** https://github.com/Yelp/detect-secrets: `results` by file, with the SHA-1 of each credential. */
function readDetectSecrets(text: string): readonly ForeignEntry[] {
  const wrong = (): BaselineError =>
    new BaselineError('the file is no .secrets.baseline of detect-secrets: it has no "results" by file');
  let read: { readonly results?: unknown };
  try {
    read = JSON.parse(text) as { readonly results?: unknown };
  } catch {
    throw wrong();
  }
  if (typeof read.results !== 'object' || read.results === null) throw wrong();
  return Object.entries(read.results as Record<string, unknown>).flatMap(([path, items]) => {
    if (!Array.isArray(items)) throw wrong();
    return (items as readonly Record<string, unknown>[]).map((item) => {
      const { type, hashed_secret: sha1, line_number: line, is_secret: isSecret } = item;
      if (typeof sha1 !== 'string' || !/^[0-9a-f]{40}$/.test(sha1)) throw wrong();
      return {
        path: withSlashes(path),
        line: typeof line === 'number' ? line : 0,
        sha1,
        ...(isSecret === false && { reason: 'audited as no secret in .secrets.baseline' }),
        label: `${path}:${typeof line === 'number' ? line : '?'}: ${typeof type === 'string' ? type : 'unknown'}`,
      };
    });
  });
}

export function createBaselineImport(foreign: readonly ForeignEntry[]): BaselineImport {
  const byPath = new Map<string, ForeignEntry[]>();
  for (const entry of foreign) {
    const known = byPath.get(entry.path);
    if (known === undefined) byPath.set(entry.path, [entry]);
    else known.push(entry);
  }
  const met = new Set<ForeignEntry>();
  const entries: BaselineEntry[] = [];
  return {
    keep: (raw, fingerprint) => {
      const there = byPath.get(raw.path);
      if (there === undefined) return false;
      const sha1 = createHash('sha1').update(raw.secret, 'utf8').digest('hex');
      const found = there.filter((entry) =>
        entry.sha1 === undefined
          ? entry.line === raw.line && (entry.commit === undefined || entry.commit === raw.commit?.id)
          : entry.sha1 === sha1,
      );
      for (const entry of found) {
        met.add(entry);
        entries.push({
          fingerprint,
          path: raw.path,
          ...(entry.reason !== undefined && { reason: entry.reason }),
        });
      }
      return found.length > 0;
    },
    result: () => ({
      entries,
      left: foreign
        .filter((entry) => !met.has(entry))
        .map((entry) => ({ label: entry.label, why: whyLeft(entry) })),
    }),
  };
}

function whyLeft({ sha1, commit }: ForeignEntry): string {
  if (sha1 !== undefined) return 'no credential with this hash is found in the file';
  if (commit !== undefined) return 'nothing is found there in this commit; import with --history';
  return 'nothing is found in this line';
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//, '');
}
