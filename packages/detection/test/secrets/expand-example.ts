import { base62 } from '../../src/checksums/base62.ts';
import { bech32Check } from '../../src/checksums/bech32.ts';
import { crc32 } from '../../src/checksums/crc32.ts';
import { crc16 } from '../../src/checksums/nkey.ts';
import { readShape } from '../../src/rules/secrets/shape.ts';

/** A text in which `‹shape›` has become a random value, the same for the same text; nothing that was ever issued. */
export function expandExample(template: string, seed = ''): string {
  let count = 0;
  return template.replaceAll(/‹(\/?)([^›]+)›/g, (_, half: string, shape: string) => {
    const random = createRandom(`${seed} ${template} ${count++}`);
    if (shape === 'jwt') return sampleJwt(random);
    if (shape === 'login')
      return Buffer.from(`svc-${sample('[a-z]{6}', random)}:${sample('[A-Za-z0-9]{17}', random)}`).toString(
        'base64',
      );
    const value = sample(shape, random);
    return half === '' ? value : value.slice(0, value.length >> 1);
  });
}

/** The value between the marks of an expanded text, with a check that is right for the rule, where it has one. */
export function withCheck(rule: string, marked: string): string {
  const check = CHECKS[rule];
  return check === undefined
    ? marked
    : marked.replace(/⟦([^⟧]*)⟧/, (_, value: string) => `⟦${check(value)}⟧`);
}

const github = (value: string): string => {
  const body = value.slice(value.indexOf('_') + 1, -6);
  return value.slice(0, -6) + base62(crc32(body), 6);
};
const routable = (value: string): string =>
  value.slice(0, -7) + crc32(value.slice(0, -7)).toString(36).padStart(7, '0');

const CHECKS: Readonly<Record<string, (value: string) => string>> = {
  'github-pat': github,
  'github-oauth': github,
  'github-user-to-server': github,
  'github-server-to-server': github,
  'github-refresh': github,
  'npm-token': github,
  'gitlab-pat-routable': routable,
  'gitlab-runner-token-routable': routable,
  'bitbucket-app-password': (value) =>
    value.slice(0, -8) + crc32(value.slice(0, -8)).toString(16).toUpperCase().padStart(8, '0'),
  'grafana-service-account-token': (value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(crc32(value.slice(0, -9)));
    return value.slice(0, -8) + bytes.toString('hex');
  },
  'age-secret-key': (value) => {
    const mark = value.lastIndexOf('1') + 1;
    return value.slice(0, -6) + bech32Check(value.slice(0, mark - 1), value.slice(mark, -6)).toUpperCase();
  },
  'nats-seed': (value) => {
    const bytes = fromBase32(value);
    bytes.writeUInt16LE(crc16(bytes.subarray(0, -2)), bytes.length - 2);
    return toBase32(bytes);
  },
};

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(text: string): Buffer {
  const bits = [...text].map((unit) => BASE32.indexOf(unit).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}

function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

/** A value of a shape; its runs begin and end with a letter or digit where they may. */
function sample(source: string, random: () => number): string {
  return readShape(source)
    .map(({ units, least, most }) => {
      const all = [...units.keys()]
        .filter((code) => units[code] === 1)
        .map((code) => String.fromCharCode(code));
      const plain = all.filter((unit) => /[A-Za-z0-9]/.test(unit));
      const size = least + Math.floor(random() * Math.min(8, most - least + 1));
      return Array.from({ length: size }, (_, at) => {
        const from = (at === 0 || at === size - 1) && plain.length > 0 ? plain : all;
        return from[Math.floor(random() * from.length)] as string;
      }).join('');
    })
    .join('');
}

function sampleJwt(random: () => number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { sub: sample('[a-z0-9]{12}', random), iat: 1_700_000_000 + Math.floor(random() * 1e7) };
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}.${sample('[A-Za-z0-9_-]{43}', random)}`;
}

/** Mulberry32, seeded by a text. */
function createRandom(seed: string): () => number {
  let state = crc32(Buffer.from(seed).toString('latin1'));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
