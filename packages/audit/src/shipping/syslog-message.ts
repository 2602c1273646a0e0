import { classify, type Severity } from '../formats/classification.ts';
import type { ShippedRecord } from './receiver.ts';

export interface SyslogOptions {
  /** Who writes, 1 to 255 printable ASCII characters. */
  readonly hostname: string;
  /** 1 to 48 printable ASCII characters. Default: `sallyport`. */
  readonly appName?: string;
  /** 0 to 23. Default: 13, log audit (RFC 5424, section 6.2.1). */
  readonly facility?: number;
  /**
   * The private enterprise number in the name of the structured data (RFC 5424, section 7.2.2). Default: 32473, which
   * RFC 5612 keeps for examples: Sallyport has none of its own.
   */
  readonly enterprise?: number;
  /**
   * A longer message, in bytes, is rejected, because receivers cut it without saying so. Default: 8,192, rsyslog's own
   * limit and what RFC 5425, section 4.3.1, asks of receivers. Raise both together.
   */
  readonly messageBytes?: number;
}

/** Syslog's severities for those of OCSF: informational, notice, warning, error, critical (RFC 5424, section 6.2.1). */
const SEVERITY: Readonly<Record<Severity, number>> = { 1: 6, 2: 5, 3: 4, 4: 3, 5: 2 };

/**
 * A writer of RFC 5424 messages. The line of the record's format is the message; id and sequence are structured data.
 *
 * @returns undefined from the writer for a record whose message would be too long
 * @throws TypeError for an option that the RFC does not allow
 */
export function syslogMessages(options: SyslogOptions): (shipped: ShippedRecord) => Buffer | undefined {
  const {
    hostname,
    appName = 'sallyport',
    facility = 13,
    enterprise = 32_473,
    messageBytes = 8192,
  } = options;
  checkWord('hostname', hostname, 255);
  checkWord('appName', appName, 48);
  checkNumber('facility', facility, 23);
  checkNumber('enterprise', enterprise, 4_294_967_295);
  checkNumber('messageBytes', messageBytes, 4 * 1024 * 1024);
  return ({ id, sequence, time, line, record }) => {
    const priority = facility * 8 + SEVERITY[classify(record).severity];
    const data = `[record@${enterprise} id="${parameter(id)}" seq="${sequence}"]`;
    const head = `<${priority}>1 ${timestamp(time)} ${hostname} ${appName} - ${record.type} ${data} `;
    // No byte order mark: the message is "any", and receivers show the mark as a part of it.
    const message = Buffer.from(head + oneLine(line));
    return message.length > messageBytes ? undefined : message;
  };
}

/** Formats promise a line without ends of lines; a message must not be two for a receiver that looks for them. */
function oneLine(line: string): string {
  return /[\r\n\0]/.test(line) ? line.replaceAll(/[\r\n\0]/g, ' ') : line;
}

/** RFC 5424, section 6.3.3: these three are escaped. Controls are no part of an id that we write. */
function parameter(value: string): string {
  return value.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/["\\\]]/g, String.raw`\$&`);
}

/** The nil value stands for a time that is none (RFC 5424, section 6.2.3). */
function timestamp(time: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(time) ? time : '-';
}

function checkWord(name: string, value: string, most: number): void {
  if (value.length > most || !/^[\x21-\x7e]+$/.test(value))
    throw new TypeError(
      `${name} of a syslog receiver has to be 1 to ${most} printable ASCII characters without spaces.`,
    );
}

function checkNumber(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new TypeError(`${name} of a syslog receiver has to be a whole number from 0 to ${most}.`);
}
