import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type AuditRecord, Journal, type Signer } from '@sallyport/audit';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const DAYS = 14;
/** Who looks at how many charts in an hour on duty. */
const STAFF: Readonly<Record<string, number>> = {
  'ann@ward.example': 9,
  'bob@ward.example': 7,
  'cleo@ward.example': 12,
};
/** Each is on duty around the hour at which the demo is watched, so that no hour is an odd one. */
const ON_DUTY = { before: 6, after: 2 };

/** Numbers that look random and are always the same (a linear congruential generator, Numerical Recipes). */
class Dice {
  #state = 20_261_121;

  /** From 0 to 1. */
  roll(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }
}

/** Writes what a ward did in the last two weeks, this morning included, into a real journal. @returns how many records */
export async function writeHistory(folder: string, signer: Signer, until: number): Promise<number> {
  const dice = new Dice();
  const records = recordsOf(dice, until).toSorted((one, other) => one.time.localeCompare(other.time));
  let now = until;
  const journal = await Journal.open(join(folder, 'charts', '1'), {
    signer,
    now: () => now,
    checkpointRecords: 4096,
  });
  for (const record of records) {
    now = Date.parse(record.time);
    await journal.append(record, { durable: false });
  }
  await journal.close();
  return records.length;
}

function recordsOf(dice: Dice, until: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let day = DAYS; day >= 0; day -= 1) {
    for (const [subject, perHour] of Object.entries(STAFF)) {
      const begin = until - day * DAY - ON_DUTY.before * 60 * MINUTE;
      const end = Math.min(until - MINUTE, until - day * DAY + ON_DUTY.after * 60 * MINUTE);
      for (let time = begin; time < end; time += (60 * MINUTE * -Math.log(1 - dice.roll())) / perHour)
        records.push(outcome(subject, time, dice, records.length));
    }
  }
  return records;
}

function outcome(subject: string, time: number, dice: Dice, number: number): AuditRecord {
  const isChart = dice.roll() < 0.8;
  const id = `01990000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
  const sha256 = createHash('sha256').update(String(dice.roll())).digest('hex');
  return {
    v: 1,
    id,
    time: new Date(Math.floor(time)).toISOString(),
    server: 'charts',
    policy: '0'.repeat(64),
    type: 'outcome',
    call: id,
    direction: 'inbound',
    kind: 'request',
    method: 'tools/call',
    target: isChart ? 'get_chart' : 'list_ward',
    principal: { subject, roles: ['nurse'], client: 'ward-assistant', method: 'process' },
    status: 'ok',
    executed: { sha256, bytes: 40 },
    result: { sha256, bytes: isChart ? Math.round(14_000 + 12_000 * dice.roll()) : 300 },
    durationMs: 12,
  };
}
