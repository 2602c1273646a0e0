/**
 * What the vault needs of a Redis client: any command, its answer as text, numbers and lists of those.
 * `ioredis` has it as it is; for `redis` write `{ call: (...args) => client.sendCommand(args) }`. The vault
 * does not close it.
 */
export interface RedisClient {
  call(command: string, ...args: string[]): Promise<unknown>;
}
