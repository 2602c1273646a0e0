import { type AlertFacts, visible } from '@sallyport/audit';

/** RFC 9562, section 5.7: the first 48 bits are milliseconds since the epoch. */
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HOUR = 3_600_000;
const SAFE = /^[\w./:@%+=,][\w./:@%+=,-]*$/;

/** The command that shows the records that an alert rests on, and those around them. */
export function searchHint({ time, subject, server, records }: AlertFacts, folder: string): string {
  const until = Date.parse(time);
  const since = records.map(timeOf).find((one) => one !== undefined && one <= until) ?? until - HOUR;
  return [
    'sallyport audit search',
    quoted(folder),
    ...(subject === undefined ? [] : ['--subject', quoted(subject)]),
    ...(server === '' ? [] : ['--server', quoted(server)]),
    '--since',
    new Date(since).toISOString(),
    '--until',
    new Date(until).toISOString(),
  ].join(' ');
}

function timeOf(id: string): number | undefined {
  const [, high = '', low = ''] = UUID_V7.exec(id) ?? [];
  return high === '' ? undefined : Number.parseInt(high + low, 16);
}

/** As a shell takes it for one word: names in records are written by others. */
function quoted(text: string): string {
  const shown = visible(text);
  return SAFE.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
