import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, count, event, JournalBench, outcome } from './journal-bench.ts';

let bench: JournalBench;
let running: ChildProcess[];
beforeEach(() => {
  bench = new JournalBench();
  running = [];
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  bench.dispose();
});

/** The command, while it follows. */
class Following {
  readonly child: ChildProcess;
  out = '';
  err = '';
  readonly #closed: Promise<number | null>;

  constructor(...args: string[]) {
    this.child = bench.start(['tail', ...args]);
    running.push(this.child);
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    this.#closed = new Promise((done) => this.child.on('close', done));
  }

  async until(said: () => boolean): Promise<void> {
    for (let tries = 0; !said(); tries += 1) {
      if (tries > 600) throw new Error(`It was not said: ${this.out}${this.err}`);
      await sleep(25);
    }
  }

  ids(): string[] {
    const lines = this.out.split('\n').slice(0, -1);
    return lines.map((line) => (JSON.parse(line) as { id: string }).id);
  }

  ended(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.#closed;
  }
}

describe('sallyport audit tail', () => {
  test('shows the last twenty records and ends, where it is not to follow', async () => {
    await bench.write('journal', count(30), { segmentBytes: 3000 });
    const { code, out, err } = await bench.run('tail', 'journal', '--no-follow', '--json');
    expect(out.match(/"id":"r[0-9]+"/g)).toEqual(
      count(30)
        .slice(10)
        .map(({ id }) => `"id":"${id}"`),
    );
    expect([code, err]).toEqual([0, '']);
    const two = await bench.run('tail', 'journal', '--no-follow', '-n', '2');
    expect(two.out.split('\n')).toHaveLength(3);
  });

  test('shows the newest of all journals, by their times, as far as they match', async () => {
    await bench.write('root/files/0', [outcome('f1', at('10:00:01')), outcome('f3', at('10:00:03'))]);
    await bench.write('root/mail/0', [
      outcome('m2', at('10:00:02')),
      event('m4', 'policy_reload_failed', at('10:00:04')),
    ]);
    const ids = async (...args: string[]): Promise<string[] | null> =>
      (await bench.run('tail', 'root', '--no-follow', '--json', ...args)).out.match(/(?<="id":")\w+/g);
    expect(await ids('-n', '3')).toEqual(['m2', 'f3', 'm4']);
    expect(await ids('--alert')).toEqual(['m4']);
    expect(await ids('--method', 'tools/*', '-n', '1')).toEqual(['f3']);
  });

  test('goes on with what is added, through rotation, until Ctrl-C', async () => {
    const journal = await bench.open('journal', { segmentBytes: 2000 });
    await journal.append(outcome('first'), { durable: true });
    const tail = new Following('journal', '--json');
    await tail.until(() => tail.out.includes('first'));
    const more = count(20);
    for (const record of more) await journal.append(record, { durable: true });
    await tail.until(() => tail.ids().length >= 21);
    expect(tail.ids()).toEqual(['first', ...more.map(({ id }) => id)]);
    expect(bench.files('journal').length).toBeGreaterThan(2);
    expect(await tail.ended('SIGINT')).toBe(0);
    expect(tail.err).toBe('');
    await journal.close();
  });

  test('waits for a folder and a journal that are not there yet, and for more of them', async () => {
    const tail = new Following('root', '--json');
    await tail.until(() => tail.err.includes('there is no audit journal in root yet; waiting for one'));
    mkdirSync(bench.path('root'));
    await bench.write('root/files/0', [outcome('f1')]);
    await tail.until(() => tail.out.includes('"f1"'));
    await bench.write('root/mail/0', [outcome('m1')]);
    await tail.until(() => tail.out.includes('"m1"'));
    expect(tail.ids()).toEqual(['f1', 'm1']);
    expect(await tail.ended('SIGTERM')).toBe(0);
  });

  test('ends when nobody reads any more', async () => {
    const journal = await bench.open('journal');
    await journal.append(outcome('first'), { durable: true });
    const tail = new Following('journal');
    await tail.until(() => tail.out !== '');
    tail.child.stdout?.destroy();
    const exit = new Promise((done) => tail.child.on('exit', done));
    await journal.append(outcome('second'), { durable: true });
    expect([await exit, tail.err]).toEqual([141, '']);
    await journal.close();
  });

  test.each([
    [['nowhere', '--no-follow'], 'nowhere: there is no such folder'],
    [['key.txt'], 'key.txt is a file'],
    [['journal', '-n', '-1'], 'Write a whole number from 0'],
    [['journal', '--since', 'noon'], '--since takes'],
  ])('with %j says 2 and what to write', async (args, message) => {
    const { code, out, err } = await bench.run('tail', ...args);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, '']);
  });
});
