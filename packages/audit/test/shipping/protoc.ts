import { spawnSync } from 'node:child_process';

const PROTO = new URL('../../proto/', import.meta.url).pathname;
const SERVICE = 'opentelemetry/proto/collector/logs/v1/logs_service.proto';
const REQUEST = 'opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest';

/** Whether the compiler of the official messages is here; says so loudly when it is not. */
export function hasProtoc(): boolean {
  const here = spawnSync('protoc', ['--version']).status === 0;
  if (!here)
    process.stderr.write(
      '\nSKIPPED: OTLP taken apart by protoc. Install it: apt-get install protobuf-compiler\n\n',
    );
  return here;
}

/** Members of a message in protobuf's text format: each name with all its values. */
export type TextMessage = ReadonlyMap<string, readonly (TextMessage | string)[]>;

/** A request as `protoc` reads it. */
export function decodeWithProtoc(request: Uint8Array): TextMessage {
  const { status, stdout, stderr } = spawnSync('protoc', [`--decode=${REQUEST}`, '-I', PROTO, SERVICE], {
    input: request,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr.toString());
  return new TextReader(stdout.toString('latin1')).message();
}

/** The bytes that `protoc` writes for what it read. */
export function throughProtoc(request: Uint8Array): Buffer {
  const run = (mode: string, input: Uint8Array): Buffer =>
    spawnSync('protoc', [`--${mode}=${REQUEST}`, '-I', PROTO, SERVICE], { input, maxBuffer: 1 << 28 }).stdout;
  return run('encode', run('decode', request));
}

const TOKEN = /\s*(?:([a-z_0-9]+)(?:: | (?=\{))|(\{)|(\})|"((?:[^"\\]|\\.)*)"|(\S+))/y;

/** https://protobuf.dev/reference/protobuf/textformat-spec/, as far as `protoc` writes it. */
class TextReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  message(): TextMessage {
    const members = new Map<string, (TextMessage | string)[]>();
    for (;;) {
      const [, name] = this.#next();
      if (name === undefined) return members;
      const [, , opens, , text, word] = this.#next();
      const value = opens === undefined ? (word ?? unescaped(text ?? '')) : this.message();
      members.set(name, [...(members.get(name) ?? []), value]);
    }
  }

  #next(): RegExpExecArray | readonly undefined[] {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text);
    if (token === null) return [];
    this.#at = TOKEN.lastIndex;
    return token;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unescaped(text: string): string {
  const bytes = text.replaceAll(/\\([0-7]{3}|.)/g, (_, escape: string) =>
    escape.length === 3 ? String.fromCharCode(Number.parseInt(escape, 8)) : (ESCAPES[escape] ?? escape),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
