export type { Dropped, GatewayEvent, Log } from './gateway-event.ts';
export type { RestartPolicy } from './restart-policy.ts';
export type { NotStarted } from './server-end.ts';
export type { ServerEnvironment } from './start-server.ts';
export { type GatewayExit, runStdioGateway } from './stdio-gateway.ts';
export type { StdioGatewayOptions } from './stdio-gateway-options.ts';
