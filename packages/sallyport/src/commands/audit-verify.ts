import { type FoundJournal, visible, visibleJson } from '@sallyport/audit';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { aroundText, type ClosedFolder, closedText, openJournals } from '../audit/open-journals.ts';
import { sightingsIn } from '../audit/sightings.ts';
import { verdictText } from '../audit/verdict-text.ts';
import { type GivenKey, readKeys } from '../audit/verifier-keys.ts';
import {
  type GivenCheckpoint,
  type JournalVerdict,
  originOf,
  readCheckpointFile,
  verifyJournal,
} from '../audit/verify-journals.ts';
import { type Disagreement, disagreements, disagreementText } from '../audit/witnessed.ts';
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
  unsigned: AUDIT_EXIT.unsigned,
  unknown_key: AUDIT_EXIT.unknownKey,
  unreadable: AUDIT_EXIT.unusable,
  torn: AUDIT_EXIT.ok,
  ok: AUDIT_EXIT.ok,
} as const satisfies Readonly<Record<JournalVerdict['verdict'], number>>;

const WORST = Object.keys(EXITS) as readonly JournalVerdict['verdict'][];

/** What was found in a folder. */
interface Report {
  readonly verdicts: readonly JournalVerdict[];
  /** Journals that are not what another one of the folder saw. */
  readonly notAsSeen: readonly Disagreement[];
  /** Checkpoints of journals that are not there. */
  readonly lost: readonly GivenCheckpoint[];
  /** Journals with others below them. */
  readonly around: readonly string[];
}

/**
 * Verifies the journals of a folder, and prints one verdict for each, and whatever one of them saw of another that is not so
 * any more. Returns the exit code of the worst: see `EXITS`; 2 when the options or the folder cannot be used, 141 when nobody
 * reads what is written.
 */
export function auditVerify(options: AuditVerifyOptions): Promise<number> {
  return auditExit(async () => {
    const keys = readKeys(options.key);
    const checkpoints = (options.checkpoint ?? []).map(readCheckpointFile);
    const report = await verifyFolder(options.folder, { keys, checkpoints });
    const found = new Set([...report.verdicts, ...report.notAsSeen].map(({ verdict }) => verdict));
    if (report.lost.length > 0) found.add('truncated');
    const worst = WORST.find((verdict) => found.has(verdict)) ?? 'ok';
    if (options.json === true) print(visibleJson(JSON.stringify(summaryOf(worst, report))));
    else for (const line of textOf(report)) print(line);
    if (options.json !== true && checkpoints.length === 0 && EXITS[worst] === AUDIT_EXIT.ok)
      print(style.dim(CUT_OFF));
    return EXITS[worst];
  });
}

const CUT_OFF =
  'What is cut off at a checkpoint looks whole: give one that was kept elsewhere with --checkpoint.';

async function verifyFolder(
  folder: string,
  { keys, checkpoints }: { keys: readonly GivenKey[]; checkpoints: readonly GivenCheckpoint[] },
): Promise<Report> {
  const { journals, closed, around } = await openJournals(folder);
  const sightings = await withBar(folder, (onProgress) => sightingsIn(journals, onProgress));
  const verdicts: JournalVerdict[] = closed.map(unreadableFolder);
  const used = new Set<GivenCheckpoint>();
  for (const journal of journals) {
    const own = journals.length === 1 ? checkpoints : await checkpointsOf(journal, checkpoints);
    for (const checkpoint of own) used.add(checkpoint);
    const verify = (onProgress: OnProgress): Promise<JournalVerdict> =>
      verifyJournal(journal, { keys, checkpoints: own, onProgress });
    verdicts.push(await withBar(journal.name === '.' ? folder : journal.name, verify));
  }
  const lost = checkpoints.filter((checkpoint) => !used.has(checkpoint));
  const notAsSeen = await disagreements(folder, sightings, { verdicts, closed });
  return { verdicts, notAsSeen, lost, around };
}

type OnProgress = (done: number, total: number) => void;

async function withBar<T>(label: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const progress = new Progress(process.stderr);
  try {
    return await work((done, total) => progress.show(visible(label), done, total));
  } finally {
    progress.clear();
  }
}

function summaryOf(
  verdict: JournalVerdict['verdict'],
  { verdicts, notAsSeen, lost, around }: Report,
): object {
  return {
    verdict,
    journals: verdicts,
    checkpointsWithoutJournal: lost.map(({ file, origin }) => ({ file, origin })),
    notAsSeen,
    journalsAroundOthers: around,
  };
}

function textOf({ verdicts, notAsSeen, lost, around }: Report): readonly string[] {
  return [
    ...verdicts.map(verdictText),
    ...notAsSeen.map(disagreementText),
    ...lost.flatMap(({ file, origin }) => [
      `${visible(file)}: ${style.red('TRUNCATED')}`,
      `  This checkpoint is of a journal that is not here (${visible(origin)}).`,
    ]),
    ...around.map((journal) => style.yellow(aroundText(journal))),
  ];
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

function unreadableFolder(closed: ClosedFolder): JournalVerdict {
  const why = closedText(closed);
  return { journal: closed.name, signers: [], developmentKey: false, verdict: 'unreadable', why };
}
