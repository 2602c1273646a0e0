import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import color from 'picocolors';
import { CLI, connect, print, say, title } from './stage.ts';

// The gateway in front of a real server, with a real client: what somebody who runs an MCP server would see.

const POLICY = `version: 1
identity:
  stdio: { subject: ann, roles: [reader] }
authorization:
  rules: |
    p, role:reader, files, tool:read_text_file, call, , allow
    p, role:reader, files, tool:list_directory, call, , allow
    p, role:reader, files, tool:get_file_info, call, , allow
    p, role:reader, files, tool:read_text_file, call, "endsWith(args.path, '.key')", deny
schema: { arguments: strict, results: enforce }
audit: { file: ./audit.jsonl }
`;

export async function guardedCall(directory: string): Promise<void> {
  const data = join(directory, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'notes.txt'), 'Buy milk.\n');
  writeFileSync(join(data, 'door.key'), 'nobody should read this\n');
  writeFileSync(join(directory, 'sallyport.yaml'), POLICY);

  title('A guarded MCP server');
  say('A real server (@modelcontextprotocol/server-filesystem) behind `sallyport run`, with this policy:');
  for (const [index, line] of POLICY.trimEnd().split('\n').entries()) {
    print(color.dim(`  ${String(index + 1).padStart(2)}  `) + line);
  }

  const server = [
    'node',
    resolve('node_modules/@modelcontextprotocol/server-filesystem/dist/index.js'),
    data,
  ];
  const bare = await connect(directory, server);
  const offered = (await bare.listTools()).tools.map(({ name }) => name);
  await bare.close();
  const gateway = ['node', CLI, 'run', '--server', 'files'];
  const client = await connect(directory, [...gateway, '--', ...server]);

  title('1  A filtered list');
  const visible = (await client.listTools()).tools.map(({ name }) => name);
  say(`The server offers ${offered.length} tools. Ann, a reader, sees ${visible.length}:`);
  for (const name of offered) {
    print(visible.includes(name) ? `  ${color.green(`+ ${name}`)}` : color.dim(`  - ${name}`));
  }

  title('2  A permitted call');
  await call(client, directory, 'read_text_file', { path: join(data, 'notes.txt') });

  title('3  A refused call');
  say('A tool that no rule permits. A tool that does not exist gets the very same answer:');
  await call(client, directory, 'write_file', { path: join(data, 'notes.txt'), content: 'x' });
  await call(client, directory, 'no_such_tool', {});
  say('A permitted tool, with arguments that a rule denies:');
  await call(client, directory, 'read_text_file', { path: join(data, 'door.key') });

  title('4  Invalid arguments');
  say('The answer names the place and the rule, so that a model can correct itself, and never the value:');
  await call(client, directory, 'read_text_file', { path: join(data, 'notes.txt'), head: 'three' });
  await call(client, directory, 'read_text_file', { path: join(data, 'notes.txt'), force: true });

  await client.close();

  title('5  The record');
  say(
    'One attempt on disk before anything ran, one outcome after it; with the rule that decided, and where it stands:',
  );
  for (const line of readFileSync(join(directory, 'audit.jsonl'), 'utf8').trimEnd().split('\n')) {
    printRecord(JSON.parse(line) as AuditLine);
  }

  title('What next');
  print(
    `  ${color.bold('npx -y pnpm@12 sallyport init -- <your server>')}   a starter policy from what your server offers`,
  );
  print(`  ${color.bold('npx -y pnpm@12 sallyport run -- <your server>')}    your server, guarded`);
  print(
    `  ${color.bold('npx -y pnpm@12 sallyport wrap <client config>')}    put it before the servers of your MCP client`,
  );
  print(`  ${color.bold('npx -y pnpm@12 sallyport policy explain')}          what a policy decides, and why`);
  print();
}

async function call(
  client: Client,
  directory: string,
  name: string,
  args: Record<string, unknown>,
): Promise<void> {
  print(`  ${color.cyan('->')} ${name} ${color.dim(JSON.stringify(args).replaceAll(`${directory}/`, ''))}`);
  try {
    const result = await client.callTool({ name, arguments: args });
    const text = (result.content as { text?: string }[])[0]?.text?.trim() ?? '';
    print(
      result.isError === true
        ? `  ${color.yellow('<-')} ${color.yellow(text)}`
        : `  ${color.green('<-')} ${text}`,
    );
  } catch (error) {
    print(`  ${color.red('<-')} ${color.red((error as Error).message)}`);
  }
}

interface AuditLine {
  readonly type: string;
  readonly time: string;
  readonly event?: string;
  readonly method?: string;
  readonly target?: string;
  readonly status?: string;
  readonly refusal?: string;
  readonly decision?: { readonly effect: string; readonly at?: string };
  readonly principal?: { readonly subject: string };
}

function printRecord(record: AuditLine): void {
  const { type, time, event, method, target, status, refusal, decision, principal } = record;
  const what = event ?? `${method ?? ''}${target === undefined ? '' : ` ${target}`}`;
  const paint = status === 'refused' ? color.red : status === 'ok' ? color.green : color.dim;
  const why = decision === undefined ? '' : `  ${decision.effect} ${color.dim(decision.at ?? 'by default')}`;
  print(
    `  ${color.dim(time.slice(11, 23))}  ${type.padEnd(7)}  ${(principal?.subject ?? '').padEnd(3)}  ${what.padEnd(27)} ` +
      `${paint(refusal ?? status ?? '')}${why}`,
  );
}
