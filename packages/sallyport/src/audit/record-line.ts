import {
  type AuditRecord,
  type JournalEntry,
  type JournalLine,
  RECORD_MEMBERS,
  type RecordMember,
  visible,
} from '@sallyport/audit';
import { style } from '../terminal.ts';

const STATUS_WIDTH = 'attempt'.length;

/**
 * A record on one line for people: when, how it ended, who, where, what, by which rule, how long. What it does not say is
 * left out, and what a terminal would obey is shown.
 *
 * @param several whether to tell of which journal it is
 */
export function recordLine(line: JournalLine, several: boolean): string {
  const parts = line.kind === 'entry' ? partsOfEntry(line.entry) : partsOf(line.record);
  const where = several ? [style.dim(`[${visible(line.journal)}]`)] : [];
  return [...parts, ...where].filter((part) => part !== '').join('  ');
}

function partsOf(record: AuditRecord): readonly string[] {
  const shown = (member: RecordMember): string => textOf(RECORD_MEMBERS[member](record));
  const { sealed } = record as { readonly sealed?: unknown };
  return [
    style.dim(visible(record.time)),
    statusOf(shown('status') || record.type),
    painted(style.bold, shown('principal.subject')),
    textOf(record.server),
    `${shown('method')} ${painted(style.cyan, shown('target'))}`.trim(),
    painted(style.cyan, shown('event')),
    shown('detail'),
    decisionOf(shown),
    painted(style.red, shown('refusal')),
    labelled('error', shown('error')),
    labelled('would refuse', shown('wouldRefuse')),
    labelled('sealed', sealOf(sealed)),
    shown('durationMs') === '' ? '' : style.dim(`${shown('durationMs')} ms`),
  ];
}

function decisionOf(shown: (member: RecordMember) => string): string {
  const effect = shown('decision.effect');
  if (effect === '') return '';
  const rule = shown('decision.rule');
  return (
    (effect === 'permit' ? style.green : style.red)(effect) +
    painted(style.dim, rule === '' ? '' : ` by ${rule}`)
  );
}

function statusOf(status: string): string {
  const padded = status.padEnd(STATUS_WIDTH);
  switch (status) {
    case 'ok':
      return style.green(padded);
    case 'error':
      return style.yellow(padded);
    case 'refused':
      return style.red(padded);
    case 'event':
      return style.cyan(padded);
    default:
      return style.dim(padded);
  }
}

function partsOfEntry(entry: JournalEntry): readonly string[] {
  return [style.dim(visible(entry.time)), style.magenta('journal'), visible(meaningOf(entry))];
}

function meaningOf(entry: JournalEntry): string {
  switch (entry.type) {
    case 'open':
      return entry.torn > 0 ? `opened; ${entry.torn} bytes of a crash were set aside` : 'opened';
    case 'recovered':
      return `written again after ${entry.cause}; ${entry.refused} records were refused, ${entry.lost} are lost`;
    case 'dropped':
      return `${entry.count} records from ${entry.first} to ${entry.last} are not kept`;
    case 'prune':
      return `records before ${entry.first} were removed, as its retention says`;
    default:
      // Of a newer version.
      return plain((entry as { readonly type?: unknown }).type);
  }
}

/** Whose key opens it: what is encrypted tells people nothing and may be long. `--json` shows it. */
function sealOf(sealed: unknown): string {
  const { key, data } = (sealed ?? {}) as { readonly key?: unknown; readonly data?: unknown };
  if (typeof key !== 'string' || typeof data !== 'string') return textOf(sealed);
  return `for ${visible(key)} (${data.length} characters)`;
}

/** Nothing for nothing: colours around it would be something. */
function painted(paint: (text: string) => string, text: string): string {
  return text === '' ? '' : paint(text);
}

function labelled(label: string, text: string): string {
  return text === '' ? '' : style.yellow(`${label} ${text}`);
}

function textOf(value: unknown): string {
  return visible(plain(value));
}

/** Of any member, also one that is not what it should be. */
function plain(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
