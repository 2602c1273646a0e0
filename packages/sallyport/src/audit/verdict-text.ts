import { visible } from '@sallyport/audit';
import { style } from '../terminal.ts';
import type { JournalVerdict } from './verify-journals.ts';

/** What was found about one journal, for people: a headline, and below it what it means. */
export function verdictText(verdict: JournalVerdict): string {
  const { headline, meaning } = inWords(verdict);
  const lines = [...meaning, ...(verdict.verdict === 'unreadable' ? [] : extentOf(verdict))];
  if (verdict.developmentKey)
    lines.push(
      style.yellow(
        'It is signed with a development key, which lies on the same machine: that proves nothing. Give it a key of its own.',
      ),
    );
  const journal = verdict.journal === '.' ? '' : `${visible(verdict.journal)}: `;
  return [`${journal}${headline}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

interface InWords {
  readonly headline: string;
  readonly meaning: readonly string[];
}

function inWords(verdict: JournalVerdict): InWords {
  switch (verdict.verdict) {
    case 'ok':
      return { headline: style.green('sound'), meaning: [] };
    case 'torn':
      return {
        headline: style.green('sound, with a torn end'),
        meaning: [
          `${verdict.file} ends within a record (${verdict.bytes} bytes) that no checkpoint covers: a crash, or a journal that is being written.`,
        ],
      };
    case 'tampered':
      return {
        headline: style.red(`TAMPERED, from record ${verdict.sequence} on, in ${placeOf(verdict)}`),
        meaning: [`${WHY[verdict.why]} Keep the folder as evidence.`],
      };
    case 'gap':
      return {
        headline: style.red(`GAP, from record ${verdict.sequence} on, in ${placeOf(verdict)}`),
        meaning: [
          `${records(verdict.sequence, verdict.until)} missing, and no signed prune record allows it. Keep the folder as evidence.`,
        ],
      };
    case 'truncated':
      return {
        headline: style.red(`TRUNCATED, from record ${verdict.sequence} on, in ${placeOf(verdict)}`),
        meaning: [
          `${records(verdict.sequence, verdict.until)} gone from its end: ${verdict.by === 'given' ? 'the checkpoint that was kept elsewhere' : 'a checkpoint in the folder'} covers ${verdict.until} records. Keep the folder as evidence.`,
        ],
      };
    case 'unknown_key':
      return {
        headline: style.red(`UNKNOWN KEY, in ${verdict.file}`),
        meaning: [
          `None of the keys that were given signed it. It says to be signed by ${verdict.signers.map(visible).join(', ') || 'nobody'}; give that key with --key only if you know it from elsewhere.`,
        ],
      };
    case 'unsigned':
      return {
        headline: style.red(`UNSIGNED, from record ${verdict.sequence} on, in ${placeOf(verdict)}`),
        meaning: [
          verdict.checkpoints === 0
            ? 'There is no checkpoint at all, and a journal gets its first one before it takes a record: anybody could have written this. Keep the folder as evidence.'
            : `${records(verdict.sequence, verdict.until)} covered by no checkpoint, more than a crash can leave: anybody could have written them. Keep the folder as evidence.`,
        ],
      };
    case 'unreadable':
      return {
        headline: style.red('UNREADABLE'),
        meaning: [`Nothing can be said: ${visible(verdict.why)}.`],
      };
  }
}

const WHY = {
  bytes: 'The bytes of this record are not what was written.',
  link: 'Two neighbouring records do not fit: one of the two was changed.',
  order: 'Records were doubled or put in another order.',
  head: 'The head of this segment does not fit the records before it.',
  checkpoint: 'A checkpoint or a prune record is not what was signed.',
  root: 'These records are not the ones that the checkpoint was signed for.',
  origin: 'This is another journal than the one that the checkpoint was signed for.',
} as const;

/** The file that was found, and the segment with the record where that is another one. */
function placeOf(verdict: { readonly file?: string; readonly segment?: string }): string {
  const { file, segment } = verdict;
  if (file === undefined || file === segment) return segment ?? 'the folder';
  return segment === undefined || file.endsWith('.journal') ? file : `${file} (records of ${segment})`;
}

function records(from: number, until: number): string {
  return until - from === 1 ? `Record ${from} is` : `Records ${from} to ${until - 1} are`;
}

function extentOf(verdict: JournalVerdict & { readonly size: number }): readonly string[] {
  if (verdict.verdict === 'unreadable' || verdict.origin === '') return [];
  const { first, size, signed, segments, checkpoints, given } = verdict;
  const isSound = verdict.verdict === 'ok' || verdict.verdict === 'torn';
  const lines = [
    `${isSound || verdict.verdict === 'unsigned' ? 'Holds' : 'Sound before that:'} ${count(size - first, 'record')}, ${first} to ${size - 1}, in ${count(segments, 'segment')} under ${count(checkpoints, 'checkpoint')}.`,
  ];
  if (first > 0) lines.push(`Records before ${first} were pruned, as a signed record of the journal allows.`);
  if (isSound && size > signed)
    lines.push(
      `${count(size - signed, 'record')} after the last checkpoint: linked to the rest, but not signed yet. Nothing vouches for what is not signed.`,
    );
  if (isSound && given === 'checked') lines.push('The checkpoint that was kept elsewhere agrees.');
  if (isSound && given === 'pruned')
    lines.push('The checkpoint that was kept elsewhere is older than what is left; it says nothing here.');
  return lines;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
