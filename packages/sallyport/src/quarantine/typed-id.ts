import { readShortId } from '@sallyport/anomaly';
import { visible } from '@sallyport/audit';
import { BadInput } from '../audit/bad-input.ts';

/** @throws BadInput for what no id looks like */
export function typedId(typed: string): string {
  const id = readShortId(typed);
  if (id === undefined)
    throw new BadInput(
      `"${visible(typed)}" is no id; write one of eight letters and digits, as "sallyport quarantine list" shows it`,
    );
  return id;
}
