import { createInterface } from 'node:readline/promises';
import type { BaselineEntry } from '@sallyport/scan';

/** Where somebody can be asked. */
export interface AskReason {
  /** What was typed; undefined when whoever was asked is done. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

export interface AuditSteps {
  readonly questions: AskReason;
  /** What is shown of an entry, and never the credential. */
  readonly describe: (entry: BaselineEntry) => string;
  /** Called after each answer, so that none is lost. */
  readonly save: (entries: readonly BaselineEntry[]) => Promise<void>;
}

/** Asks of each entry without a reason; how many are left without. Nothing typed leaves an entry as it is, `q` all that follow. */
export async function auditEntries(
  entries: readonly BaselineEntry[],
  { questions, describe, save }: AuditSteps,
): Promise<number> {
  const now = [...entries];
  const open = [...now.keys()].filter((index) => now[index]?.reason === undefined);
  let left = open.length;
  try {
    for (const [asked, index] of open.entries()) {
      const entry = now[index] as BaselineEntry;
      const head = `\n${asked + 1} of ${open.length}: ${describe(entry)}\n`;
      const typed = (await questions.ask(`${head}Why may it stay? (Enter: leave it, q: end) `))?.trim();
      if (typed === undefined || typed === 'q') break;
      if (typed === '') continue;
      now[index] = { ...entry, reason: typed };
      left -= 1;
      await save(now);
    }
  } finally {
    questions.close();
  }
  return left;
}

/** The terminal, where standard input and output are one. */
export function terminalQuestions(): AskReason | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and Ctrl-D end the questions; what was answered is saved.
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  return {
    ask: (question) => Promise.race([lines.question(question), closed]),
    close: () => lines.close(),
  };
}
