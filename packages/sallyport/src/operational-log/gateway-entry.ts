import type { GatewayEvent } from '@sallyport/gateway';
import type { LogEntry } from '@sallyport/core';

/** What an operator should know of what the gateway tells: what goes as it should is for level debug. */
export function gatewayEntry(event: GatewayEvent): LogEntry {
  switch (event.event) {
    case 'dropped': {
      const { from, why, count } = event;
      const message = `dropped from the ${from}: ${why} (${count} so far)`;
      return { level: 'warn', event: 'message_dropped', message, detail: { from, why, count } };
    }
    case 'requests_failed': {
      const { count } = event;
      const message = `${count} requests were answered with an error, because the server is gone`;
      return { level: 'warn', event: event.event, message, detail: { count } };
    }
    case 'server_restarting': {
      const { reason, restarts, delayMs } = event;
      const detail = { reason, restarts, delayMs };
      return reason === 'requested'
        ? {
            level: 'info',
            event: event.event,
            message: 'the server is started again with its new environment',
            detail,
          }
        : {
            level: 'warn',
            event: event.event,
            message: `the server ended and is started again in ${delayMs} ms (restart ${restarts})`,
            detail,
          };
    }
    case 'restart_failed': {
      const message = 'the server goes on with what it was started with';
      return { level: 'warn', event: event.event, message, detail: { why: event.why } };
    }
    case 'handshake_failed': {
      const message = `the new server did not take up the session (${event.why})`;
      return { level: 'warn', event: event.event, message, detail: { why: event.why } };
    }
    case 'restart_requested': {
      const message = `the server is asked to make room for one with a new environment (${event.open} requests open)`;
      return { level: 'debug', event: event.event, message, detail: { open: event.open } };
    }
    case 'server_drained': {
      const { unanswered } = event;
      const message = `the server is ended for the next one (${unanswered} requests unanswered)`;
      return { level: 'debug', event: event.event, message, detail: { unanswered } };
    }
    case 'server_started': {
      const { pid, restarts } = event;
      const message = `the server was started (process ${pid})`;
      return { level: 'debug', event: event.event, message, detail: { serverPid: pid, restarts } };
    }
    case 'server_not_started':
      return { level: 'debug', event: event.event, message: event.message, detail: { why: event.why } };
    case 'server_exited': {
      const { code, signal, fault } = event;
      const message = `the server ended with ${signal ?? `code ${code ?? 'unknown'}`}`;
      const detail = {
        ...(code !== undefined && { code }),
        ...(signal !== undefined && { signal }),
        ...(fault !== undefined && { fault }),
      };
      return { level: 'debug', event: event.event, message, detail };
    }
    case 'stopping': {
      const message = `the gateway stops (${event.reason})`;
      return { level: 'debug', event: event.event, message, detail: { reason: event.reason } };
    }
    case 'signal_sent': {
      const message = `the server was sent ${event.signal}`;
      return { level: 'debug', event: event.event, message, detail: { signal: event.signal } };
    }
  }
}
