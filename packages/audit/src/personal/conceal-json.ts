import { isJsonObject, type RevealedSecrets } from '@sallyport/core';

/** JSON with every revealed secret in a text of it replaced; the same JSON when there is none. */
export function concealJson(json: string, revealed: RevealedSecrets): string {
  // Mostly there is none, and then nothing has to be taken apart.
  if (!revealed.occursIn(json)) return json;
  return JSON.stringify(concealed(JSON.parse(json), revealed));
}

function concealed(value: unknown, revealed: RevealedSecrets): unknown {
  if (typeof value === 'string') return revealed.conceal(value);
  if (Array.isArray(value)) return value.map((item) => concealed(item, revealed));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value);
  // Also a member named `__proto__` stays one.
  return Object.fromEntries(
    members.map(([name, member]) => [revealed.conceal(name), concealed(member, revealed)]),
  );
}
