import { type FoundJournal, visible, visibleJson } from '@sallyport/audit';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { openJournals } from '../audit/open-journals.ts';
import { verdictText } from '../audit/verdict-text.ts';
import { readKeys } from '../audit/verifier-keys.ts';
import {
  type GivenCheckpoint,
  type JournalVerdict,
  originOf,
  readCheckpointFile,
  verifyJournal,
} from '../audit/verify-journals.ts';
import { Progress } from '../redact/progress.ts';
import { print, style } from '../terminal.ts';

export interface AuditVerifyOptions {
  readonly folder: string;
  /** Verifier keys, public keys, or files of them. */
  readonly key: readonly string[];
  /** Files with signed notes that were kept elsewhere. */
  readonly checkpoint?: readonly string[];
  readonly json?: boolean;
}

/** The worst first, with its exit code. */
const EXITS = {
  tampered: AUDIT_EXIT.tampered,
  gap: AUDIT_EXIT.gap,
  truncated: AUDIT_EXIT.truncated,
  unknown_key: AUDIT_EXIT.unknownKey,
  unreadable: AUDIT_EXIT.unusable,
  torn: AUDIT_EXIT.ok,
  ok: AUDIT_EXIT.ok,
} as const satisfies Readonly<Record<JournalVerdict['verdict'], number>>;

const WORST = Object.keys(EXITS) as readonly JournalVerdict['verdict'][];

/** Verifies the journals of a folder, and prints one verdict for each. Returns the exit code of the worst one. */
export function auditVerify(options: AuditVerifyOptions): Promise<number> {
  return auditExit(async () => {
    const keys = readKeys(options.key);
    const checkpoints = (options.checkpoint ?? []).map(readCheckpointFile);
    const { journals, closed } = await openJournals(options.folder);
    const verdicts: JournalVerdict[] = closed.map(unreadableFolder);
    const used = new Set<GivenCheckpoint>();
    for (const journal of journals) {
      const own = journals.length === 1 ? checkpoints : await checkpointsOf(journal, checkpoints);
      for (const checkpoint of own) used.add(checkpoint);
      const progress = new Progress(process.stderr);
      const label = journal.name === '.' ? options.folder : journal.name;
      const onProgress = (done: number, total: number): void => progress.show(visible(label), done, total);
      verdicts.push(await verifyJournal(journal, { keys, checkpoints: own, onProgress }));
      progress.clear();
    }
    const lost = checkpoints.filter((checkpoint) => !used.has(checkpoint));
    const found = new Set(verdicts.map(({ verdict }) => verdict));
    const worst = WORST.find((verdict) => found.has(verdict) || (verdict === 'truncated' && lost.length > 0));
    if (options.json === true) {
      const lostFrom = lost.map(({ file, origin }) => ({ file, origin }));
      const summary = { verdict: worst, journals: verdicts, checkpointsWithoutJournal: lostFrom };
      print(visibleJson(JSON.stringify(summary)));
    } else {
      for (const verdict of verdicts) print(verdictText(verdict));
      if (checkpoints.length === 0 && EXITS[worst ?? 'ok'] === AUDIT_EXIT.ok)
        print(
          style.dim(
            'What is cut off at a checkpoint looks whole: give one that was kept elsewhere with --checkpoint.',
          ),
        );
      for (const { file, origin } of lost) {
        print(`${visible(file)}: ${style.red('TRUNCATED')}`);
        print(`  This checkpoint is of a journal that is not here (${visible(origin)}).`);
      }
    }
    return EXITS[worst ?? 'ok'];
  });
}

/** Among several journals a checkpoint belongs to the one of its origin. */
async function checkpointsOf(
  { folder }: FoundJournal,
  checkpoints: readonly GivenCheckpoint[],
): Promise<readonly GivenCheckpoint[]> {
  if (checkpoints.length === 0) return [];
  const own = await originOf(folder);
  return checkpoints.filter(({ origin }) => origin === own);
}

function unreadableFolder(journal: string): JournalVerdict {
  const why = 'permission denied; read it as who wrote it';
  return { journal, signers: [], developmentKey: false, verdict: 'unreadable', why };
}
