import { expect, it } from 'vitest';
import { killRounds } from './kill-rounds.ts';

it('no acknowledged record is lost by kill -9 at random moments, and the journal goes on', async () => {
  const { kills, acknowledged, lost, wrong } = await killRounds(20);
  expect(lost).toEqual([]);
  expect(wrong).toEqual([]);
  expect(acknowledged).toBeGreaterThan(kills);
}, 180_000);
