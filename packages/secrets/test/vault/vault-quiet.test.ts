import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./quiet-program.ts', import.meta.url));
// Where tsx is found.
const root = fileURLToPath(new URL('../../../..', import.meta.url));

describe('what Node.js and the libraries print when they are told to', () => {
  it.each(['http,https,net,tls', 'http,https,http2,net,tls,timer,undici,fetch'])(
    'has no token, value, credential or key in it (NODE_DEBUG=%s)',
    async (NODE_DEBUG) => {
      const child = fork(program, {
        cwd: root,
        execArgv: ['--conditions=@sallyport/source', '--import', 'tsx'],
        env: { ...process.env, NODE_DEBUG, DEBUG: '*' },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      let printed = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
      }
      let planted: readonly string[] = [];
      child.on('message', (message) => (planted = message as readonly string[]));
      const [code] = await once(child, 'close');
      expect(code).toBe(0);
      expect(planted.length).toBeGreaterThan(10);
      expect(planted.every((value) => value.length > 10)).toBe(true);
      expect(printed.match(/^found$/gm)).toHaveLength(18);
      // It did print, so the silence is not that of a log that was off.
      expect(printed).toContain('HTTP ');
      // Not by value: a test that fails must not print it either.
      const leaked = planted
        .filter((value) => printed.includes(value))
        .map((value) => planted.indexOf(value));
      expect(leaked).toEqual([]);
    },
  );
});
