import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The path of a Node that runs the official suite. It needs 22, this project 20; npm has both. */
export async function node22(): Promise<string> {
  if (Number.parseInt(process.versions.node, 10) >= 22) return process.execPath;
  const { stdout } = await promisify(execFile)('npx', ['-y', 'node@22', '-p', 'process.execPath']);
  return stdout.trim();
}
