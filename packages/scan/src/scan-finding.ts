import type { EntityName, Severity } from '@sallyport/detection/secrets';

/** Where the text that was scanned comes from. */
export type ScanSource = 'tree' | 'staged' | 'range' | 'history' | 'stdin' | 'archive';

/** The commit that a line was added by. */
export interface ScanCommit {
  /** Its full object name, 40 or 64 hexadecimal digits. */
  readonly id: string;
  /** Name of its author, as git has it. */
  readonly author?: string;
  /** When it was committed, ISO 8601 with its offset. */
  readonly date: string;
}

/** One credential that was found. It never holds the credential. */
export interface ScanFinding {
  /** The id of the rule, as `SECRETS.md` of `@sallyport/detection` lists it. */
  readonly rule: string;
  readonly entity: EntityName;
  readonly severity: Severity;
  /** From 0 to 1: how sure the rule is. */
  readonly score: number;
  /** Whether the checksum or structure of the value holds; absent where its kind has none. */
  readonly validated?: boolean;
  /**
   * With `/` between its parts, relative to the root of the scan. A file in an archive has `!/` after the path of the
   * archive: `dist/app.zip!/config.json`.
   */
  readonly path: string;
  /** From 1. Of a commit: the line in the file as that commit left it. */
  readonly line: number;
  /** From 1, in UTF-16 code units, as editors and SARIF count. */
  readonly column: number;
  readonly endLine: number;
  /** The column after the last unit. */
  readonly endColumn: number;
  /** Of the first byte of the credential in the file, from 0; absent where it stands in a diff or was encoded. */
  readonly byteOffset?: number;
  /** How it was encoded in the text, outermost first; the place is that of the encoded span. Absent where it was not. */
  readonly encoded?: readonly Encoding[];
  /** `v1:<rule>:<32 hexadecimal digits of the SHA-256 of the credential>`: the same wherever it stands. */
  readonly fingerprint: string;
  /** The line, 120 units at most, with every credential in it replaced. */
  readonly excerpt: string;
  readonly source: ScanSource;
  /** Of `range` and `history`: the oldest commit in the scan that has it there. */
  readonly commit?: ScanCommit;
}

export type Encoding = 'base64' | 'hex' | 'percent';

/**
 * A finding before it is reported, with what suppression has to see. It lives in memory only, between the scan of a file
 * and the answer of `keep`; nothing may write, log or retain its `secret` and `lines`.
 */
export interface RawFinding extends Omit<ScanFinding, 'fingerprint'> {
  /** The credential itself. */
  readonly secret: string;
  /** The text of the line that it begins in; of a line over 2,048 units, the part around it. */
  readonly lineText: string;
  /** Where the credential begins in `lineText`. */
  readonly start: number;
  /** Where it ends there; the length of `lineText` where it goes on in the next line. */
  readonly end: number;
  /** The line before, cut to its last 2,048 units; absent in the first line, and where a diff does not show it. */
  readonly lineBefore?: string;
}

/** Whether a finding is reported. Asked once for each, in the order of path, line and column. */
export type KeepFinding = (raw: RawFinding, fingerprint: string) => boolean;

/** Why a file, or a part of it, was not scanned. */
export type ProblemReason =
  /** Over `maxFileBytes`, or over the budget of an archive. */
  | 'too_large'
  /** No permission, or an error of the disk. */
  | 'unreadable'
  /** It was listed and is gone. */
  | 'vanished'
  /** A FIFO, a socket, a device. */
  | 'not_a_file'
  /** A symbolic link that leads out of the root, to itself, or nowhere. */
  | 'symlink'
  /** Its name is no UTF-8; it is scanned, and its path is shown with replacement characters. */
  | 'odd_path'
  /** A submodule that is not checked out, or that was left out. */
  | 'submodule'
  /** An archive that cannot be read, or is deeper than two. */
  | 'archive'
  /** The history ends where the clone was cut off. */
  | 'shallow'
  /** What git said, without what it read. */
  | 'git'
  /** There was nothing to scan. */
  | 'nothing';

/** Something that was not scanned and should have been, or that the reader has to know. */
export interface ScanProblem {
  /** As in `ScanFinding`, control characters escaped; empty where it is about no file. */
  readonly path: string;
  readonly why: ProblemReason;
  /** What happened and what to do, in a sentence. It holds nothing of a file's content. */
  readonly message: string;
  /** The scan is not complete: exit code 2. `false` is a remark. */
  readonly fatal: boolean;
}

export interface ScanSummary {
  /** Files, or blobs of a history, that were scanned. */
  readonly files: number;
  /** Bytes of these. */
  readonly bytes: number;
  /** Commits that were read; 0 where no history was. */
  readonly commits: number;
  /** Files that were left out on purpose, by reason. */
  readonly skipped: Readonly<Record<SkipReason, number>>;
  readonly findings: number;
  /** Findings that `keep` did not want. */
  readonly suppressed: number;
  readonly problems: number;
  /** Wall time in milliseconds. */
  readonly ms: number;
  /** It was aborted: what was found so far is all there is. */
  readonly aborted: boolean;
}

/** `binary`: a NUL byte in the first 8 KB and no UTF-16. `ignored`: by a .gitignore, an exclude file, or an option. */
export type SkipReason = 'binary' | 'ignored' | 'empty';

/** What `scan` tells while it runs. The findings come last, sorted by path, line and column. */
export type ScanEvent =
  | {
      readonly type: 'progress';
      readonly files: number;
      readonly bytes: number;
      /** How many there are, once all have been listed. */
      readonly totalFiles?: number;
      readonly totalBytes?: number;
    }
  | { readonly type: 'problem'; readonly problem: ScanProblem }
  | { readonly type: 'finding'; readonly finding: ScanFinding }
  | { readonly type: 'summary'; readonly summary: ScanSummary };
