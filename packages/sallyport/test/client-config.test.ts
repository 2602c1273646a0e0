import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrapConfig, wrapConfig, type WrapResult } from '../src/client-config.ts';

const plan = { policy: '/etc/sallyport.yaml', via: ['npx', '-y', 'sallyport'] };

const done = (result: WrapResult): Exclude<WrapResult, { problem: string }> => {
  if ('problem' in result) throw new Error(result.problem);
  return result;
};

describe('wrapConfig', () => {
  it('puts sallyport before the command, and leaves the rest alone', () => {
    const text =
      '{\n  "mcpServers": {\n    "files": {\n      "command": "npx",\n      "args": ["-y", "x", "./data"],\n      "env": { "A": "b" }\n    }\n  },\n  "theme": "dark"\n}\n';
    const result = done(wrapConfig(text, plan));
    expect(result.changed).toEqual(['files']);
    expect(JSON.parse(result.text)).toEqual({
      mcpServers: {
        files: {
          command: 'npx',
          args: [
            '-y',
            'sallyport',
            'run',
            '--policy',
            '/etc/sallyport.yaml',
            '--server',
            'files',
            '--',
            'npx',
            '-y',
            'x',
            './data',
          ],
          env: { A: 'b' },
        },
      },
      theme: 'dark',
    });
  });

  it('keeps comments and layout, as VS Code writes them', () => {
    const text = '{\n\t// my servers\n\t"servers": {\n\t\t"db": { "command": "db-mcp" }, // local\n\t},\n}\n';
    const result = done(wrapConfig(text, plan));
    expect(result.text).toContain('// my servers');
    expect(result.text).toContain('// local');
    expect(result.changed).toEqual(['db']);
  });

  it('wraps only once, and says why it leaves a server alone', () => {
    const text = JSON.stringify({
      mcpServers: { a: { command: 'x' }, b: { url: 'https://b.example/mcp' }, c: 7 },
    });
    const once = done(wrapConfig(text, plan));
    expect(once.left.map(({ server }) => server)).toEqual(['b', 'c']);
    const twice = done(wrapConfig(once.text, plan));
    expect(twice.changed).toEqual([]);
    expect(twice.text).toBe(once.text);
    expect(twice.left[0]?.why).toBe('it is wrapped already');
  });

  it('still knows a wrapped server to which secrets were added by hand', () => {
    const text = JSON.stringify({ mcpServers: { a: { command: 'npx', args: ['-y', 'x'] } } });
    const once = done(wrapConfig(text, plan)).text;
    const edited = once.replace('"--",', '"--env", "KEY=keystore:key", "--on-rotation", "restart", "--",');
    expect(edited).not.toBe(once);
    expect(done(wrapConfig(edited, plan)).left[0]?.why).toBe('it is wrapped already');
    const back = JSON.parse(done(unwrapConfig(edited)).text) as unknown;
    expect(back).toEqual(JSON.parse(text));
  });

  it('takes nothing for wrapped that only looks so, and says when another policy is in force', () => {
    const text = JSON.stringify({
      mcpServers: {
        spoof: {
          command: 'sh',
          args: ['-c', 'evil', '/sallyport/', 'run', '--policy', 'p', '--server', 's', '--', 'x'],
        },
        other: {
          command: 'npx',
          args: ['sallyport', 'run', '--policy', '/tmp/all.yaml', '--server', 'o', '--', 'x'],
        },
      },
    });
    const result = done(wrapConfig(text, plan));
    expect(result.changed).toEqual(['spoof']);
    expect(result.left).toEqual([
      { server: 'other', why: expect.stringContaining('/tmp/all.yaml'), unguarded: true },
    ]);
  });

  it('refuses a way to start sallyport that could not be undone', () => {
    const text = JSON.stringify({ mcpServers: { a: { command: 'x' } } });
    expect(wrapConfig(text, { ...plan, via: ['sh', 'guard'] })).toEqual({
      problem: expect.stringMatching(/--via/),
    });
  });

  it('wraps every server, wherever it stands', () => {
    const text = JSON.stringify({ mcpServers: {}, servers: { a: { command: 'x' } } });
    expect(done(wrapConfig(text, plan)).changed).toEqual(['a']);
  });

  it('refuses a file in which a name stands twice, since clients read only one of them', () => {
    const text = '{"mcpServers":{"a":{"command":"safe"},"a":{"command":"evil"}}}';
    expect(wrapConfig(text, plan)).toEqual({ problem: expect.stringMatching(/"a" stands twice/) });
  });

  it('wraps only the servers that were asked for', () => {
    const text = JSON.stringify({ mcpServers: { a: { command: 'x' }, b: { command: 'y' } } });
    expect(done(wrapConfig(text, { ...plan, only: ['b'] })).changed).toEqual(['b']);
  });

  it.each([
    ['text that is no JSON', '{"mcpServers": ', /line 1 is not valid JSON \(.*\); nothing was changed/],
    ['a file without servers', '{"theme": "dark"}', /neither "mcpServers" nor "servers"/],
    ['a list', '[]', /neither/],
    ['nothing', '', /not valid JSON|neither/],
  ])('leaves %s alone, with a reason', (_, text, why) => {
    expect(wrapConfig(text, plan)).toEqual({ problem: expect.stringMatching(why) });
  });

  it('can always be undone, for any command', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('--', 'run', 'sallyport', '--policy', '-y'));
    const entry = fc.record({ command: fc.string({ minLength: 1 }), args: fc.array(word) });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), entry), (mcpServers) => {
        const text = JSON.stringify({ mcpServers }, undefined, 2);
        const wrapped = done(wrapConfig(text, plan));
        // What looks wrapped before is taken for wrapped.
        fc.pre(wrapped.left.length === 0);
        expect(JSON.parse(done(unwrapConfig(wrapped.text)).text)).toEqual({ mcpServers });
      }),
    );
  });
});

describe('unwrapConfig', () => {
  it('leaves what is not wrapped, and keeps what was edited since', () => {
    const text = JSON.stringify({
      mcpServers: { a: { command: 'x', args: ['1'] }, b: { command: 'y', args: [] } },
    });
    const wrapped = done(wrapConfig(text, { ...plan, only: ['a'] })).text;
    const edited = wrapped.replace('"b"', '"renamed"');
    const undone = done(unwrapConfig(edited));
    expect(JSON.parse(undone.text)).toEqual({
      mcpServers: { a: { command: 'x', args: ['1'] }, renamed: { command: 'y', args: [] } },
    });
    expect(undone.left).toEqual([{ server: 'renamed', why: 'it is not wrapped', unguarded: false }]);
  });
});
